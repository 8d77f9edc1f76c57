"""What people enter to call an election, to stand, to vote, to decide a tie."""

from datetime import date, timedelta
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.core.text import clean_line
from alumni.elections.actions import BLANK, ElectionDraft, Moments
from alumni.elections.models import Election
from alumni.web.forms import BaseForm, BlockField, DayField, LineField, OnceForm, RadioField, WholeNumberField
from alumni.web.moments import MomentField, SpanForm, WhichField, ZoneField

FIRST_DAY = date(1950, 1, 1)
LONGEST_STATEMENT, LONGEST_REASON = 5000, 2000


def _last_day() -> date:
    return clock.now().date() + timedelta(days=3660)


class HandleField(LineField):
    """A member, by the address of their page or the end of it."""

    def process_formdata(self, values: Any) -> None:
        super().process_formdata(values)
        self.data = clean_line(self.data or "").rstrip("/").rpartition("/")[2].partition("?")[0]

    def process_data(self, value: Any) -> None:
        super().process_data(value or "")


class MomentsForm(SpanForm):
    begins, ends = "opens_at", "closes_at"

    """From when to when votes are cast."""

    opens_at = MomentField(
        _l("Voting begins"),
        needed=_l("Enter the day and the time at which voting begins."),
        hint=_l("Until then members can stand and name others. Then the list of voters and of candidates is fixed."),
    )
    fold = WhichField(_l("Clocks go back that day. Which one do you mean for the beginning?"))
    closes_at = MomentField(_l("Voting ends"), needed=_l("Enter the day and the time at which voting ends."))
    end_fold = WhichField(_l("Clocks go back that day. Which one do you mean for the end?"))
    zone = ZoneField(_l("Time zone"), needed=_l("There is no such time zone. Choose one from the list."))

    def moments(self) -> Moments:
        """What was entered, once it is valid."""
        opens, closes = self.opens_at.data, self.closes_at.data
        if opens is None or closes is None:
            raise ValueError("the form is not valid")
        return Moments(opens, closes, self.zone.data, self.fold.is_second, self.end_fold.is_second)


class ElectionForm(OnceForm, MomentsForm):
    title = LineField(
        _l("Post to fill"), longest=200, needed=_l("Enter the post."), hint=_l("For example: president, treasurer.")
    )
    role = BlockField(
        _l("What whoever is elected does"),
        longest=5000,
        hint=_l("An empty line begins a paragraph; *word* is emphasised."),
    )
    term_from = DayField(
        _l("First day of the term"), first=FIRST_DAY, last=_last_day, needed=_l("Enter the first day.")
    )
    term_to = DayField(_l("Last day of the term"), first=FIRST_DAY, last=_last_day, needed=_l("Enter the last day."))
    officer = HandleField(
        _l("Election officer"),
        longest=200,
        needed=_l("Say who conducts it."),
        hint=_l(
            "The address of the profile of a member who does not stand. They alone move it, strike names, call it off."
        ),
    )
    joined_by = DayField(
        _l("Who may vote: members who joined by"),
        first=FIRST_DAY,
        last=_last_day,
        needed=_l("Enter a day."),
        hint=_l("Whoever joined later does not vote, so nobody can bring in voters at the last moment."),
    )
    quorum = WholeNumberField(
        _l("How many of them must vote, in percent"),
        least=0,
        most=100,
        hint=_l("If fewer do, nobody is elected. Leave it empty if any number is enough. Blank ballots count."),
    )

    def draft(self, again_of: Election | None = None) -> ElectionDraft:
        return ElectionDraft(
            title=self.title.data,
            role=self.role.data or "",
            term_from=date.fromisoformat(self.term_from.data),
            term_to=date.fromisoformat(self.term_to.data),
            joined_by=date.fromisoformat(self.joined_by.data),
            quorum=self.quorum.data or 0,
            officer=self.officer.data,
            moments=self.moments(),
            again_of=again_of,
        )


class StandForm(BaseForm):
    name = LineField(
        _l("Your name on the ballot"),
        longest=200,
        needed=_l("Enter your name."),
        hint=_l("Everybody who may vote sees it, and it stays in the result, whatever your profile shows."),
    )
    statement = BlockField(
        _l("What you want to do"),
        longest=LONGEST_STATEMENT,
        hint=_l("An empty line begins a paragraph; *word* is emphasised."),
        render_kw={"rows": 8},
    )


class NameForm(BaseForm):
    handle = HandleField(
        _l("Whom would you like to stand?"),
        longest=200,
        needed=_l("Enter the address of a profile."),
        hint=_l("The address of the profile of a member. They are asked, and stand only if they say yes."),
    )


class OfficerForm(BaseForm):
    officer = HandleField(
        _l("Election officer"),
        longest=200,
        needed=_l("Say who conducts it."),
        hint=_l("The address of the profile of a member who does not stand."),
    )


class VoteForm(BaseForm):
    choice = RadioField(_l("Your vote"), choices=list, needed=_l("Choose one of them, or a blank ballot."))

    def offer(self, candidates: Any) -> None:
        standing = [(row.key, row.name) for row in candidates if row.state == "standing"]
        self.choice.choices = [*standing, (BLANK, gettext("A blank ballot: none of them"))]


class TieForm(BaseForm):
    choice = RadioField(_l("Who is elected"), choices=list, needed=_l("Choose one of those with the most votes."))
    reason = BlockField(
        _l("Why?"),
        longest=LONGEST_REASON,
        needed=_l("Say how it was decided."),
        hint=_l("For example: by lot, before two witnesses, as the charter says. Everybody in the group reads it."),
    )

    def offer(self, candidates: Any) -> None:
        most = max((row.votes or 0 for row in candidates), default=0)
        self.choice.choices = [(row.key, row.name) for row in candidates if most and row.votes == most]


class ReasonForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=LONGEST_REASON,
        needed=_l("Say why in a few words."),
        hint=_l("It can be read on the page of the election, and it stays in the log."),
    )


class ReceiptForm(BaseForm):
    receipt = wtforms.StringField(_l("Your receipt"))

    @property
    def code(self) -> str:
        return clean_line(self.receipt.data or "")[:60]
