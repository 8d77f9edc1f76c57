"""How claims of a programme are decided."""

from dataclasses import asdict, dataclass

from alumni.claims import policy
from alumni.claims.models import ClaimRules
from alumni.core import audit, clock
from alumni.core.db import upsert
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.programmes.models import Programme


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """What an officer sets for a programme and all below it that has no rules of its own."""

    vouchers_needed: int
    vouches_a_month: int
    vouchers_suffice: bool
    organisers_decide: bool


def set_rules(actor: Viewer, programme: Programme, draft: RulesDraft) -> None:
    """They hold from now on; what is verified stays verified."""
    require(policy.can_set_rules(actor, programme.id), "officer")
    rules = asdict(draft)
    kept = rules | {"programme_id": programme.id, "changed_by_id": actor.id, "changed_at": clock.now()}
    upsert(ClaimRules, [kept], key=("programme_id",))
    audit.record(actor, "claims.rules", f"programme:{programme.slug}", **rules)
