"""What organisers enter of a conference."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from alumni.conferences.actions import HandoverDraft, RecommendationDraft, SessionDraft
from alumni.conferences.models import EventSession, Recommendation
from alumni.core import clock
from alumni.core.walltime import instants, is_second, wall_of
from alumni.web.forms import BaseForm, BlockField, ChoiceField, DayField, LineField, OnceForm, WholeNumberField
from alumni.web.moments import MomentField, SpanForm, WhichField

MOST_SEATS = 1_000_000
FIRST_DAY = date(1990, 1, 1)


class SessionForm(SpanForm, OnceForm):
    title = LineField(_l("Title"), longest=200, needed=_l("Enter a title."))
    starts_at = MomentField(
        _l("Start"),
        needed=_l("Enter the day and the time at which it starts."),
        hint=_l("In the local time of the event."),
    )
    fold = WhichField(_l("Clocks go back that day. Which one do you mean for the start?"))
    ends_at = MomentField(_l("End"), needed=_l("Enter the day and the time at which it ends."))
    end_fold = WhichField(_l("Clocks go back that day. Which one do you mean for the end?"))
    room = LineField(_l("Room"), longest=200)
    speakers = LineField(_l("Who speaks"), longest=500)
    capacity = WholeNumberField(
        _l("Seats"),
        least=1,
        most=MOST_SEATS,
        hint=_l("Leave it empty if there is room for everybody. With a number, people choose the session."),
    )
    about = BlockField(_l("What it is about"), longest=5_000, hint=_l("Markdown may be used."))

    def draft(self) -> SessionDraft:
        """What was entered, once it is valid."""
        start, end = self.starts_at.data, self.ends_at.data
        if start is None or end is None:
            raise ValueError("the form is not valid")
        return SessionDraft(
            title=self.title.data,
            about=self.about.data or "",
            speakers=self.speakers.data or "",
            room=self.room.data or "",
            start=start,
            end=end,
            capacity=self.capacity.data,
            start_is_second=self.fold.is_second,
            end_is_second=self.end_fold.is_second,
        )


def values_of(session: EventSession, zone: str) -> dict[str, Any]:
    """A session as its form shows it."""
    start, end = wall_of(session.starts_at, zone), wall_of(session.ends_at, zone)
    return {
        "title": session.title,
        "starts_at": start,
        "fold": _which(start, session.starts_at, zone),
        "ends_at": end,
        "end_fold": _which(end, session.ends_at, zone),
        "room": session.room,
        "speakers": session.speakers,
        "capacity": session.capacity,
        "about": session.about,
    }


def _which(wall: datetime, at: datetime, zone: str) -> str | None:
    if len(instants(wall, zone)) < 2:
        return None
    return "second" if is_second(wall, zone, at) else "first"


class RecommendationForm(OnceForm):
    number = WholeNumberField(_l("Number"), least=1, most=999, hint=_l("Leave it empty for the next one."))
    text = BlockField(
        _l("What is recommended"), longest=5_000, needed=_l("Write it down."), hint=_l("Markdown may be used.")
    )
    team = ChoiceField(_l("By which topic group"), choices=list, default="")

    def offer(self, groups: list[Any]) -> None:
        """The topic groups of the event; none has to be named."""
        self.team.choices = [SelectChoice("", _l("None")), *(SelectChoice(group.key, group.name) for group in groups)]

    def draft(self) -> RecommendationDraft:
        return RecommendationDraft(self.text.data, self.number.data, self.team.data or "")


def start_of(recommendation: Recommendation, groups: list[Any]) -> dict[str, Any]:
    """A recommendation as its form shows it."""
    team = next((group.key for group in groups if group.id == recommendation.team_id), "")
    return {"number": recommendation.number, "text": recommendation.text, "team": team}


class HandoverForm(OnceForm):
    addressee = LineField(
        _l("To whom"),
        longest=200,
        needed=_l("Say to whom it was handed."),
        hint=_l("An office, or a person with their office."),
    )
    handed_on = DayField(
        _l("On which day"),
        first=FIRST_DAY,
        last=lambda: clock.now().date() + timedelta(days=1),
        needed=_l("Enter the day on which it was handed over."),
    )
    handed_by = LineField(_l("By whom"), longest=200, hint=_l("Whoever reads the recommendation reads this name."))
    remark = BlockField(_l("Remark"), longest=1_000)

    def draft(self) -> HandoverDraft:
        return HandoverDraft(
            self.addressee.data, self.handed_on.data, self.handed_by.data or "", self.remark.data or ""
        )


class AnswerForm(BaseForm):
    text = BlockField(
        _l("What was answered"), longest=5_000, needed=_l("Write the answer."), hint=_l("Markdown may be used.")
    )


class HeadForm(BaseForm):
    handle = LineField(_l("Head of the delegation"), longest=40)
