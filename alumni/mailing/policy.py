"""Which letters are necessary and which are chosen, how often they may come, and in which hours they wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alumni.accounts.policy import can_administer
from alumni.core.db import there_is
from alumni.core.viewer import Viewer
from alumni.core.walltime import zone_of
from alumni.groups.models import Rhythm
from alumni.mailing.models import Bounce, Kind

_NOW_OR_NEVER = (Rhythm.AT_ONCE, Rhythm.NONE)

# How often letters of a kind may come; the first without a choice. News have the rhythm of their group.
RHYTHMS: dict[Kind, tuple[Rhythm, ...]] = {
    Kind.DIGEST: (Rhythm.WEEKLY, Rhythm.DAILY, Rhythm.NONE),
    Kind.ANNOUNCEMENTS: _NOW_OR_NEVER,
    Kind.ANSWERS: (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.NONE),
    Kind.MESSAGES: _NOW_OR_NEVER,
    Kind.REMINDERS: _NOW_OR_NEVER,
    Kind.QUESTIONS: _NOW_OR_NEVER,
    Kind.ELECTIONS: _NOW_OR_NEVER,
    Kind.PROFILE: _NOW_OR_NEVER,
}
QUIET_FROM, QUIET_UNTIL = 22, 7


@dataclass(frozen=True, slots=True)
class Letter:
    """A template of `templates/emails`: its kind, and whether its reader must still see the event it is about."""

    kind: Kind = Kind.NECESSARY
    of_event: bool = False

    @property
    def is_chosen(self) -> bool:
        return self.kind not in (Kind.NECESSARY, Kind.INVITATION)


# Not kept to be read here: what opens an account, what goes to others, what groups and pages show anyway.
NOT_KEPT = (
    *("accounts/", "digests/", "invites/", "mailing/", "mydata/", "rosters/", "visitors/"),
    *("posts/new", "events/new", "circulars/test"),
)
OF_LEAVING = ("accounts/", "mydata/")  # what still comes while an account is being closed

_OF_EVENT = Letter(of_event=True)
LETTERS: dict[str, Letter] = {
    **dict.fromkeys(
        (
            *(
                "accounts/already_here",
                "accounts/confirm",
                "accounts/password_changed",
                "accounts/second_factor",
                "accounts/address_asked",
                "accounts/new_address",
                "accounts/new_device",
                "accounts/old_address",
                "accounts/reset",
            ),
            *("attendance/declined", "attendance/lapsed"),
            *("claims/claim_asked", "claims/claim_declined", "claims/claim_disputed", "claims/claim_reopened"),
            *("claims/claim_revoked", "claims/claim_verified"),
            *("elections/named", "elections/officer", "elections/struck"),
            *("events/declined", "events/hosting_answered", "events/hosting_asked", "events/proposed"),
            "events/published",
            *("fairs/asked", "fairs/contact", "fairs/decided", "fairs/ended", "fairs/withdrawn"),
            *("founding/approved", "founding/asked", "founding/declined", "founding/handed_in", "founding/invited"),
            *("groups/admitted", "groups/appointed", "groups/declined", "groups/removed"),
            *("circulars/test", "mailing/address"),
            *(
                "moderation/answered",
                "moderation/climbed",
                "moderation/decided",
                "moderation/held",
                "moderation/hidden",
            ),
            *("moderation/lifted", "moderation/removed", "moderation/restored", "moderation/suspended"),
            "moderation/warned",
            *("mydata/closing", "mydata/export_ready", "mydata/kept"),
            *("officers/ended", "officers/granted", "officers/running_out"),
            *("posts/hidden", "posts/refused"),
            *("roles/ended", "roles/given", "roles/running-out"),
            *("settings/approved", "settings/declined"),
            *("visitors/confirm", "visitors/removed", "visitors/tomorrow"),
        ),
        Letter(),
    ),
    **dict.fromkeys(
        (
            *("attendance/approved", "attendance/invited"),
            *("events/back_in_line", "events/cancelled", "events/changed", "events/offered", "events/seat"),
            *("events/series_cancelled", "events/series_changed"),
        ),
        _OF_EVENT,
    ),
    "invites/invitation": Letter(Kind.INVITATION),
    "rosters/invitation": Letter(Kind.INVITATION),
    "posts/new": Letter(Kind.NEWS),
    "events/new": Letter(Kind.NEWS, of_event=True),
    "posts/announced": Letter(Kind.ANNOUNCEMENTS),
    "circulars/letter": Letter(Kind.ANNOUNCEMENTS),
    "posts/answered": Letter(Kind.ANSWERS),
    "messages/asked": Letter(Kind.MESSAGES),
    "messages/written": Letter(Kind.MESSAGES),
    "reminders/soon": Letter(Kind.REMINDERS, of_event=True),
    "reports/how_was_it": Letter(Kind.QUESTIONS, of_event=True),
    "plans/check_in": Letter(Kind.QUESTIONS),
    "claims/vouch_asked": Letter(Kind.QUESTIONS),
    "elections/open": Letter(Kind.ELECTIONS),
    "elections/counted": Letter(Kind.ELECTIONS),
    "digests/digest": Letter(Kind.DIGEST),
    "mailing/still_right": Letter(Kind.PROFILE),
}


def is_kept(template: str) -> bool:
    """Whether a letter can be read here as well as in the mail."""
    return not template.startswith(NOT_KEPT)


def quiet_until(now: datetime, zone: str, starts: int, ends: int) -> datetime | None:
    """When the quiet hours end in which it is now in this zone; None outside of them."""
    place = zone_of(zone)
    here = now.astimezone(place)
    is_quiet = starts <= here.hour < ends if starts <= ends else here.hour >= starts or here.hour < ends
    if not is_quiet:
        return None
    day = here.date() + timedelta(days=1 if here.hour >= ends else 0)
    return datetime(day.year, day.month, day.day, ends, tzinfo=place).astimezone(now.tzinfo)


def is_unreachable(account_id: Any) -> sa.ColumnElement[bool]:
    """Clause: letters to the address of an account come back. Give an id or a column."""
    return there_is(Bounce, Bounce.account_id == account_id, Bounce.bounced_at.is_not(None))


def can_choose(viewer: Viewer) -> bool:
    """Whoever has an account chooses for themselves."""
    return viewer.is_authenticated


def can_see_queue(viewer: Viewer) -> bool:
    """Administrators see how jobs go, never what letters say."""
    return can_administer(viewer)
