"""Up to when somebody has seen the posts of a group."""

from alumni.core import clock
from alumni.core.db import upsert
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.posts import policy
from alumni.posts.models import Visit


def see_all(*, actor: Viewer, group_id: int) -> None:
    """The actor has seen all that is there."""
    require(policy.can_write(actor, group_id), "insider")
    note_visit(actor, group_id)


def note_visit(actor: Viewer, group_id: int) -> None:
    upsert(
        Visit,
        [{"account_id": actor.id, "group_id": group_id, "seen_at": clock.now()}],
        key=("account_id", "group_id"),
    )
