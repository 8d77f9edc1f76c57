"""What somebody agrees to, with what follows from it at once."""

from alumni.consents.actions import note_consent
from alumni.consents.models import DIRECTORY, Ask
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.members import actions as members_actions
from alumni.mydata import policy


def choose(actor: Viewer, ask: Ask, *, is_given: bool, language: str) -> None:
    """Gives or withdraws one consent. That of the directory is leaving it, or coming back."""
    require(policy.can_take_along(actor), "owner")
    note_consent(actor, ask, is_given=is_given, language=language)
    if ask == DIRECTORY:
        choose_listed = members_actions.return_to_directory if is_given else members_actions.leave_directory
        choose_listed(actor)
