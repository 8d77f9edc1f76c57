"""Inviting members to found along; each confirms by themselves, and may leave at any time before it is approved."""

from collections.abc import Sequence

from alumni.core import audit, clock
from alumni.core.db import insert_or_ignore
from alumni.core.errors import Invalid, NotFound, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.founding import notices, policy, queries
from alumni.founding.actions.holding import hold
from alumni.founding.models import Founder, FounderState, Founding, FoundingState


def invite_founders(*, actor: Viewer, founding: Founding, handles: Sequence[str]) -> int:
    """Asks members whether they found along, and says how many are asked anew. All or nobody.

    Raises Invalid("handles") with those that are no members whom the actor may see.
    """
    require(policy.can_write(actor, founding), "founder")
    hold(founding, FoundingState.DRAFT)
    found = {handle: queries.find_member(actor, handle) for handle in dict.fromkeys(handles)}
    if wrong := [handle for handle, account_id in found.items() if account_id is None]:
        raise Invalid("handles", "no-members", handles=", ".join(wrong[:5]))
    asked = 0
    for account_id in found.values():
        facts = {"key": new_key(), "founding_id": founding.id, "account_id": account_id}
        if account_id is not None and insert_or_ignore(Founder, facts):
            notices.tell_invited(founding, account_id)
            asked += 1
    audit.record(actor, "founding.invite", f"founding:{founding.key}", asked=asked)
    return asked


def confirm_founder(*, actor: Viewer, founding: Founding, name: str, address: str) -> None:
    """The actor founds along, under this name on the papers. Doing it again changes what stands there."""
    founder = _mine(actor, founding)
    require(policy.can_confirm(actor, founder), "member")
    hold(founding, FoundingState.DRAFT)
    is_new = founder.state != FounderState.CONFIRMED
    founder.state, founder.name, founder.address = FounderState.CONFIRMED, name, address
    founder.confirmed_at = founder.confirmed_at or clock.now()
    if is_new:
        audit.record(actor, "founding.confirm", f"founding:{founding.key}")


def leave_founding(*, actor: Viewer, founding: Founding) -> None:
    """The actor does not found along, or not any more: their name and address go. Not after it is decided."""
    founder = _mine(actor, founding)
    require(policy.can_confirm(actor, founder), "member")
    hold(founding, FoundingState.DRAFT, FoundingState.HANDED_IN)
    founder.state, founder.name, founder.address, founder.office = FounderState.LEFT, "", "", ""
    founder.confirmed_at = None
    if founding.organiser_id == actor.id:
        founding.organiser_id = None
    audit.record(actor, "founding.leave", f"founding:{founding.key}")


def _mine(actor: Viewer, founding: Founding) -> Founder:
    founder = queries.find_founder(actor.id, founding.id)
    if founder is None or founder.state == FounderState.LEFT:
        raise NotFound
    return founder
