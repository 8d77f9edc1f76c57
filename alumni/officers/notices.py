"""What officers are told by mail."""

from collections.abc import Sequence
from typing import Any

from alumni.core import mail
from alumni.officers.models import Mandate


def tell_officer_of_mandate(mandate: Mandate, programmes: Sequence[str]) -> None:
    mail.post("officers/granted", to=mandate.account_id, starts_on=mandate.starts_on, **_scope(mandate, programmes))


def tell_officer_of_end(mandate: Mandate, programmes: Sequence[str], reason: str) -> None:
    mail.post("officers/ended", to=mandate.account_id, reason=reason, **_scope(mandate, programmes))


def tell_officer_that_term_runs_out(mandate: Mandate, programmes: Sequence[str]) -> None:
    mail.post("officers/running_out", to=mandate.account_id, **_scope(mandate, programmes))


def _scope(mandate: Mandate, programmes: Sequence[str]) -> dict[str, Any]:
    return {"programmes": ", ".join(programmes), "country": mandate.country, "ends_on": mandate.ends_on}
