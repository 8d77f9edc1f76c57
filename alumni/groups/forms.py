"""What people look for among groups, and what organisers enter."""

from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core.places import COUNTRIES
from alumni.groups.models import GroupKind, Rhythm
from alumni.groups.queries import Filters, Sought
from alumni.web.forms import AddressForm, BaseForm, BlockField, ChoiceField, LineField, WholeNumberField

LONGEST_REASON = 2000


class FilterForm(AddressForm):
    """The filters in the address of a list of groups."""

    q = LineField(_l("Name of the group"), longest=100)
    kind = LineField(_l("Kind"), longest=24)
    programme = LineField(_l("Programme"), longest=64)
    country = LineField(_l("Country"), longest=8)
    year = WholeNumberField(_l("Year"), least=1950, most=2100)

    def validate_kind(self, field: Any) -> None:
        if field.data and field.data not in set(GroupKind):
            raise StopValidation(gettext("There is no such kind of group. Choose one from the list."))

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("There is no such country. Choose one from the list."))

    def filters(self) -> Filters:
        return Filters(
            kind=self.kind.data or "",
            programme=self.programme.data or "",
            country=self.country.data or "",
            year=self.year.data,
            q=self.q.data or "",
        )


class SoughtForm(AddressForm):
    """Whom somebody looks for inside a group."""

    q = LineField(_l("Name"), longest=100)
    country = LineField(_l("Country"), longest=8)

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("There is no such country. Choose one from the list."))

    def sought(self) -> Sought | None:
        """None if nothing is asked for."""
        country = (self.country.data or "") if self.validate() else ""
        return Sought(self.q.data or "", country) if (self.q.data or country) else None


RHYTHMS = [
    (Rhythm.AT_ONCE.value, _l("At once")),
    (Rhythm.DAILY.value, _l("Once a day")),
    (Rhythm.WEEKLY.value, _l("Once a week")),
    (Rhythm.NONE.value, _l("Never")),
]


class AnswerForm(BaseForm):
    """What is asked of those who join or ask to be let in. Whether an answer is needed the action says."""

    answer = BlockField(_l("Your answer"), longest=2000, hint=_l("The organisers of the group read it."))
    letters = ChoiceField(_l("Letters about what is new here"), choices=RHYTHMS, default=Rhythm.WEEKLY.value)

    def rhythm(self) -> Rhythm:
        return Rhythm(self.letters.data)


class ReasonForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=LONGEST_REASON,
        needed=_l("Say why. The person concerned reads it."),
        hint=_l("The person concerned reads this, and it stays in the log."),
    )


class LogReasonForm(BaseForm):
    reason = BlockField(
        _l("Why?"), longest=LONGEST_REASON, needed=_l("Say why in a few words."), hint=_l("It stays in the log.")
    )


class TermForm(BaseForm):
    term_ends_on = LineField(
        _l("Last day of the term"),
        longest=10,
        needed=_l("Choose the last day of the term."),
        hint=_l("For example 2028-03-31. Ten years from now at most."),
        widget=wtforms.widgets.DateInput(),
    )

    def validate_term_ends_on(self, field: Any) -> None:
        try:
            date.fromisoformat(field.data)
        except ValueError:
            raise StopValidation(gettext("Enter a day as year, month and day, for example 2028-03-31.")) from None

    def day(self) -> date:
        return date.fromisoformat(self.term_ends_on.data)
