"""What people enter to give a role, to end it and to hand it over."""

from datetime import date

from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.groups.actions import LONGEST_TERM, Term
from alumni.groups.models import Role
from alumni.web.forms import BaseForm, BlockField, ChoiceField, DayField, LineField

ROLES = {
    Role.ORGANISER: _l("Organiser"),
    Role.OFFICER: _l("Officer with a title"),
    Role.RECORDS: _l("Keeper of records"),
    Role.MODERATOR: _l("Moderator"),
    Role.OBSERVER: _l("Observer"),
}
EARLIEST = date(1950, 1, 1)


def _today() -> str:
    return clock.now().date().isoformat()


def _latest() -> date:
    return clock.now().date() + 2 * LONGEST_TERM


class _MemberField(LineField):
    @property
    def member(self) -> str:
        """The handle: the last part of the address of a profile."""
        return (self.data or "").rstrip("/").rpartition("/")[2]


def _who(label: str) -> _MemberField:
    return _MemberField(
        label,
        longest=200,
        needed=_l("Enter the address of the person's profile."),
        hint=_l("The address of their profile. They are in the group already."),
    )


class HandOverForm(BaseForm):
    handle = _who(_l("Who follows?"))
    ends_on = DayField(
        _l("Last day"),
        first=EARLIEST,
        last=_latest,
        needed=_l("Enter the last day of the term."),
        hint=_l("Ten years from now at most."),
    )

    def last_day(self) -> date:
        return date.fromisoformat(self.ends_on.data)


class RoleForm(HandOverForm):
    handle = _who(_l("Who?"))
    role = ChoiceField(
        _l("Role"),
        choices=[(role.value, words) for role, words in ROLES.items()],
        default=Role.OFFICER.value,
        hint=_l("Organisers run the group. Keepers of records write minutes; moderators hide what breaks the rules."),
    )
    title = LineField(_l("Title"), longest=120, hint=_l("As your group calls it: Treasurer, Secretary."))
    starts_on = DayField(_l("First day"), first=EARLIEST, last=_latest, default=_today)

    def term(self) -> Term:
        """What was entered, once it is valid."""
        first = date.fromisoformat(self.starts_on.data or _today())
        return Term(Role(self.role.data), first, self.last_day(), self.title.data)


class EndRoleForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=2000,
        needed=_l("Say why in a few words."),
        hint=_l("The person concerned reads this, and it stays in the log."),
    )
