"""Whether two names are one person's: a key for names that are the same, a score for names that are alike."""

from collections.abc import Iterable


def name_key(text: str) -> str:
    """The words of a name, folded and sorted: SURNAME Given, Given Surname and ＳＵＲＮＡＭＥ Given have one key."""
    raise NotImplementedError


def name_score(printed: str, claimed: Iterable[str]) -> float:
    """How alike a printed name and the best of the names that somebody uses are, from 0 to 1."""
    raise NotImplementedError
