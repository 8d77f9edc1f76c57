"""What an administrator enters for a programme, an edition, a cohort, an offer or an officer."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core import clock
from alumni.members.actions import OfferDraft
from alumni.officers.actions import LONGEST_TERM, MandateDraft
from alumni.officers.models import Agency
from alumni.programmes.actions import CohortDraft, ProgrammeDraft
from alumni.programmes.models import Bound, Direction, ProgrammeKind
from alumni.web.forms import (
    BaseForm,
    BlockField,
    ChoiceField,
    DayField,
    LineField,
    LinesField,
    OnceForm,
    WholeNumberField,
)
from alumni.web.moments import PartialDateField
from alumni.web.templating import country_choices

NONE = ("", "–")
FIRST_YEAR, LAST_YEAR = 1850, 2200
MOST_LINES = 30
KINDS = [
    (ProgrammeKind.PROGRAMME.value, _l("Programme")),
    (ProgrammeKind.SERIES.value, _l("Series, which holds editions")),
    (ProgrammeKind.EDITION.value, _l("Edition of a series")),
    (ProgrammeKind.BATCH.value, _l("Batch of a programme")),
    (ProgrammeKind.ACTIVITY.value, _l("Activity")),
    (ProgrammeKind.PROJECT.value, _l("Project")),
]
INBOUND = (Direction.INBOUND.value, _l("Invited to Japan"))
OUTBOUND = (Direction.OUTBOUND.value, _l("Dispatched from Japan"))
BOTH = (Direction.BOTH.value, _l("Both"))
BOUNDS = [
    (Bound.EXACT.value, _l("exactly this many")),
    (Bound.ABOUT.value, _l("about this many")),
    (Bound.MORE_THAN.value, _l("more than this")),
    (Bound.UP_TO.value, _l("up to this many")),
    (Bound.EXPECTED.value, _l("this many are expected")),
]
AGENCIES = [
    (Agency.JICA.value, _l("JICA")),
    (Agency.JICE.value, _l("JICE")),
    (Agency.JOCA.value, _l("JOCA")),
    (Agency.JAPAN_FOUNDATION.value, _l("Japan Foundation")),
    (Agency.MISSION.value, _l("Embassy or consulate")),
    (Agency.OTHER.value, _l("Another agency")),
]


class CountriesField(wtforms.SelectMultipleField):
    """Several countries, by name in the reader's language."""

    def __init__(self, label: Any, *, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, choices=country_choices, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        known = {value for value, *_ in self.iter_choices()}
        wrong = [code for code in self.data or [] if code not in known]
        if wrong:
            raise StopValidation(
                gettext("Choose countries from the list. This is not one: %(code)s", code=wrong[0][:40])
            )

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.data or []))


def _year(label: Any, hint: Any = "") -> WholeNumberField:
    return WholeNumberField(label, least=FIRST_YEAR, most=LAST_YEAR, hint=hint)


