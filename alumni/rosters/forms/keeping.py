"""What officers say of entries: marks, invitations, who is whom; and which figures they ask for."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from alumni.rosters.models import EntryMark, Verdict
from alumni.rosters.queries import RatesFilter
from alumni.web.forms import BaseForm, BlockField, ChoiceField, RadioField, WholeNumberField
from alumni.web.templating import country_choices

NO_MARK = "none"
VERDICTS = [
    (Verdict.SAME.value, _l("The same person")),
    (Verdict.APART.value, _l("Two people")),
]
BY = [
    ("cohort", _l("Roster")),
    ("programme", _l("Programme")),
    ("country", _l("Country")),
    ("year", _l("Fiscal year")),
]


class ReasonForm(BaseForm):
    reason = BlockField(_l("Reason"), longest=1000, needed=_l("Give the reason. It is kept in the log."))


class MarkForm(BaseForm):
    mark = RadioField(
        _l("Mark"),
        choices=[
            (EntryMark.DO_NOT_CONTACT.value, _l("Do not contact")),
            (EntryMark.DECEASED.value, _l("Has died")),
            (NO_MARK, _l("No mark")),
        ],
        needed=_l("Choose a mark, or none."),
        hint=_l("Nobody is written to who has a mark, by whichever roster. It outlives every import."),
    )
    reason = BlockField(_l("Reason"), longest=1000, needed=_l("Give the reason. It is kept in the log."))

    @property
    def chosen(self) -> EntryMark | None:
        return None if self.mark.data == NO_MARK else EntryMark(self.mark.data)


class InviteForm(BaseForm):
    again = wtforms.BooleanField(_l("Write again to those who have not answered for a week"))


class PairForm(ReasonForm):
    verdict = ChoiceField(_l("They are"), choices=VERDICTS, needed=_l("Press one of the buttons."))


class RatesForm(BaseForm):
    """Which figures. `programme` takes its choices from the catalogue: see `offer`."""

    by = ChoiceField(_l("For each"), choices=BY, default="cohort")
    programme = ChoiceField(_l("Programme"), choices=[], default="")
    country = ChoiceField(_l("Sent from"), choices=lambda: [("", _l("Every country")), *country_choices()], default="")
    year = WholeNumberField(_l("Fiscal year"), least=1850, most=2200)

    def offer(self, programmes: Sequence[Any]) -> None:
        """What may be chosen, from the rows of the catalogue."""
        self.programme.choices = [("", gettext("Every programme")), *((row.slug, row.short) for row in programmes)]

    def chosen(self) -> RatesFilter:
        return RatesFilter(self.programme.data or "", self.country.data or "", self.year.data)
