"""What people enter to post, change, call off and answer an event, and to look for one."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from alumni.core import clock, walltime
from alumni.core.places import COUNTRIES
from alumni.events.actions import MOST_DATES, EventDraft, Repeats, rule_by_weekday
from alumni.events.models import Event, EventAudience, EventKind, Mode
from alumni.events.queries import Filters
from alumni.web.forms import (
    AddressForm,
    BaseForm,
    BlockField,
    ChoiceField,
    DayField,
    LineField,
    LinesField,
    OnceForm,
    RadioField,
    WholeNumberField,
)
from alumni.web.moments import FIRST_YEAR, LAST_YEAR, MomentField, SpanForm, WhichField, ZoneField
from alumni.web.templating import country_choices

WEEK = timedelta(days=7)
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

# What the organisers of such an event have to say anyhow; blanks are dots.
OUTLINES = {
    EventKind.REPORTING: _l(
        "**What we report:** our visit to … and what we do with it here.\n\n"
        "**Who speaks:** …\n\n**Who is invited:** companies, schools, offices, the embassy.\n\n"
        "**Slides:** send them to … by …"
    ),
    EventKind.SEMINAR: _l(
        "**Subject:** …\n\n**Who speaks:** …\n\n**Language:** …, with interpreting into …\n\n"
        "**Bring along:** …\n\n**Certificate:** for whoever is noted at the door."
    ),
    EventKind.REUNION: _l("**What we do:** …\n\n**What it costs:** …\n\n**How to get there:** …\n\n**Bring along:** …"),
    EventKind.FAIR: _l(
        "**Companies:** their list and their times stand on the page of companies.\n\n"
        "**For whom:** …\n\n**What to bring:** a curriculum vitae in …, cards."
    ),
    EventKind.MEETING: _l(
        "**Agenda**\n\n1. Minutes of the last meeting\n2. …\n3. …\n4. The next meeting: day and host"
    ),
}

OPEN_TO = {
    EventAudience.GROUP: _l("For the group"),
    EventAudience.MEMBERS: _l("For all members"),
    EventAudience.PUBLIC: _l("Open to everybody"),
}


def _choices_of(words: dict[Any, Any]) -> Any:
    return [(value.value, text) for value, text in words.items()]


class EventForm(SpanForm):
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

    def validate_place(self, field: Any) -> None:
        if not field.data and self.mode.data != Mode.ONLINE:
            raise StopValidation(gettext("Enter where it takes place, or choose that it is online."))

    def validate_online_url(self, field: Any) -> None:
        if field.data and not _is_web_address(field.data):
            raise StopValidation(gettext("Enter a whole address that begins with https://"))

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


class HoursForm(BaseForm):
    """A moment that somebody has in mind for an event."""

    starts_at = MomentField(_l("Start"), needed=_l("Enter the day and the time at which it starts."))
    zone = ZoneField(_l("Time zone"), needed=_l("There is no such time zone. Choose one from the list."))


class Rhythm(StrEnum):
    """How an event repeats, as people say it."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    MONTHLY_LAST = "monthly_last"
    DAYS = "days"


RHYTHMS = {
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.FORTNIGHTLY: _l("Every two weeks"),
    Rhythm.MONTHLY: _l("Every month on the same weekday, like the second Tuesday"),
    Rhythm.MONTHLY_LAST: _l("Every month on the last such weekday, like the last Friday"),
    Rhythm.DAYS: _l("On days that I choose"),
}


