"""Public keys that come out the same every time, and never twice."""

import random

from alumni.core import tokens

LENGTH = 10
_SPACE = len(tokens.ALPHABET) ** LENGTH
_STEP = 521_288_629_546_311  # shares no factor with 31, so every key comes once before any comes again
_TWO = [first + second for first in tokens.ALPHABET for second in tokens.ALPHABET]


def written(number: int) -> str:
    """A number as a key."""
    first, number = divmod(number, 31**4)
    second, third = divmod(number, 31**2)
    return _TWO[first // 31**2 % 31**2] + _TWO[first % 31**2] + _TWO[first // 31**4] + _TWO[second] + _TWO[third]


def key_of(*names: str) -> str:
    """The key of what these names describe."""
    return written(int.from_bytes(tokens.digest("\0".join(names))) % _SPACE)


class Keys:
    """One key after another, in an order that looks like none."""

    def __init__(self, rng: random.Random) -> None:
        self._number = rng.randrange(_SPACE)

    def next(self) -> str:
        self._number = (self._number + _STEP) % _SPACE
        return written(self._number)
