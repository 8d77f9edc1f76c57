"""What organisers enter of a fair, and what somebody writes who would like to meet a company."""

from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from alumni.accounts.actions import normalise_email
from alumni.core.errors import Invalid
from alumni.core.places import COUNTRIES
from alumni.fairs.actions import CompanyDraft, Row
from alumni.fairs.models import Company
from alumni.fairs.queries import Filters
from alumni.web.forms import (
    AddressForm,
    BaseForm,
    BlockField,
    ChoiceField,
    LineField,
    OnceForm,
    WholeNumberField,
)
from alumni.web.moments import MomentField, SpanForm, WhichField
from alumni.web.templating import country_choices

LEAST_MINUTES, MOST_MINUTES = 5, 480


class CompanyForm(OnceForm):
    name = LineField(_l("Name of the company"), longest=200, needed=_l("Enter the name of the company."))
    country = ChoiceField(
        _l("Country"),
        choices=lambda: [SelectChoice("", _l("None")), *(SelectChoice(*pair) for pair in country_choices())],
        default="",
    )
    sector = LineField(_l("Sector"), longest=120, hint=_l("Like energy, food or nursing; the same word for the same."))
    looks_for = BlockField(_l("What it looks for"), longest=2_000, hint=_l("Markdown may be used."))
    languages = LineField(_l("Languages spoken"), longest=200)
    stand = LineField(_l("Table or place"), longest=120)
    url = LineField(_l("Page of the company"), longest=500, widget=wtforms.widgets.URLInput())

    def validate_url(self, field: Any) -> None:
        if field.data and not _is_web_address(field.data):
            raise StopValidation(gettext("Enter a whole address that begins with https://"))

    def draft(self) -> CompanyDraft:
        return CompanyDraft(**{name: self[name].data or "" for name in CompanyDraft.__dataclass_fields__})


def values_of(company: Company) -> dict[str, Any]:
    """A company as its form shows it."""
    return {name: getattr(company, name) for name in CompanyDraft.__dataclass_fields__}


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


class ContactForm(BaseForm):
    email = LineField(
        _l("E-mail address of somebody who is going"),
        longest=254,
        needed=_l("Enter an e-mail address like name@example.org."),
        widget=wtforms.widgets.EmailInput(),
        hint=_l("They are asked first. We do not say whether somebody has this address."),
    )

    def validate_email(self, field: Any) -> None:
        try:
            field.data = normalise_email(field.data)
        except Invalid:
            raise StopValidation(gettext("Enter an e-mail address like name@example.org.")) from None


class RowForm(SpanForm):
    starts_at = MomentField(_l("From"), needed=_l("Enter the day and the time at which it starts."))
    fold = WhichField(_l("Clocks go back that day. Which one do you mean for the start?"))
    ends_at = MomentField(_l("Until"), needed=_l("Enter the day and the time at which it ends."))
    end_fold = WhichField(_l("Clocks go back that day. Which one do you mean for the end?"))
    minutes = WholeNumberField(
        _l("Minutes for each"), least=LEAST_MINUTES, most=MOST_MINUTES, default=15, hint=_l("For example 15.")
    )

    def validate_minutes(self, field: Any) -> None:
        if field.data is None:
            words = gettext("Enter a whole number from %(least)s to %(most)s.", least=LEAST_MINUTES, most=MOST_MINUTES)
            raise StopValidation(words)

    def row(self) -> Row:
        """What was entered, once it is valid."""
        start, end, minutes = self.starts_at.data, self.ends_at.data, self.minutes.data
        if start is None or end is None or minutes is None:
            raise ValueError("the form is not valid")
        return Row(start, end, minutes, self.fold.is_second, self.end_fold.is_second)


class AskForm(OnceForm):
    slot = ChoiceField(_l("Which time"), choices=list, needed=_l("Choose a time that is free."))
    note = BlockField(_l("What you would like to talk about"), longest=500)

    def offer(self, times: list[tuple[str, str]]) -> None:
        """The times that are free, by their keys and in words."""
        self.slot.choices = [SelectChoice(key, words) for key, words in times]


class ReasonForm(BaseForm):
    reason = BlockField(
        _l("Why"), longest=1_000, needed=_l("Say why in a few words."), hint=_l("It stands in the letter to them.")
    )


class WishForm(BaseForm):
    answer = LineField(_l("Answer"), longest=3)

    def validate_answer(self, field: Any) -> None:
        if field.data not in ("yes", "no"):
            raise StopValidation(gettext("Choose one from the list."))


class FilterForm(AddressForm):
    q = LineField(_l("Words"), longest=100)
    country = LineField(_l("Country"), longest=2)
    sector = LineField(_l("Sector"), longest=120)

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("Choose a country from the list."))

    def filters(self) -> Filters:
        return Filters(**{field.name: field.data or "" for field in self})
