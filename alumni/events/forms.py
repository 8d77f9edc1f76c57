"""What people enter to post, change, call off and answer an event, and to look for one."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from alumni.core import walltime
from alumni.core.errors import Invalid
from alumni.core.places import COUNTRIES
from alumni.events.actions import EventDraft
from alumni.events.models import Event, EventAudience, EventKind, Mode
from alumni.events.queries import Filters
from alumni.web.forms import (
    AddressForm,
    BaseForm,
    BlockField,
    ChoiceField,
    LineField,
    OnceForm,
    RadioField,
    WholeNumberField,
)
from alumni.web.moments import MomentField, WhichField, ZoneField
from alumni.web.templating import country_choices

MOST_SEATS = 1_000_000
WHEN = ("upcoming", "past")
KINDS = {
    EventKind.REUNION: _l("Reunion"),
    EventKind.MEETING: _l("Meeting"),
    EventKind.REPORTING: _l("Reporting session"),
    EventKind.SEMINAR: _l("Seminar"),
    EventKind.CONFERENCE: _l("Conference"),
    EventKind.FAIR: _l("Fair"),
    EventKind.CULTURE: _l("Culture"),
    EventKind.SPORTS: _l("Sports"),
    EventKind.TRAINING: _l("Training"),
    EventKind.VISIT: _l("Visit"),
    EventKind.COURTESY: _l("Courtesy call"),
}
MODES = {Mode.IN_PERSON: _l("In person"), Mode.ONLINE: _l("Online"), Mode.HYBRID: _l("In person and online")}
AUDIENCES = {
    EventAudience.GROUP: _l("The group only"),
    EventAudience.MEMBERS: _l("All members of the network"),
    EventAudience.PUBLIC: _l("Everybody, also without signing in"),
}

OPEN_TO = {
    EventAudience.GROUP: _l("For the group"),
    EventAudience.MEMBERS: _l("For all members"),
    EventAudience.PUBLIC: _l("Open to everybody"),
}


def _choices_of(words: dict[Any, Any]) -> Any:
    return [(value.value, text) for value, text in words.items()]


class EventForm(BaseForm):
    title = LineField(_l("Title"), longest=200, needed=_l("Enter a title."))
    kind = ChoiceField(_l("Kind"), choices=_choices_of(KINDS), default=EventKind.REUNION.value)
    starts_at = MomentField(
        _l("Start"),
        needed=_l("Enter the day and the time at which it starts."),
        hint=_l("In the local time of the place."),
    )
    fold = WhichField(_l("Clocks go back that day. Which one do you mean for the start?"))
    ends_at = MomentField(_l("End"), needed=_l("Enter the day and the time at which it ends."))
    end_fold = WhichField(_l("Clocks go back that day. Which one do you mean for the end?"))
    zone = ZoneField(_l("Time zone"), needed=_l("There is no such time zone. Choose one from the list."))
    mode = RadioField(_l("How people meet"), choices=_choices_of(MODES), default=Mode.IN_PERSON.value)
    place = LineField(_l("Place"), longest=300, hint=_l("Name and address. Not needed if it is online."))
    country = ChoiceField(
        _l("Country"),
        choices=lambda: [SelectChoice("", _l("None")), *(SelectChoice(*pair) for pair in country_choices())],
        default="",
    )
    online_url = LineField(
        _l("Link to take part online"),
        longest=500,
        hint=_l("Shown only to those who are going. You can add it later."),
        widget=wtforms.widgets.URLInput(),
    )
    capacity = WholeNumberField(
        _l("Seats"), least=1, most=MOST_SEATS, hint=_l("Leave it empty if there is room for everybody.")
    )
    online_capacity = WholeNumberField(
        _l("Seats online"),
        least=1,
        most=MOST_SEATS,
        hint=_l("Only if people meet in person and online. Leave it empty if everybody can take part online."),
    )
    audience = RadioField(
        _l("Who sees it and can come"), choices=_choices_of(AUDIENCES), default=EventAudience.GROUP.value
    )
    description = BlockField(
        _l("What people should know"),
        longest=10_000,
        hint=_l("A blank line begins a paragraph. **Two stars** make words strong."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.repeated: set[str] = set()
        super().__init__(*args, **kwargs)

    def validate_place(self, field: Any) -> None:
        if not field.data and self.mode.data != Mode.ONLINE:
            raise StopValidation(gettext("Enter where it takes place, or choose that it is online."))

    def validate_online_url(self, field: Any) -> None:
        if field.data and not _is_web_address(field.data):
            raise StopValidation(gettext("Enter a whole address that begins with https://"))

    def blame(self, error: Invalid) -> None:
        """Where clocks go back, the page asks which of the two times is meant."""
        super().blame(error)
        if error.problem == "time-repeated":
            self.repeated.add(error.field)

    @property
    def asks_fold(self) -> bool:
        return "starts_at" in self.repeated or bool(self.fold.data or self.fold.errors)

    @property
    def asks_end_fold(self) -> bool:
        return "ends_at" in self.repeated or bool(self.end_fold.data or self.end_fold.errors)

    def draft(self) -> EventDraft:
        """What was entered, once it is valid."""
        start, end = self.starts_at.data, self.ends_at.data
        if start is None or end is None:
            raise ValueError("the form is not valid")
        return EventDraft(
            title=self.title.data,
            kind=EventKind(self.kind.data),
            mode=Mode(self.mode.data),
            place=self.place.data,
            country=self.country.data,
            online_url=self.online_url.data,
            start=start,
            end=end,
            zone=self.zone.data,
            capacity=self.capacity.data,
            online_capacity=self.online_capacity.data,
            audience=EventAudience(self.audience.data),
            description=self.description.data,
            start_is_second=self.fold.is_second,
            end_is_second=self.end_fold.is_second,
        )


class NewEventForm(OnceForm, EventForm):
    group = LineField(_l("Group"), longest=80, needed=_l("Choose the group that holds it."))


def values_of(event: Event) -> dict[str, Any]:
    """An event as its form shows it."""
    return {
        "title": event.title,
        "kind": event.kind,
        "starts_at": event.wall_start,
        "fold": _which(event.wall_start, event.starts_at, event.zone),
        "ends_at": event.wall_end,
        "end_fold": _which(event.wall_end, event.ends_at, event.zone),
        "zone": event.zone,
        "mode": event.mode or Mode.IN_PERSON,
        "place": event.place,
        "country": event.country,
        "online_url": event.online_url,
        "capacity": event.capacity,
        "online_capacity": event.online_capacity,
        "audience": event.audience,
        "description": event.description,
    }


def _which(wall: datetime, at: datetime, zone: str) -> str | None:
    if len(walltime.instants(wall, zone)) < 2:
        return None
    return "second" if walltime.is_second(wall, zone, at) else "first"


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


class CancelForm(BaseForm):
    reason = BlockField(
        _l("Why"),
        longest=1000,
        needed=_l("Say why in a few words. Everybody who wanted to come reads it."),
        hint=_l("It appears on the page of the event and in the letter to those who are going."),
    )


class FilterForm(AddressForm):
    """Plain fields with their own checks: a list of every country would cost more than the list of events."""

    when = LineField(_l("When"), longest=10)
    q = LineField(_l("Words"), longest=100)
    country = LineField(_l("Country"), longest=2)
    mode = LineField(_l("How people meet"), longest=10)
    group = LineField(_l("Group"), longest=80)

    def validate_when(self, field: Any) -> None:
        if field.data and field.data not in WHEN:
            raise StopValidation(gettext("Choose upcoming or past."))

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("Choose a country from the list."))

    def validate_mode(self, field: Any) -> None:
        if field.data and field.data not in set(Mode):
            raise StopValidation(gettext("Choose one from the list."))

    def filters(self) -> Filters:
        return Filters(self.when.data or "upcoming", self.q.data, self.country.data, self.mode.data, self.group.data)
