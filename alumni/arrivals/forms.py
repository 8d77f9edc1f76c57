"""What is entered at the door."""

from datetime import datetime
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from alumni.arrivals.actions import Note
from alumni.core.places import COUNTRIES
from alumni.web.forms import ChoiceField, LineField, OnceForm, WholeNumberField
from alumni.web.templating.places import country_choices

MOST_PEOPLE = 999


class NoteForm(OnceForm):
    """Who came: a member by handle or by the code of a ticket, or others by name or by number."""

    who = wtforms.HiddenField(default="")  # a handle
    code = LineField(
        _l("Code of a ticket"), longest=20, hint=_l("Ten letters and digits, as they stand below the square.")
    )
    name = LineField(_l("Name"), longest=200)
    country = LineField(_l("Country"), longest=2)
    people = WholeNumberField(_l("How many"), least=1, most=MOST_PEOPLE)
    at = LineField(_l("When"), longest=40)

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("Choose a country from the list."))

    def validate_at(self, field: Any) -> None:
        if field.data and self.moment() is None:
            raise StopValidation(gettext("Enter a moment like 2027-04-02T19:00:00+07:00."))

    def moment(self) -> datetime | None:
        try:
            at = datetime.fromisoformat(self.at.data)
        except ValueError:
            return None
        return at if at.tzinfo is not None else None

    def note(self, handle: str) -> Note:
        """What was entered, of the member with this handle, or of others."""
        return Note(handle, self.name.data, self.country.data, self.people.data, self.moment())


class OthersForm(OnceForm):
    """Those who came without an answer, as the page asks for them."""

    name = LineField(_l("Name"), longest=200, hint=_l("Of one person, or of a school or a company."))
    people = WholeNumberField(_l("How many"), least=1, most=MOST_PEOPLE, default=1)
    country = ChoiceField(
        _l("Country"),
        choices=lambda: [SelectChoice("", _l("None")), *(SelectChoice(*pair) for pair in country_choices())],
        default="",
    )
