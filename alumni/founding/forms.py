"""What people enter to found an association: what it is, who founds it, its papers, and what is decided."""

import re
from datetime import date, timedelta
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core import clock
from alumni.core.places import CURRENCIES
from alumni.founding.actions import ActivityDraft, FoundingDraft, FundDraft, Officers
from alumni.founding.models import FundKind
from alumni.web.forms import (
    BaseForm,
    BlockField,
    ChoiceField,
    DayField,
    LineField,
    LinesField,
    OnceForm,
    RadioField,
    RowsField,
    WholeNumberField,
)
from alumni.web.templating import country_choices

LONGEST_CHARTER, LONGEST_REASON = 60_000, 2000
MOST_ACTIVITIES, MOST_FUNDS, MOST_HANDLES = 40, 40, 100
MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)
MOST_MONEY = 10**13
FUND_KINDS = {FundKind.INCOME: _l("Income"), FundKind.EXPENSE: _l("Expense")}
OFFICES = "title-"

# Articles to begin from. Each begins with its heading.
ARTICLES = (
    _l("## Article 1: Name\n\nThe association is called %(name)s."),
    _l("## Article 2: Purpose\n\n%(purpose)s"),
    _l(
        "## Article 3: Members\n\nWhoever has taken part in the programme and lives in the country can become a "
        "member. The board admits members, and says why if it does not."
    ),
    _l(
        "## Article 4: General meeting\n\nThe general meeting is held once a year. It elects the board, hears its "
        "report, and decides on the plan and the funds."
    ),
    _l(
        "## Article 5: Board\n\nThe board has a president, a secretary and a treasurer, elected for two years by "
        "secret ballot. It runs the association between the meetings."
    ),
    _l(
        "## Article 6: Funds\n\nThe funds are used for the purpose alone. The treasurer accounts for them once a year, "
        "and two members who are not on the board check the accounts."
    ),
    _l(
        "## Article 7: Change of this charter\n\nTwo thirds of those who vote at a general meeting change this charter."
    ),
    _l(
        "## Article 8: End\n\nThree quarters of those who vote at a general meeting end the association. What is left "
        "goes to another association with a like purpose."
    ),
)


def charter_to_begin_from(name: str, purpose: str) -> str:
    """The articles, with what is known filled in."""
    return "\n\n".join(str(article) % {"name": name, "purpose": purpose} for article in ARTICLES)


def _last_day() -> date:
    return clock.now().date() + timedelta(days=3660)