class ProgrammeForm(OnceForm):
    """`family`, `parent` and `predecessor` take their choices from the catalogue: see `offer`."""

    kind = ChoiceField(_l("What it is"), choices=KINDS)
    family = ChoiceField(_l("Family"), choices=[])
    parent = ChoiceField(
        _l("Belongs to"), choices=[], default="", hint=_l("The series of an edition, the programme of a batch.")
    )
    short = LineField(
        _l("Short name"), longest=120, needed=_l("Enter a short name."), hint=_l("For lists: JENESYS2025.")
    )
    name = LineField(_l("Official name"), longest=300, needed=_l("Enter the official name."))
    aliases = LinesField(_l("Other names"), most_lines=MOST_LINES, hint=_l("One per line, in any language."))
    number = WholeNumberField(_l("Number of the batch"), least=1, most=9999)
    year_from = _year(_l("First year"))
    year_to = _year(_l("Last year"), _l("Leave it empty while it goes on."))
    predecessor = ChoiceField(_l("Follows on"), choices=[], default="", hint=_l("The programme or edition before it."))
    direction = ChoiceField(_l("Direction"), choices=[NONE, INBOUND, OUTBOUND, BOTH], default="")
    region = LineField(_l("Region"), longest=1000)
    countries = CountriesField(_l("Countries"), hint=_l("Hold Ctrl, or Cmd on a Mac, to choose several."))
    audience = LineField(_l("For whom"), longest=1000)
    theme = LineField(_l("Theme"), longest=1000)
    agencies = LinesField(_l("Run by"), most_lines=MOST_LINES, hint=_l("Agencies, one per line."))
    note = BlockField(_l("Notes"), longest=4000)
    source = LineField(
        _l("Source"),
        longest=4000,
        needed=_l("Enter where this is published: a title or an address."),
        hint=_l("A title, an address, or both. Separate several with semicolons."),
    )

    def offer(self, families: Sequence[Any], programmes: Sequence[Any]) -> None:
        """What may be chosen, from the rows of the catalogue."""
        self.family.choices = [(row.slug, row.name) for row in families]
        self.parent.choices = self.predecessor.choices = [NONE, *((row.slug, row.short) for row in programmes)]

    def draft(self) -> ProgrammeDraft:
        return ProgrammeDraft(
            kind=ProgrammeKind(self.kind.data),
            family=self.family.data,
            name=self.name.data,
            short=self.short.data,
            parent=self.parent.data or "",
            predecessor=self.predecessor.data or "",
            aliases=self.aliases.lines,
            number=self.number.data,
            year_from=self.year_from.data,
            year_to=self.year_to.data,
            region=self.region.data or "",
            countries=self.countries.codes,
            direction=Direction(self.direction.data) if self.direction.data else None,
            audience=self.audience.data or "",
            theme=self.theme.data or "",
            agencies=self.agencies.lines,
            note=self.note.data or "",
            source=self.source.data,
        )


class CohortForm(OnceForm):
    """`programme` and `edition` take their choices from the catalogue: see `offer`."""

    programme = ChoiceField(_l("Programme or edition"), choices=[])
    edition = ChoiceField(
        _l("Part of the edition"),
        choices=[],
        default="",
        hint=_l("Only for an activity that took place within an edition, such as a conference."),
    )
    title = LineField(_l("Title"), longest=300, needed=_l("Enter the title of the cohort."))
    direction = ChoiceField(_l("Direction"), choices=[INBOUND, OUTBOUND], default=INBOUND[0])
    from_on = PartialDateField(_l("First day"), hint=_l("2017-03-07, or 2017-03 if only the month is known."))
    to_on = PartialDateField(_l("Last day"))
    year = _year(_l("Fiscal year"), _l("April to March. Needed only where no first day is known."))
    batch = WholeNumberField(_l("Number of the batch"), least=1, most=9999)
    theme = LineField(_l("Theme"), longest=1000)
    audience = LineField(_l("For whom"), longest=1000)
    countries = CountriesField(_l("Countries sent from"), hint=_l("Hold Ctrl, or Cmd on a Mac, to choose several."))
    destination = ChoiceField(_l("Sent to"), choices=[], default="", hint=_l("For people dispatched from Japan."))
    place = LineField(_l("Place"), longest=300)
    head_count = WholeNumberField(_l("How many took part"), least=0, most=1_000_000)
    head_count_bound = ChoiceField(_l("How exact that number is"), choices=BOUNDS, default=Bound.EXACT.value)
    head_count_of = LineField(_l("Who is counted"), longest=1000)
    note = BlockField(_l("Notes"), longest=4000)
    source = LineField(
        _l("Source"),
        longest=4000,
        needed=_l("Enter where this is published: a title or an address."),
        hint=_l("A title, an address, or both. Separate several with semicolons."),
    )

    def offer(self, programmes: Sequence[Any]) -> None:
        """What may be chosen, from the rows of the catalogue."""
        choices = [(row.slug, row.short) for row in programmes]
        self.programme.choices = choices
        self.edition.choices = [NONE, *choices]
        self.destination.choices = [NONE, *country_choices()]

    def draft(self) -> CohortDraft:
        return CohortDraft(
            programme=self.programme.data,
            title=self.title.data,
            direction=Direction(self.direction.data),
            edition=self.edition.data or "",
            year=self.year.data,
            batch=self.batch.data,
            theme=self.theme.data or "",
            audience=self.audience.data or "",
            from_on=self.from_on.data or "",
            to_on=self.to_on.data or "",
            place=self.place.data or "",
            destination=self.destination.data or "",
            countries=self.countries.codes,
            head_count=self.head_count.data,
            head_count_bound=Bound(self.head_count_bound.data),
            head_count_of=self.head_count_of.data or "",
            note=self.note.data or "",
            source=self.source.data,
        )


