"""What both doors do to write to somebody first."""

from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.viewer import Viewer
from alumni.messages import actions, policy, queries
from alumni.messages.models import Conversation, ConversationState


def whom(viewer: Viewer, handle: str) -> tuple[int, Conversation | None]:
    """Somebody whom the viewer may write to first, and the conversation they have already.

    Who is not there for the viewer is not found.
    """
    account_id = queries.find_member_id(handle, viewer)
    if account_id is None or account_id == viewer.id:
        raise NotFound
    conversation = queries.find_conversation_with(viewer, account_id)
    if conversation is None or conversation.state == ConversationState.LEFT:
        require(policy.can_write_first(viewer, account_id), "whom-they-let")
        return account_id, None
    return account_id, conversation


def write_first(viewer: Viewer, account_id: int, note: str, key: str) -> Conversation:
    """A try counts whatever becomes of it."""
    require(policy.can_write_first(viewer, account_id), "whom-they-let")
    actions.count_request(viewer)
    db.session.commit()
    conversation = actions.write_first(actor=viewer, account_id=account_id, note=note, key=key)
    db.session.commit()
    return conversation
