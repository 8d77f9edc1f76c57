"""Who may do what with an account, and which passwords keep it."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alumni.accounts.models import Account, AccountState
from alumni.core.viewer import Viewer

SHORTEST, LONGEST = 15, 128  # NIST SP 800-63B-4: 15 where a password stands alone
SHORTEST_WITH_CODE = 8  # and 8 beside a second factor
LEAST_OF_ONES_OWN = 6  # letters besides the words that everybody thinks of here first
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
CONTEXT = (
    *("alumni", "network", "password", "jenesys", "mext", "jice", "japan", "nippon", "nihon", "kakehashi"),
    *("mirai", "juntos", "sakura", "exchange", "programme", "program", "youth"),
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
    """Of the passwords that are tried first: a known one, a pattern, or words that suggest themselves here."""
    core = "".join(letter for letter in plain_form(password).casefold() if letter.isalnum())
    if core in _common() or len(set(core)) < 4 or _is_one_repeated(core) or _is_run(core):
        return True
    return len(_without(core, [*CONTEXT, *_words_of(email)])) < LEAST_OF_ONES_OWN


@cache
def _common() -> frozenset[str]:
    listed = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset("".join(letter for letter in line.casefold() if letter.isalnum()) for line in listed)


def _is_one_repeated(core: str) -> bool:
    return re.fullmatch(r"(.{1,64}?)\1+", core) is not None


def _is_run(core: str) -> bool:
    """Made of neighbours on the keyboard, in the alphabet or among the digits, in pieces of four or more."""
    rows = [row for run in RUNS for row in (run, run[::-1])]
    at = kept = 0
    while at < len(core):
        most = max(_common_run(core[at:], row) for row in rows)
        kept += most if most >= 4 else 0
        at += most if most >= 4 else 1
    return len(core) - kept < LEAST_OF_ONES_OWN - 2


def _common_run(core: str, row: str) -> int:
    start = row.find(core[0])
    length = 0
    while start >= 0 and length < len(core) and row[start + length : start + length + 1] == core[length]:
        length += 1
    return length


def _words_of(email: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", email.casefold()) if len(word) >= 4]


def _without(core: str, words: list[str]) -> str:
    """What is left without these words, common passwords that they hide, and digits."""
    for word in sorted(words, key=len, reverse=True):
        core = core.replace(word, "")
    return "".join(letter for letter in core if not letter.isdecimal()) or core[:0]
