"""Who may have tokens, and for what."""

from alumni.core.viewer import Viewer
from alumni.tokens.models import Scope


def can_make(viewer: Viewer) -> bool:
    return viewer.is_authenticated and not viewer.is_suspended


def scopes_of(viewer: Viewer) -> tuple[Scope, ...]:
    """What a token of the viewer may be for. It never opens more than the account does itself."""
    scopes = [Scope.READ, Scope.WRITE]
    if viewer.holds_office or viewer.is_admin:
        scopes.append(Scope.ROSTER)
    if viewer.is_moderator:
        scopes.append(Scope.MODERATE)
    return tuple(scopes)