class NewEventForm(OnceForm, EventForm):
    group = LineField(_l("Group"), longest=80, needed=_l("Choose the group that holds it."))
    repeats = ChoiceField(
        _l("How it repeats"), choices=[("", _l("It does not repeat")), *_choices_of(RHYTHMS)], default=""
    )
    until = DayField(
        _l("Until"),
        first=date(FIRST_YEAR, 1, 1),
        last=lambda: date(LAST_YEAR, 1, 1),
        hint=_l("The last day on which it can take place."),
    )
    days = LinesField(
        _l("The other days, one a line"),
        most_lines=MOST_DATES,
        longest_line=20,
        hint=_l("Like 2027-05-31. Only if you choose the days."),
        render_kw={"rows": 4},
    )
    rrule = LineField(_l("Rule"), longest=200, hint=_l("For programs: an RRULE of RFC 5545 with an end."))

    def validate_days(self, field: Any) -> None:
        if self.repeats.data == Rhythm.DAYS and not self._days():
            raise StopValidation(gettext("Enter the other days."))

    def _days(self) -> tuple[date, ...]:
        try:
            return tuple(date.fromisoformat(line) for line in self.days.lines)
        except ValueError:
            raise StopValidation(gettext("Enter each day like 2027-05-31, one a line.")) from None

    def series(self) -> Repeats | None:
        """How it repeats, once it is valid. None: it does not."""
        until = date.fromisoformat(self.until.data) if self.until.data else None
        if self.rrule.data:
            return Repeats(rule=self.rrule.data.removeprefix("RRULE:"), until=until)
        first = self.starts_at.data.date() if self.starts_at.data else clock.now().date()
        match self.repeats.data:
            case Rhythm.WEEKLY:
                return Repeats("FREQ=WEEKLY", until)
            case Rhythm.FORTNIGHTLY:
                return Repeats("FREQ=WEEKLY;INTERVAL=2", until)
            case Rhythm.MONTHLY | Rhythm.MONTHLY_LAST:
                return Repeats(rule_by_weekday(first, is_last=self.repeats.data == Rhythm.MONTHLY_LAST), until)
            case Rhythm.DAYS:
                return Repeats(days=self._days())
        return None


class HostForm(BaseForm):
    group = LineField(
        _l("Which group?"),
        longest=200,
        needed=_l("Enter the address of a group."),
        hint=_l("The address of its page, or the last part of it."),
    )


class HostingForm(BaseForm):
    agrees = wtforms.BooleanField(_l("We hold it too"), false_values=("", "0", "false", "False"))


class _OfSeries(BaseForm):
    """Asked where an event has other dates."""

    following = wtforms.BooleanField(_l("This date and all that follow"), false_values=("", "0", "false", "False"))


class EditEventForm(_OfSeries, EventForm):
    back = wtforms.SelectMultipleField(_l("Who goes back to the front of the line"), validate_choice=False)
    revision = WholeNumberField(_l("Revision"), least=0, most=10**9)

    def differences(self, event: Event) -> list[tuple[str, str]]:
        """What stands in the event otherwise than in this form: the name of each field, and what stands there."""
        theirs = type(self)(data=values_of(event))
        return [
            (str(field.label.text), _in_words(field))
            for field in theirs
            if field.name in values_of(event) and field.data != self[field.name].data
        ]


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


def values_like(event: Event) -> dict[str, Any]:
    """The form of another event like this one: as long, and some weeks later, the first that lies ahead."""
    ahead = clock.now() - event.starts_at
    later = max(1, ahead // WEEK + 1) * WEEK
    return values_of(event) | {
        "starts_at": event.wall_start + later,
        "ends_at": event.wall_end + later,
        "fold": None,
        "end_fold": None,
    }


def _in_words(field: Any) -> str:
    """What a field of a form shows, as a person reads it."""
    if isinstance(field, wtforms.SelectField):
        return next((str(label) for value, label, *_ in field.iter_choices() if str(value) == str(field.data)), "")
    return str(field._value() if hasattr(field, "_value") else field.data or "").replace(
        "T", " ", isinstance(field, MomentField)
    )


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


class CancelForm(_OfSeries):
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
    kind = LineField(_l("Kind"), longest=20)

    def validate_kind(self, field: Any) -> None:
        if field.data and field.data not in set(EventKind):
            raise StopValidation(gettext("Choose one from the list."))

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
        asked = {field.name: field.data or "" for field in self}
        return Filters(**asked | {"when": asked["when"] or "upcoming"})
