"""Who stands at the desk."""

from alumni.core.viewer import Viewer
from alumni.members import policy as members_policy


def can_see_desk(viewer: Viewer) -> bool:
    """Whoever decides on claims sees those that wait."""
    return members_policy.can_decide_claims(viewer)
