"""What members enter about themselves beside their names."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core import clock
from alumni.members.actions import CareerDraft
from alumni.members.forms.names import AboutMeForm, NamesForm
from alumni.members.forms.words import FIELDS_OF_WORK, LEVELS, SEGMENTS, name_in
from alumni.members.models import CareerKind, Level
from alumni.web.forms import (
    BaseForm,
    BlockField,
    ChecksField,
    ChoiceField,
    DayField,
    LineField,
    LinesField,
    OnceForm,
    PictureField,
    RadioField,
    RowsField,
    WholeNumberField,
)
from alumni.web.links import is_link, whole_link
from alumni.web.templating import country_choices, language_choices, language_name

MOST_LINKS, MOST_LANGUAGES = 5, 8
LONGEST_BIO = 5000
FIRST_YEAR, YEARS_AHEAD = 1900, 10
JLPT = (Level.N1, Level.N2, Level.N3, Level.N4, Level.N5)
OTHER_LEVELS = (Level.FLUENT, Level.GOOD, Level.BASIC)


def _unsaid_or_country() -> Any:
    """Choices are made anew for each form: their names and order are those of the reader's language."""
    return [("", _l("I would rather not say")), *country_choices()]


def _unsaid_or(words: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [("", "–"), *((value.value, word) for value, word in words.items())]


class LinksField(LinesField):
    """Addresses of pages. One without its beginning gets https://."""

    @property
    def value(self) -> list[str]:
        return [whole_link(line) for line in self.lines]

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        for link in self.value:
            if not is_link(link):
                raise StopValidation(
                    gettext(
                        "Enter addresses like https://example.org/me, one a line. This is none: %(link)s",
                        link=link[:80],
                    )
                )


class ProfileForm(AboutMeForm):
    country = ChoiceField(_l("Country where you live"), choices=_unsaid_or_country, default="")
    city = LineField(_l("City"), longest=120)
    nationality = ChoiceField(
        _l("Nationality"),
        choices=_unsaid_or_country,
        default="",
        hint=_l("Only if you want to. At first only you see it."),
    )
    community = LineField(
        _l("Home community"),
        longest=200,
        hint=_l("For Nikkei: the community that you come from, also if you live elsewhere now."),
    )
    headline = LineField(_l("What you do"), longest=200, hint=_l("In one line, for example: teacher of chemistry."))
    segment = ChoiceField(_l("In public life you are"), choices=_unsaid_or(SEGMENTS), default="")
    work_field = ChoiceField(_l("Field"), choices=_unsaid_or(FIELDS_OF_WORK), default="")
    employer = LineField(_l("Where you work or study"), longest=200)
    bio = BlockField(
        _l("About you"),
        longest=LONGEST_BIO,
        hint=_l("An empty line begins a new paragraph; **bold**, *italic* and - for lists work."),
    )
    links = LinksField(
        _l("Links"), most_lines=MOST_LINKS, longest_line=300, hint=_l("Up to five pages of yours, one a line.")
    )
    contact = LineField(
        _l("How to reach you"),
        longest=300,
        hint=_l("An e-mail address, a telephone number or a page. Never shown to the public; at first only to you."),
    )
    born_on = DayField(
        _l("Date of birth"),
        first=date(FIRST_YEAR, 1, 1),
        last=lambda: clock.now().date(),
        hint=_l("Seen by nobody. Under 18 you are in no list but those of your groups."),
    )


class StartForm(AboutMeForm):
    """The first visit: a name is enough."""

    name = NamesForm.name
    name_romanised = NamesForm.name_romanised
    country = ProfileForm.country
    city = ProfileForm.city
    headline = ProfileForm.headline
    contact = ProfileForm.contact


def _levels() -> dict[str, list[tuple[str, Any]]]:
    """In groups, for a select."""
    return {
        "": [("", "–"), (Level.NATIVE.value, LEVELS[Level.NATIVE])],
        gettext("Japanese, by the JLPT"): [(level.value, LEVELS[level]) for level in JLPT],
        gettext("Other languages"): [(level.value, LEVELS[level]) for level in OTHER_LEVELS],
    }


class LanguageRow(BaseForm):
    language = ChoiceField(_l("Language"), choices=lambda: [("", "–"), *language_choices()], default="")
    level = ChoiceField(_l("Level"), choices=_levels, default="")

    def validate_language(self, field: Any) -> None:
        if not field.data and self.level.data:
            raise StopValidation(gettext("Choose the language, or clear its level."))

    def validate_level(self, field: Any) -> None:
        language, level = self.language.data, field.data
        if language and not level:
            raise StopValidation(gettext("Say how well you know it."))
        if language == "ja" and level in OTHER_LEVELS:
            raise StopValidation(gettext("For Japanese choose a level of the JLPT, N5 to N1, or mother tongue."))
        if language and language != "ja" and level in JLPT:
            raise StopValidation(gettext("N5 to N1 are for Japanese. Choose basic, good, fluent or mother tongue."))


class LanguagesField(RowsField):
    @property
    def value(self) -> list[list[str]]:
        rows = ((row.form.language.data, row.form.level.data) for row in self.entries)
        return [[language, level] for language, level in rows if language]


class OffersField(ChecksField):
    @property
    def value(self) -> list[str]:
        return list(dict.fromkeys(self.data or []))


class LanguagesForm(AboutMeForm):
    """`offers` and `looks_for` take their choices from the list of the admins: see `offer`."""

    languages = LanguagesField(
        LanguageRow, _l("Languages"), most=MOST_LANGUAGES, hint=_l("Up to eight, each with how well you know it.")
    )
    offers = OffersField(_l("What you offer"), hint=_l("People find you by it, among those to whom you show it."))
    looks_for = OffersField(_l("What you look for"))

    def offer(self, rows: Iterable[Any], member: Any) -> None:
        """What may be ticked: the list of the admins, and of what is retired what the member ticked before."""
        rows = list(rows)
        for name in ("offers", "looks_for"):
            if name in self:
                before = getattr(member, name) if member else ()
                open_now = [row for row in rows if not row.is_retired or row.slug in before]
                self[name].choices = [(row.slug, name_in(row.names)) for row in open_now]

    def validate_languages(self, field: Any) -> None:
        seen = [language for language, _ in field.value]
        for language in seen:
            if seen.count(language) > 1:
                raise StopValidation(gettext("You have entered %(language)s twice.", language=language_name(language)))


class YearField(WholeNumberField):
    def __init__(self, label: Any, *, needed: Any = None, hint: Any = "", **kwargs: Any) -> None:
        self.needed = needed
        super().__init__(label, least=FIRST_YEAR, most=clock.now().year + YEARS_AHEAD, hint=hint, **kwargs)
        if needed is not None:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is None and self.needed is not None:
            raise StopValidation(str(self.needed))


class CareerForm(OnceForm):
    """One station."""

    kind = RadioField(
        _l("What it was"),
        choices=[(CareerKind.WORK.value, _l("Work")), (CareerKind.STUDY.value, _l("Studies"))],
        default=CareerKind.WORK.value,
    )
    title = LineField(
        _l("What you were, or studied"),
        longest=200,
        needed=_l("Enter what you were, or what you studied."),
        hint=_l("For example: engineer, or master of economics."),
    )
    organisation = LineField(_l("Where"), longest=200, hint=_l("A company, an office, a school."))
    country = ChoiceField(_l("Country"), choices=lambda: [("", "–"), *country_choices()], default="")
    year_from = YearField(
        _l("From"), needed=_l("Enter the year in which it began."), hint=_l("A year, for example 2019.")
    )
    year_to = YearField(_l("Until"), hint=_l("A year. Leave it empty if it goes on to this day."))

    def validate_year_to(self, field: Any) -> None:
        if field.data is not None and self.year_from.data is not None and field.data < self.year_from.data:
            raise StopValidation(gettext("The last year is before the first. Correct one of them."))

    def draft(self) -> CareerDraft:
        return CareerDraft(
            kind=CareerKind(self.kind.data),
            title=self.title.data,
            organisation=self.organisation.data or "",
            country=self.country.data,
            year_from=cast(int, self.year_from.data),
            year_to=self.year_to.data,
        )


class PictureForm(BaseForm):
    picture = PictureField(
        _l("Picture"),
        hint=_l(
            "JPEG, PNG, WebP, HEIC or AVIF, up to 8 MB. We keep the middle of it, as a square. "
            "Where and when it was taken is removed."
        ),
    )
