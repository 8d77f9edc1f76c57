"""What people enter to answer an event, and organisers to decide about it."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from alumni.attendance.actions import QuestionDraft, Reply, Rules
from alumni.attendance.models import EventQuestion, QuestionKind
from alumni.core import walltime
from alumni.events.models import COMING, Answer, Event
from alumni.web.forms import (
    BaseForm,
    BlockField,
    ChecksField,
    ChoiceField,
    DayField,
    FormT,
    LineField,
    LinesField,
    PictureField,
    RadioField,
    WholeNumberField,
)
from alumni.web.moments import MomentField
from alumni.web.templating import country_choices

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

    def reply(self, said: Mapping[str, str] | None = None) -> Reply:
        """What was said, once it is valid."""
        return Reply(Answer(self.answer.data), bool(self.is_online.data), self.guests.lines, said)


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


class SeriesAnswerForm(BaseForm):
    answer = ChoiceField(
        _l("Your answer"),
        choices=[(answer.value, answer.value) for answer in (Answer.GOING, Answer.NOT_GOING)],
        needed=_l("Answer going or not_going."),
    )


PREFIX = "q_"
LONGEST_REPLY = 2000


class SentField(wtforms.Field):
    """A file that is sent by itself: here stands only whether it is there."""

    def __init__(self, label: Any, *, is_sent: bool, **kwargs: Any) -> None:
        self.is_sent = is_sent
        super().__init__(label, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = ()
        self.data = "sent" if self.is_sent else ""


class FileForm(BaseForm):
    file = PictureField(
        _l("A picture or a PDF"),
        accept="image/*,application/pdf",
        hint=_l("JPEG, PNG, WebP, HEIC or PDF, at most 10 MB. Only the organisers and you see it."),
    )


def _asked_by(question: EventQuestion, sent: Container[str]) -> Any:
    """The field for a question. Whether it has to be answered depends on the answer and on other questions."""
    choices = [("", "–"), *((choice, choice) for choice in question.choices.split("\n"))]
    match question.kind:
        case QuestionKind.CHOICE:
            return ChoiceField(question.label, choices=choices, default="")
        case QuestionKind.SEVERAL:
            return ChecksField(question.label, choices=[SelectChoice(*pair) for pair in choices[1:]])
        case QuestionKind.NUMBER:
            return WholeNumberField(question.label, least=0, most=10**9)
        case QuestionKind.COUNTRY:
            return ChoiceField(question.label, choices=lambda: [("", "–"), *country_choices()], default="")
        case QuestionKind.FILE:
            return SentField(question.label, is_sent=question.key in sent)
    return BlockField(question.label, longest=LONGEST_REPLY, render_kw={"rows": 3})


class _Asking:
    """An answer with the questions of its event. Put before a form of answers."""

    questions: tuple[EventQuestion, ...] = ()

    @property
    def sent_names(self) -> Container[str]:
        """The names of what was sent."""
        return cast(Any, self).sent or request.form

    def asked(self) -> list[tuple[EventQuestion, Any]]:
        """Each question with its field."""
        fields = cast(Any, self)._fields
        return [(question, fields[PREFIX + question.key]) for question in self.questions]

    def needs_replies(self) -> bool:
        """Each question that has to be answered is, where somebody comes. Else an error stands at its field."""
        said, is_complete = self.said(), True
        for question, field in self.asked():
            if question.is_required and self._applies(question, said) and not said.get(question.key):
                field.errors = [
                    gettext("Send this file first.")
                    if question.kind == QuestionKind.FILE
                    else gettext("Answer this question.")
                ]
                is_complete = False
        return is_complete

    def said(self) -> dict[str, str]:
        """What was said, by the keys of the questions that apply; several choices one a line."""
        values = {question.key: _text(field.data) for question, field in self.asked()}
        return {question.key: values[question.key] for question, _ in self.asked() if self._applies(question, values)}

    def _applies(self, question: EventQuestion, values: dict[str, str]) -> bool:
        if question.only_if_id is None:
            return True
        earlier = next((each for each in self.questions if each.id == question.only_if_id), None)
        if earlier is None or not self._applies(earlier, values):
            return False
        return question.only_if_value in values.get(earlier.key, "").split("\n")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def asking(form_class: type[FormT], questions: Sequence[EventQuestion], sent: Container[str] = ()) -> type[FormT]:
    """The form of an answer to one event, with a field for each of its questions.

    `sent`: the keys of the questions to which a file is there.
    """
    made: type[FormT] = _with_fields(form_class, questions, sent) if questions else _with_none(cast(Any, form_class))
    return made


def _with_fields(form_class: type[FormT], questions: Sequence[EventQuestion], sent: Container[str] = ()) -> type[FormT]:
    fields = {PREFIX + question.key: _asked_by(question, sent) for question in questions}
    more = {"questions": tuple(questions), **fields}
    made: type[FormT] = cast(Any, type)(form_class.__name__, (_Asking, form_class), more)
    return made


@cache
def _with_none(form_class: Any) -> Any:
    """Most events ask nothing: their form is made once."""
    return _with_fields(form_class, ())


class RepliesNeeded(Exception):
    """A question that has to be answered is not. The error stands at its field."""


def reply_of(form: Any, event: Any) -> Reply:
    """The answer with what was said. Whoever only takes an offer, or leaves questions out that they answered, keeps it.

    Raises RepliesNeeded.
    """
    is_sent = any(name in form.sent_names for name in form._fields if name.startswith(PREFIX))
    if not form.questions or form.answer.data != Answer.GOING or (event.my_state in COMING and not is_sent):
        return cast(Reply, form.reply())
    if not form.needs_replies():
        raise RepliesNeeded
    return cast(Reply, form.reply(form.said()))


class QuestionForm(BaseForm):
    label = LineField(_l("Question"), longest=300, needed=_l("Write the question."))
    kind = RadioField(
        _l("How it is answered"),
        choices=[
            (QuestionKind.TEXT.value, _l("In words")),
            (QuestionKind.CHOICE.value, _l("One of several choices")),
            (QuestionKind.SEVERAL.value, _l("Any of several choices")),
            (QuestionKind.NUMBER.value, _l("With a number")),
            (QuestionKind.COUNTRY.value, _l("With a country")),
            (QuestionKind.FILE.value, _l("With a file: a picture or a PDF")),
        ],
        default=QuestionKind.TEXT.value,
    )
    choices = LinesField(_l("Choices, one a line"), most_lines=30, longest_line=200, hint=_l("Only for choices."))
    is_required = wtforms.BooleanField(_l("Whoever comes has to answer it"))
    only_if = ChoiceField(_l("Ask only those who said"), choices=list, default="")

    def offer(self, questions: Sequence[EventQuestion]) -> None:
        """What an earlier question may have been answered with."""
        self.only_if.choices = [("", gettext("Ask everybody"))] + [
            (f"{question.key}:{choice}", f"{question.label} {choice}")
            for question in questions
            for choice in question.choices.split("\n")
            if choice
        ]

    def draft(self) -> QuestionDraft:
        """What was entered, once it is valid."""
        key, _, value = (self.only_if.data or "").partition(":")
        return QuestionDraft(
            kind=QuestionKind(self.kind.data),
            label=self.label.data,
            choices=self.choices.lines,
            is_required=self.is_required.data,
            only_if=key,
            only_if_value=value,
        )


class KeepForm(BaseForm):
    replies_until = DayField(
        _l("Keep what people say until"),
        first=date(2000, 1, 1),
        last=lambda: date(2100, 1, 1),
        needed=_l("Choose a day."),
        hint=_l("After this day it is deleted. At most a year after the event."),
    )


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
    takes_visitors = wtforms.BooleanField(
        _l("People without an account can come too"),
        description=_l("They confirm their e-mail address. Only if the event is open to everybody."),
    )
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
            takes_visitors=self.takes_visitors.data,
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
        "takes_visitors": event.takes_visitors,
        "gives_at_once": "1" if event.gives_at_once else "",
        "lets_small_ahead": "1" if event.lets_small_ahead else "",
    }


def _instant(field: MomentField, zone: str) -> datetime | None:
    """Of two moments at which clocks show the same, the first: a window may open an hour early."""
    if field.data is None:
        return None
    return walltime.promised(field.data, zone, field=field.name, is_second=False)
