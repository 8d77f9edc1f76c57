"""Who may do what with an account, and which passwords keep it."""

import re
import unicodedata
from collections.abc import Iterable
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
    """Little is left of it without words that every list of leaked passwords has, words of this network, the own
    address, and runs of the keyboard (NIST SP 800-63B-4, 3.1.1.2).
    """
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
def _known_words() -> frozenset[str]:
    text = (Path(__file__).parent / "guessable.txt").read_text(encoding="utf-8")
    return frozenset(word for word in map(fold, text.split()) if len(word) > 3 or not word.isascii())
