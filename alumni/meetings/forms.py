"""What those who keep the records of a group enter."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.meetings.actions import DelegationDraft, MeetingDraft, ResolutionDraft, SeatDraft
from alumni.meetings.models import MOST_PEOPLE, Presence, ResolutionState
from alumni.programmes.models import Bound
from alumni.web.forms import AddressForm, BaseForm, BlockField, ChoiceField, LineField, OnceForm, WholeNumberField
from alumni.web.moments import PartialDateField
from alumni.web.templating import country_choices

LONGEST_MINUTES = 200_000
LONGEST_TEXT = 20_000
NONE = ("", "–")
BOUNDS = [
    (Bound.EXACT.value, _l("exactly this many")),
    (Bound.ABOUT.value, _l("about this many")),
    (Bound.MORE_THAN.value, _l("more than this")),
    (Bound.UP_TO.value, _l("up to this many")),
    (Bound.EXPECTED.value, _l("this many are expected")),
]
STATES = [
    (ResolutionState.OPEN.value, _l("Still open")),
    (ResolutionState.DONE.value, _l("Carried out")),
    (ResolutionState.DROPPED.value, _l("Given up")),
]
PRESENCES = [
    (Presence.PRESENT.value, _l("They came")),
    (Presence.ABSENT.value, _l("Nobody came")),
]


def _countries() -> list[tuple[str, str]]:
    return [NONE, *country_choices()]


def _country(label: Any, **kwargs: Any) -> ChoiceField:
    return ChoiceField(label, choices=_countries, default="", **kwargs)


def _people(label: Any, hint: Any = "") -> WholeNumberField:
    return WholeNumberField(label, least=0, most=MOST_PEOPLE, hint=hint)


def _source() -> LineField:
    return LineField(_l("Source"), longest=2000, hint=_l("Where this can be read: a title, an address, or both."))


class MeetingForm(OnceForm):
    """`series`, `host_group` and `next_host` take their choices from the group: see `offer`."""

    title = LineField(
        _l("Title"), longest=200, needed=_l("Enter a title."), hint=_l("29th Regional Leaders Forum, for example.")
    )
    series = ChoiceField(_l("One of a series"), choices=[NONE], default="")
    new_series = LineField(
        _l("Or the first of a new series"), longest=200, hint=_l("The name of the series, without a number.")
    )
    number = WholeNumberField(_l("Number in the series"), least=1, most=999)
    starts_on = PartialDateField(
        _l("First day"),
        needed=_l("Enter when it began."),
        hint=_l("2017-03-07, or 2017-03 if only the month is known, or 2017."),
    )
    ends_on = PartialDateField(_l("Last day"))
    host_group = ChoiceField(_l("Host"), choices=[NONE], default="", hint=_l("The association that hosts it."))
    host = LineField(_l("Another host"), longest=200, hint=_l("Only if it is none of these associations."))
    country = _country(_l("Country"))
    place = LineField(_l("Place"), longest=300)
    theme = LineField(_l("Theme"), longest=1000)
    attended = _people(_l("How many came in all"))
    attended_bound = ChoiceField(_l("How to read this number"), choices=BOUNDS, default=Bound.EXACT.value)
    attended_by = LineField(_l("Who is counted"), longest=1000)
    next_host = ChoiceField(_l("Who hosts the next one"), choices=[NONE], default="")
    next_country = _country(_l("Where the next one is"))
    note = BlockField(_l("Notes"), longest=LONGEST_TEXT)
    source = _source()
    is_planned = wtforms.BooleanField(_l("It is announced, and has not taken place yet"))

    def offer(self, series: Sequence[tuple[str, str]], members: Sequence[tuple[str, str]]) -> None:
        """What may be chosen: the series of the group, and the group with those below it."""
        self.series.choices = [NONE, *series]
        self.host_group.choices = self.next_host.choices = [NONE, *members]

    def validate_series(self, field: Any) -> None:
        if field.data and self.new_series.data:
            raise StopValidation(gettext("Choose a series, or name a new one; not both."))

    def validate_host_group(self, field: Any) -> None:
        if len(field.raw_data or []) > 1:
            raise StopValidation(gettext("A meeting has one host. Choose one association."))

    def draft(self) -> MeetingDraft:
        texts = (
            "title starts_on ends_on series new_series host_group host country place theme note attended_by next_host"
            " next_country source"
        ).split()
        return MeetingDraft(
            **{name: getattr(self, name).data or "" for name in texts},
            number=self.number.data,
            attended=self.attended.data,
            attended_bound=Bound(self.attended_bound.data),
            is_planned=bool(self.is_planned.data),
        )


class DelegationForm(BaseForm):
    """Who came from a country. On the page the country is asked; in the API it stands in the address."""

    presence = ChoiceField(_l("Did they come?"), choices=PRESENCES, default=Presence.PRESENT.value)
    head_count = _people(_l("Delegates"), _l("Leave it empty if the number is not known."))
    head_count_bound = ChoiceField(_l("How to read this number"), choices=BOUNDS, default=Bound.EXACT.value)
    observers = _people(_l("Observers"), _l("Besides the delegates."))

    def draft(self, country: str) -> DelegationDraft:
        return DelegationDraft(
            country=country,
            presence=Presence(self.presence.data),
            head_count=self.head_count.data,
            head_count_bound=Bound(self.head_count_bound.data),
            observers=self.observers.data,
        )


class CountryDelegationForm(DelegationForm):
    country = ChoiceField(_l("Country"), choices=_countries, default="", needed=_l("Choose a country."))

    def validate_country(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(field.needed))


class MinutesForm(BaseForm):
    """`based_on`: the version that was on the table when this one was begun."""

    based_on = wtforms.HiddenField(default="0")
    body = BlockField(
        _l("Minutes"),
        longest=LONGEST_MINUTES,
        needed=_l("Write the minutes first."),
        hint=_l("An empty line begins a paragraph; *word* is emphasised; a line that begins with - is a point."),
        render_kw={"rows": 24},
    )
    change = LineField(_l("What is new in this version"), longest=200)

    @property
    def version(self) -> int:
        text = self.based_on.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else -1


class ResolutionForm(OnceForm):
    number = WholeNumberField(_l("Number"), least=1, most=999)
    title = LineField(_l("Title"), longest=200, needed=_l("Enter a title."))
    text = BlockField(
        _l("Text"), longest=LONGEST_TEXT, hint=_l("Word for word. Everybody who sees the group reads it.")
    )
    adopted_on = PartialDateField(_l("Adopted on"), hint=_l("Leave it empty for the first day of the meeting."))
    source = _source()

    def validate_number(self, field: Any) -> None:
        if field.data is None:
            raise StopValidation(gettext("Enter the number of the resolution at its meeting."))

    def draft(self) -> ResolutionDraft:
        return ResolutionDraft(
            number=self.number.data or 0,
            title=self.title.data,
            text=self.text.data or "",
            adopted_on=self.adopted_on.data or "",
            source=self.source.data or "",
        )


class SignatureForm(BaseForm):
    association = ChoiceField(_l("For which association"), choices=[NONE], needed=_l("Choose an association."))
    signatory = LineField(
        _l("Who signed"), longest=200, hint=_l("The name is shown to people in the group, the rest to everybody.")
    )
    capacity = LineField(_l("As what"), longest=200, hint=_l("President, for example."))

    def offer(self, members: Sequence[tuple[str, str]]) -> None:
        self.association.choices = [NONE, *members]

    def validate_association(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(field.needed))


class FollowUpForm(BaseForm):
    meeting = ChoiceField(_l("At which meeting"), choices=[NONE], needed=_l("Choose a later meeting of this group."))
    state = ChoiceField(_l("How it stands"), choices=STATES, default=ResolutionState.OPEN.value)
    words = BlockField(_l("What was found"), longest=LONGEST_TEXT, needed=_l("Say in a sentence what was found."))

    def offer(self, meetings: Sequence[tuple[str, str]]) -> None:
        self.meeting.choices = [NONE, *meetings]

    def validate_meeting(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(field.needed))


class SeatForm(OnceForm):
    association = ChoiceField(_l("Who sits in it"), choices=[NONE], needed=_l("Choose an association."))
    council = LineField(
        _l("Council"),
        longest=120,
        needed=_l("Enter the name of the council."),
        hint=_l("Executive Council, for example."),
    )
    name = LineField(_l("Seat"), longest=120, needed=_l("Enter which seat it is."), hint=_l("Chair, for example."))
    from_on = PartialDateField(_l("Since"), needed=_l("Enter since when."), hint=_l("2017-03-07, 2017-03 or 2017."))
    to_on = PartialDateField(_l("Until"), hint=_l("Leave it empty while it goes on."))
    source = _source()

    def offer(self, members: Sequence[tuple[str, str]]) -> None:
        self.association.choices = [NONE, *members]

    def validate_association(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(field.needed))

    def draft(self) -> SeatDraft:
        return SeatDraft(
            council=self.council.data,
            name=self.name.data,
            association=self.association.data,
            from_on=self.from_on.data,
            to_on=self.to_on.data or "",
            source=self.source.data or "",
        )


class ResolutionFilterForm(AddressForm):
    """The address of a list of resolutions."""

    state = LineField(_l("State"), longest=24)

    def validate_state(self, field: Any) -> None:
        if field.data and field.data not in set(ResolutionState):
            raise StopValidation(gettext("There is no such state. Choose one from the list."))


class YearForm(AddressForm):
    year = WholeNumberField(_l("Year"), least=1850, most=2200)


class SeriesForm(AddressForm):
    series = LineField(_l("Series"), longest=120)


class VersionForm(AddressForm):
    version = WholeNumberField(_l("Version"), least=1, most=999_999)
