"""Who is looking. Read once a request, passed first to every query, policy and action."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache


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
    holds_office: bool = False  # has, or had, a mandate: `officers.policy` knows how far it reaches today
    sign_in_id: int = 0
    is_closing: bool = False  # the account: its owner keeps it, or goes; suspended in everything else
    is_newcomer: bool = False  # in the first week of the account: limits are narrower
    owes_second_factor: bool = False  # works for others and has only a password
    proved_at: datetime | None = field(default=None, kw_only=True)  # when this session last entered a password or code
    is_to_be_noted: bool = field(default=False, kw_only=True)  # it is an hour ago that this session was noted as seen

    @property
    def kind(self) -> "Viewer":
        """What all viewers of this standing have in common: id 1 (0 for guests), and nothing else of a person."""
        return _kind(
            self.id != 0,
            self.is_verified,
            self.is_moderator,
            self.is_admin,
            self.is_suspended,
            self.holds_office,
        )

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


@lru_cache(maxsize=64)
def _kind(is_known: bool, *standing: bool) -> Viewer:
    return Viewer(int(is_known), "", "", "", *standing)


GUEST = Viewer()
INSTALLATION = Viewer(
    is_moderator=True, is_admin=True
)  # what the product itself decides, by rules that officers have set