class WordForm(BaseForm):
    """One word or domain that makes a post wait."""

    word = LineField(_l("Word or domain"), longest=100, needed=_l("Enter a word or a domain, like example.com."))


class OfferForm(BaseForm):
    """One entry of the list of what members offer and look for."""

    name_en = LineField(_l("Name in English"), longest=80, needed=_l("Enter the name in English."))
    name_ja = LineField(_l("Name in Japanese"), longest=80, hint=_l("Without it, the English one is shown."))
    position = WholeNumberField(_l("Place in the list"), least=0, most=999, hint=_l("Small numbers come first."))
    is_retired = wtforms.BooleanField(
        _l("Retired"), description=_l("Nobody can choose it any more. It stays with those who had chosen it.")
    )

    def draft(self) -> OfferDraft:
        names = {"en": self.name_en.data, "ja": self.name_ja.data}
        return OfferDraft(
            names={language: name for language, name in names.items() if name},
            position=self.position.data or 0,
            is_retired=bool(self.is_retired.data),
        )


def _today() -> str:
    return clock.now().date().isoformat()


def _last_start() -> date:
    return clock.now().date() + timedelta(days=366)


def _last_end() -> date:
    return _last_start() + LONGEST_TERM


class ProgrammesField(wtforms.SelectMultipleField):
    """Several programmes, by their short names."""

    def __init__(self, label: Any, *, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, choices=[], **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        known = {value for value, *_ in self.iter_choices()}
        wrong = [slug for slug in self.data or [] if slug not in known]
        if wrong:
            raise StopValidation(gettext("Choose from the list. This is not in it: %(value)s", value=wrong[0][:40]))

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.data or []))


class MandateForm(OnceForm):
    """`programmes` takes its choices from the catalogue: see `offer`."""

    email = LineField(
        _l("E-mail address of the account"),
        longest=320,
        needed=_l("Enter the address with which the officer signs in."),
        hint=_l("The person signs up first, like everybody else."),
        widget=wtforms.widgets.EmailInput(),
    )
    agency = ChoiceField(_l("Acts for"), choices=AGENCIES, needed=_l("Choose an agency."))
    programmes = ProgrammesField(
        _l("Programmes"),
        hint=_l(
            "With what belongs to them, now and later. Hold Ctrl, or Cmd on a Mac, to choose several. "
            "None: every programme, in the country below."
        ),
    )
    country = ChoiceField(
        _l("Only people sent from"),
        choices=lambda: [("", _l("Every country")), *country_choices()],
        default="",
        hint=_l("For a mission, its country. Without programmes, a country is needed."),
    )
    starts_on = DayField(_l("First day"), first=date(2000, 1, 1), last=_last_start, default=_today)
    ends_on = DayField(
        _l("Last day"),
        first=date(2000, 1, 1),
        last=_last_end,
        needed=_l("Enter the last day of the term."),
        hint=_l("At most three years. The officer is told sixty days before."),
    )

    def offer(self, programmes: Sequence[Any]) -> None:
        """What may be chosen, from the rows of the catalogue."""
        self.programmes.choices = [(row.slug, row.short) for row in programmes]

    def draft(self) -> MandateDraft:
        return MandateDraft(
            email=self.email.data,
            agency=Agency(self.agency.data),
            programmes=self.programmes.slugs,
            country=self.country.data or "",
            starts_on=date.fromisoformat(self.starts_on.data or _today()),
            ends_on=date.fromisoformat(self.ends_on.data),
        )


class EndMandateForm(BaseForm):
    reason = BlockField(_l("Reason"), longest=1000, needed=_l("Give the reason. The officer reads it."))
