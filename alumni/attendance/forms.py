"""What people enter to answer an event, and organisers to decide about it."""

from datetime import datetime
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from alumni.attendance.actions import Reply, Rules
from alumni.core import walltime
from alumni.events.models import Answer, Event
from alumni.web.forms import BaseForm, BlockField, ChoiceField, LinesField, RadioField, WholeNumberField
from alumni.web.moments import MomentField

MOST_GUESTS = 9
MOST_INVITED = 200


class AnswerForm(BaseForm):
    answer = ChoiceField(
        _l("Your answer"),
        choices=[(answer.value, answer.value) for answer in Answer],
        needed=_l("Answer going, maybe or not_going."),
    )
    is_online = wtforms.BooleanField(_l("Online"), false_values=("", "0", "false", "False"))
    guests = LinesField(
        _l("Your guests, one name a line"),
        most_lines=MOST_GUESTS,
        longest_line=100,
        hint=_l("Each of them takes a seat. The organisers read the names."),
        render_kw={"rows": 3},
    )

    def reply(self) -> Reply:
        """What was said, once it is valid."""
        return Reply(Answer(self.answer.data), bool(self.is_online.data), self.guests.lines)


class PageAnswerForm(AnswerForm):
    """The whole question on a page of its own."""

    answer = RadioField(
        _l("Are you going?"),
        choices=[
            (Answer.GOING.value, _l("I am going")),
            (Answer.MAYBE.value, _l("Perhaps")),
            (Answer.NOT_GOING.value, _l("I cannot come")),
        ],
        default=Answer.GOING.value,
        needed=_l("Choose whether you are going."),
    )
    is_online = RadioField(_l("How you take part"), choices=[("", _l("In person")), ("1", _l("Online"))], default="")


class ReasonForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=1000,
        needed=_l("Say why in a few words."),
        hint=_l("The person reads it."),
    )


class FrontForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=1000,
        needed=_l("Say why in a few words."),
        hint=_l("It stays in the log: others were in line before."),
    )


class InviteForm(BaseForm):
    handles = LinesField(
        _l("Whom do you invite?"),
        most_lines=MOST_INVITED,
        longest_line=200,
        needed=_l("Enter at least one member."),
        hint=_l("One member a line, by the address of their profile. Each gets a letter."),
    )

    @property
    def members(self) -> tuple[str, ...]:
        """Handles: the last part of each address."""
        return tuple(dict.fromkeys(line.rstrip("/").rpartition("/")[2] for line in self.handles.lines))


class RulesForm(BaseForm):
    answers_from = MomentField(_l("Answers from"), hint=_l("In the time of the event. Leave it empty to begin now."))
    answers_until = MomentField(
        _l("Answers until"), hint=_l("In the time of the event. Leave it empty to go on until it ends.")
    )
    most_guests = WholeNumberField(_l("Guests that one person may bring"), least=0, most=MOST_GUESTS)
    needs_approval = wtforms.BooleanField(_l("An organiser decides about everybody who wants to come"))
    is_by_invitation = wtforms.BooleanField(_l("Only those whom you invite can answer"))
    gives_at_once = RadioField(
        _l("When a seat becomes free"),
        choices=[
            ("", _l("It is offered to the first in line, with a deadline")),
            ("1", _l("The first in line has it at once")),
        ],
        default="",
    )
    lets_small_ahead = RadioField(
        _l("If the first in line needs more seats than are free"),
        choices=[("1", _l("Smaller parties go ahead")), ("", _l("The seats wait until there are enough"))],
        default="1",
    )

    def rules(self, zone: str) -> Rules:
        """What was entered, once it is valid. Raises Invalid for a moment that no clock there shows."""
        return Rules(
            most_guests=self.most_guests.data or 0,
            needs_approval=self.needs_approval.data,
            is_by_invitation=self.is_by_invitation.data,
            gives_at_once=bool(self.gives_at_once.data),
            lets_small_ahead=bool(self.lets_small_ahead.data),
            answers_from=_instant(self.answers_from, zone),
            answers_until=_instant(self.answers_until, zone),
        )


def values_of_rules(event: Event) -> dict[str, Any]:
    """How one answers an event, as its form shows it."""

    def wall(at: datetime | None) -> datetime | None:
        return walltime.wall_of(at, event.zone) if at else None

    return {
        "answers_from": wall(event.answers_from),
        "answers_until": wall(event.answers_until),
        "most_guests": event.most_guests,
        "needs_approval": event.needs_approval,
        "is_by_invitation": event.is_by_invitation,
        "gives_at_once": "1" if event.gives_at_once else "",
        "lets_small_ahead": "1" if event.lets_small_ahead else "",
    }


def _instant(field: MomentField, zone: str) -> datetime | None:
    """Of two moments at which clocks show the same, the first: a window may open an hour early."""
    if field.data is None:
        return None
    return walltime.promised(field.data, zone, field=field.name, is_second=False)
