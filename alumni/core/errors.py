"""What can go wrong in the domain. Each error carries a code; `web.errors` has the sentences."""

import re
from typing import ClassVar


class DomainError(Exception):
    """A use case that could not be done. `facts` fill the placeholders of the sentence."""

    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def code(self) -> str:
        """A stable public name: `EventFull` is `event-full`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()


class NotFound(DomainError):
    """It does not exist, or not for this viewer: the two are the same answer."""

    status = 404


class NotPermitted(DomainError):
    """Seen, but not allowed. `who` names the code of who could."""

    status = 403

    def __init__(self, who: str = "organiser") -> None:
        super().__init__(who=who)
        self.who = who


class Invalid(DomainError):
    """A value that no rule of the world accepts. `field` is the form's name for it."""

    status = 422

    def __init__(self, field: str, problem: str, **facts: object) -> None:
        super().__init__(**facts)
        self.field = field
        self.problem = problem


class ChangedMeanwhile(DomainError):
    """Somebody else changed it after it was opened for changing. Nothing was written."""

    status = 412


class TooMany(DomainError):
    """A limit on tries was reached. `retry_after_s` says when to come back."""

    status = 429

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(minutes=max(1, round(retry_after_s / 60)))
        self.retry_after_s = retry_after_s


def require(allowed: bool, who: str = "organiser") -> None:
    """The first line of every action: may this actor do it?"""
    if not allowed:
        raise NotPermitted(who)
