"""Who is looking. Read once a request, passed first to every query, policy and action."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in account, or the guest with id 0.

    The attributes have the names of the columns of `Account`, so a visibility clause can be built from
    a viewer (what may Bob see?) and from the class (who may see this?) alike.
    """

    id: int = 0
    handle: str = ""
    language: str = ""
    zone: str = "UTC"
    is_verified: bool = False
    is_moderator: bool = False
    is_admin: bool = False
    is_suspended: bool = False
    sign_in_id: int = 0

    @property
    def is_authenticated(self) -> bool:
        return self.id != 0

    # What Flask-Login asks of a user.
    is_active = is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return self.id == 0

    def get_id(self) -> str:
        return str(self.id)


GUEST = Viewer()
