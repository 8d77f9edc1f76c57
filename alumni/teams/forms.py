"""What organisers enter of a round, and teams of their idea."""

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from alumni.core.errors import Invalid
from alumni.core.text import clean_line
from alumni.teams.actions import RoundDraft
from alumni.teams.models import LARGEST_SIZE, LEAST_SIZE
from alumni.web.forms import BaseForm, BlockField, LineField, OnceForm, WholeNumberField
from alumni.web.moments import MomentField, WhichField, ZoneField

LONGEST = 50_000


class RoundForm(OnceForm):
    title = LineField(_l("Task"), longest=200, needed=_l("Say in a line what the teams do."))
    task = BlockField(_l("What exactly, and what is handed in?"), longest=20_000, hint=_l("Markdown may be used."))
    deadline = MomentField(_l("Until when?"), needed=_l("Enter the day and the time of the deadline."))
    fold = WhichField(_l("Clocks go back that day. Which one do you mean?"))
    zone = ZoneField(_l("Time zone"), needed=_l("There is no such time zone. Choose one from the list."))
    size = WholeNumberField(_l("People in a team, at most"), least=LEAST_SIZE, most=LARGEST_SIZE, default=6)
    forms_itself = wtforms.BooleanField(_l("Members found teams and join them by themselves"), default=True)
    opens_after = wtforms.BooleanField(_l("After the deadline everybody reads what was handed in"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_repeated = False
        super().__init__(*args, **kwargs)

    def blame(self, error: Invalid) -> None:
        """Where clocks go back, the page asks which of the two times is meant."""
        super().blame(error)
        self.is_repeated = self.is_repeated or error.problem == "time-repeated"

    @property
    def asks_fold(self) -> bool:
        return self.is_repeated or bool(self.fold.data or self.fold.errors)

    def draft(self) -> RoundDraft:
        """What was entered, once it is valid."""
        if self.deadline.data is None:
            raise ValueError("the form is not valid")
        return RoundDraft(
            title=self.title.data,
            task=self.task.data,
            deadline=self.deadline.data,
            zone=self.zone.data,
            size=self.size.data or LEAST_SIZE,
            forms_itself=self.forms_itself.data,
            opens_after=self.opens_after.data,
            is_second=self.fold.is_second,
        )


class NameForm(BaseForm):
    name = LineField(_l("Name of the team"), longest=120, needed=_l("Give the team a name."))


class HandleForm(BaseForm):
    handle = LineField(
        _l("Who?"),
        longest=200,
        needed=_l("Enter the address of the person's profile."),
        hint=_l("The address of their profile."),
    )

    @property
    def member(self) -> str:
        """The handle: the last part of the address of a profile."""
        return clean_line(self.handle.data or "").rstrip("/").rpartition("/")[2]


class TopicForm(BaseForm):
    topic = LineField(_l("Topic"), longest=300)
    chair = LineField(_l("Who chairs it"), longest=40)


class IdeaForm(BaseForm):
    title = LineField(_l("Title"), longest=200, needed=_l("Give it a title."))
    idea = BlockField(
        _l("The idea or the plan"), longest=LONGEST, needed=_l("Write it down."), hint=_l("Markdown may be used.")
    )
    edits = wtforms.HiddenField(default="0")
    hand_in = wtforms.BooleanField(_l("Hand it in"))

    @property
    def seen(self) -> int:
        text = str(self.edits.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class CommentForm(OnceForm):
    body = BlockField(_l("Comment"), longest=5000, needed=_l("Write something."))
