"""Which letters somebody wants, and when they wait."""

from typing import Any

from flask_babel import lazy_gettext as _l

from alumni.groups.forms import RHYTHMS as WORDS
from alumni.groups.models import Rhythm
from alumni.mailing.models import Kind
from alumni.mailing.policy import RHYTHMS
from alumni.web.forms import BaseForm, ChoiceField

_HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]


def _of(kind: Kind, label: Any, hint: Any = "") -> ChoiceField:
    words = dict(WORDS)
    choices = [(rhythm.value, words[rhythm.value]) for rhythm in sorted(RHYTHMS[kind], key=list(Rhythm).index)]
    return ChoiceField(label, choices=choices, default=RHYTHMS[kind][0].value, hint=hint)


class LettersForm(BaseForm):
    """A row for each kind of letter that can be chosen; the names are those of `Kind`."""

    digest = _of(
        Kind.DIGEST,
        _l("What is new, gathered in one letter"),
        _l("What waits for you, events near you and of your programmes, and the groups for which you chose it below."),
    )
    announcements = _of(Kind.ANNOUNCEMENTS, _l("Announcements of my groups"))
    answers = _of(Kind.ANSWERS, _l("Answers to what I wrote"))
    messages = _of(Kind.MESSAGES, _l("Messages from one person to another"))
    reminders = _of(Kind.REMINDERS, _l("Reminders before events that I come to"))
    questions = _of(
        Kind.QUESTIONS,
        _l("Questions to me"),
        _l("Whether you were there with somebody, how an event was, how your plan goes."),
    )
    elections = _of(Kind.ELECTIONS, _l("Votes in my groups"))
    profile = _of(Kind.PROFILE, _l("Whether my profile is still right, twice a year"))
    starts = ChoiceField(_l("From"), choices=_HOURS)
    ends = ChoiceField(_l("Until"), choices=_HOURS)

    @property
    def kinds(self) -> list[Any]:
        return [self[kind.value] for kind in RHYTHMS]

    def chosen(self) -> dict[Kind, Rhythm]:
        return {kind: Rhythm(self[kind.value].data) for kind in RHYTHMS}


class GroupForm(BaseForm):
    """How often letters of one group come."""

    letters = ChoiceField(_l("Letters about what is new here"), choices=WORDS, default=Rhythm.WEEKLY.value)
