"""Who may do what with an account, and which passwords keep it."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core.text import fold
from alumni.core.viewer import Viewer

SHORTEST, LONGEST = 15, 128  # NIST SP 800-63B-4: 15 where a password stands alone
SHORTEST_WITH_CODE = 8  # and 8 beside a second factor
OWN_LEAST, CHARACTERS_LEAST = 6, 4
IDLE, STAFF_IDLE = timedelta(days=7), timedelta(hours=12)  # a session that nobody uses for so long is over
NOTED_EVERY = timedelta(hours=1)
RUNS = (
    *("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp"),
    *("01234567890123", "32109876543210"),
)
Who = Viewer | type[Account]


def holds(flag: Any) -> sa.ColumnElement[bool]:
    """A flag of a viewer (a bool) or of the class `Account` (a column) as a clause."""
    return sa.and_(sa.true(), flag)


def in_good_standing(viewer: Who) -> sa.ColumnElement[bool]:
    """Clause: not suspended."""
    return sa.not_(holds(viewer.is_suspended))


def can_sign_in(account: Account) -> bool:
    """A suspended account may come in: to read its own data and to appeal, nothing else."""
    return account.state in (AccountState.ACTIVE, AccountState.SUSPENDED, AccountState.CLOSING)


def works_for_others(account: Any) -> bool:
    """Sees what is not their own: such an account is worth more than a password."""
    return bool(account.is_moderator or account.is_admin or account.holds_office)


def is_idle(account: Any, seen_at: datetime, now: datetime) -> bool:
    """Whether a session of this account has rested for too long."""
    return seen_at <= now - (STAFF_IDLE if works_for_others(account) else IDLE)


def can_change_address(viewer: Viewer) -> bool:
    """One's own, while one is not suspended: what was decided is written to the address that is known."""
    return viewer.is_authenticated and not viewer.is_suspended


def can_suspend(viewer: Viewer, account: Account) -> bool:
    """Moderators suspend members; only an admin suspends staff; nobody suspends themselves."""
    if viewer.id == account.id:
        return False
    return viewer.is_admin or (viewer.is_moderator and not account.is_moderator)


def can_administer(viewer: Viewer) -> bool:
    """Catalogue, roles, settings."""
    return viewer.is_admin


def plain_form(password: str) -> str:
    """The one form in which a password is kept: the same letters from every keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def is_easily_guessed(password: str, *, email: str = "") -> bool:
    """It was leaked, or little is left of it without words that every list of leaked passwords has, words of this
    network, the own address, and runs of the keyboard (NIST SP 800-63B-4, 3.1.1.2).
    """
    if fold(password) in _leaked():
        return True
    own = {word for word in re.split(r"[\W_]+", fold(email)) if len(word) > 3}
    words = sorted(own | _known_words(), key=len, reverse=True)
    plain = re.sub(r"[\W_]", "", fold(password))
    disguised = re.sub(r"[\W_]", "", fold(password).translate(_LOOKALIKES))
    return any(_is_little(text, words) for text in (plain, disguised))


def _is_little(text: str, words: Iterable[str]) -> bool:
    if len(set(text)) < CHARACTERS_LEAST:
        return True
    for known in (*words, *(run[at : at + 4] for run in RUNS for at in range(len(run) - 3))):
        text = text.replace(known, "")
    return len(text) < OWN_LEAST


_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


@cache
def _leaked() -> frozenset[str]:
    """What the commonest leaked passwords of 8 characters and more have beside those words: from zxcvbn 4.5 (MIT)."""
    text = (Path(__file__).parent / "leaked.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines())


@cache
def _known_words() -> frozenset[str]:
    text = (Path(__file__).parent / "guessable.txt").read_text(encoding="utf-8")
    return frozenset(word for word in map(fold, text.split()) if len(word) > 3 or not word.isascii())