class FoundingForm(OnceForm):
    name = LineField(_l("Name of the association"), longest=200, needed=_l("Enter the name."))
    country = ChoiceField(
        _l("Country"),
        choices=lambda: [("", gettext("Choose")), *country_choices()],
        default="",
        needed=_l("Choose the country."),
    )
    programme = ChoiceField(_l("Programme"), choices=list, default="")
    umbrella = ChoiceField(
        _l("Umbrella"),
        choices=list,
        default="",
        hint=_l("Its organisers decide about the papers. Without one, an administrator does."),
    )
    purpose = BlockField(
        _l("What it is for"),
        longest=3000,
        needed=_l("Say what it is for."),
        hint=_l("Stands in the charter and on the page of the association."),
        render_kw={"rows": 5},
    )

    def validate_country(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(gettext("Choose the country."))

    def offer(self, programmes: list[tuple[str, str]], umbrellas: list[tuple[str, str]]) -> None:
        none = ("", gettext("None"))
        self.programme.choices, self.umbrella.choices = [none, *programmes], [none, *umbrellas]

    def draft(self) -> FoundingDraft:
        return FoundingDraft(
            self.name.data, self.country.data, self.programme.data, self.umbrella.data, self.purpose.data
        )


class ConfirmForm(BaseForm):
    name = LineField(
        _l("Your name on the papers"),
        longest=200,
        needed=_l("Enter your name."),
        hint=_l("The other founding members and whoever decides read it."),
    )
    address = LineField(
        _l("Your address, in one line"),
        longest=300,
        hint=_l("Only the other founding members see it, and it is printed in their directory alone."),
    )
    agrees = wtforms.BooleanField(_l("I found this association together with the others"))

    def validate_agrees(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(gettext("Tick this if you found it along. Otherwise you need do nothing."))


class InviteForm(BaseForm):
    handles = LinesField(
        _l("Members to invite"),
        most_lines=MOST_HANDLES,
        needed=_l("Enter at least one address."),
        hint=_l("The address of each one's profile, one a line. Each says by themselves whether they found along."),
        render_kw={"rows": 6},
    )

    def wanted(self) -> list[str]:
        return [line.rstrip("/").rpartition("/")[2].partition("?")[0] for line in self.handles.lines]


class _PaperForm(BaseForm):
    edits = wtforms.HiddenField()  # how often the paper was saved when the form was opened

    @property
    def seen(self) -> int:
        text = str(self.edits.data or "")
        return int(text) if text.isdecimal() and len(text) < 9 else -1


class CharterForm(_PaperForm):
    text = BlockField(
        _l("Charter"),
        longest=LONGEST_CHARTER,
        needed=_l("Write the charter."),
        hint=_l("## begins an article, an empty line a paragraph."),
        render_kw={"rows": 24},
    )


class ActivityRow(BaseForm):
    month = LineField(_l("Month"), longest=7, hint=_l("Like 2027-05"), widget=wtforms.widgets.MonthInput())
    activity = LineField(_l("Activity"), longest=200)
    place = LineField(_l("Place"), longest=200)
    people = WholeNumberField(_l("People"), least=0, most=1_000_000)
    words = LineField(_l("In a few words"), longest=500)

    @property
    def is_empty(self) -> bool:
        return not (any(self[name].data for name in ("month", "activity", "place", "words")) or self.people.raw)

    def validate_month(self, field: Any) -> None:
        if not self.is_empty and not MONTH.fullmatch(field.data or ""):
            raise StopValidation(gettext("Enter a month like 2027-05."))

    def validate_activity(self, field: Any) -> None:
        if not self.is_empty and not field.data:
            raise StopValidation(gettext("Say what you do."))


class PlanForm(_PaperForm):
    rows = RowsField(ActivityRow, _l("Annual plan"), most=MOST_ACTIVITIES)

    def drafts(self) -> list[ActivityDraft]:
        forms = [entry.form for entry in self.rows.entries if not entry.form.is_empty]
        return [
            ActivityDraft(
                form.month.data, form.activity.data, form.place.data or "", form.people.data, form.words.data or ""
            )
            for form in forms
        ]


class FundRow(BaseForm):
    kind = ChoiceField(
        _l("Kind"), choices=[(kind.value, words) for kind, words in FUND_KINDS.items()], default=FundKind.INCOME.value
    )
    what = LineField(_l("What"), longest=200)
    amount = WholeNumberField(_l("Amount"), least=0, most=MOST_MONEY, hint=_l("In whole units"))
    currency = LineField(_l("Currency"), longest=3, hint=_l("Like JPY"))

    @property
    def is_empty(self) -> bool:
        return not (self.what.data or self.amount.raw or self.amount.data is not None)

    def validate_what(self, field: Any) -> None:
        if not self.is_empty and not field.data:
            raise StopValidation(gettext("Say what it is."))

    def validate_amount(self, field: Any) -> None:
        if not self.is_empty and field.data is None:
            raise StopValidation(gettext("Enter the amount."))

    def validate_currency(self, field: Any) -> None:
        field.data = (field.data or "").upper()
        if not self.is_empty and field.data not in CURRENCIES:
            raise StopValidation(gettext("Enter the three letters of a currency, like JPY."))


class FundsForm(_PaperForm):
    rows = RowsField(FundRow, _l("Plan of funds"), most=MOST_FUNDS)

    def drafts(self) -> list[FundDraft]:
        forms = [entry.form for entry in self.rows.entries if not entry.form.is_empty]
        return [FundDraft(FundKind(f.kind.data), f.what.data, f.amount.data, f.currency.data) for f in forms]


class OfficerRow(BaseForm):
    founder = ChoiceField(_l("Founding member"), choices=list, default="")
    title = LineField(_l("Title"), longest=120, hint=_l("Like president, treasurer"))

    def validate_title(self, field: Any) -> None:
        if bool(field.data) != bool(self.founder.data):
            raise StopValidation(gettext("Choose the founding member and enter the title, or leave both empty."))


class OfficersForm(BaseForm):
    rows = RowsField(OfficerRow, _l("First officers"), most=12)
    organiser = ChoiceField(
        _l("Organiser of the group on this network"),
        choices=list,
        default="",
        hint=_l("Lets people in, posts events, and makes the others organisers."),
    )
    term_ends_on = DayField(
        _l("Last day of their term"),
        first=date(1950, 1, 1),
        last=_last_day,
        needed=_l("Enter the last day."),
    )

    def offer(self, founders: Any) -> None:
        choices = [("", gettext("None")), *((row.key, row.name) for row in founders if row.state == "confirmed")]
        self.organiser.choices = choices
        for entry in self.rows.entries:
            entry.form.founder.choices = choices

    def officers(self) -> Officers:
        titles = {entry.form.founder.data: entry.form.title.data for entry in self.rows.entries}
        titles.pop("", None)
        return Officers(titles, self.organiser.data, date.fromisoformat(self.term_ends_on.data))


class DecideForm(BaseForm):
    verdict = RadioField(
        _l("Your decision"),
        choices=[
            ("approve", _l("Approve: the association exists from now on")),
            ("ask", _l("Ask for more: the papers go back to the founders")),
            ("decline", _l("Decline")),
        ],
        needed=_l("Choose one of the three."),
    )
    reason = BlockField(_l("Why?"), longest=LONGEST_REASON, hint=_l("The founders read it. Not needed if you approve."))

    def validate_reason(self, field: Any) -> None:
        if self.verdict.data in ("ask", "decline") and not field.data:
            raise StopValidation(gettext("Say why, or what is missing. The founders read it."))
