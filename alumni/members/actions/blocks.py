"""Two members who do not want to meet."""

import sqlalchemy as sa

from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.members import policy
from alumni.members.actions.profile import own_profile
from alumni.members.models import Block


def block_member(actor: Viewer, account_id: int) -> None:
    """From now on the two do not meet anywhere, and nobody is told. Blocking twice does no harm."""
    require(policy.can_block(actor, account_id), "nobody")
    own_profile(actor)
    insert_or_ignore(Block, {"blocker_id": actor.id, "blocked_id": account_id})


def unblock_member(actor: Viewer, account_id: int) -> None:
    """Takes back one's own block; that of the other person stays."""
    db.session.execute(sa.delete(Block).where(Block.blocker_id == actor.id, Block.blocked_id == account_id))
