"""What is entered about an event afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core import clock, pictures
from alumni.core.text import clean_line
from alumni.reports.actions import (
    DEFAULTS,
    MOST_PICTURES,
    MOST_QUESTIONS,
    MOST_QUOTES,
    LastingDraft,
    Question,
    Quote,
    ReportDraft,
)
from alumni.reports.models import EventReport, QuestionKind
from alumni.web.forms import (
    BaseForm,
    BlockField,
    ChoiceField,
    DayField,
    LineField,
    OnceForm,
    PictureField,
    RadioField,
    RowsField,
    text_problem,
)

LONGEST = 20_000
LONGEST_CAPTION = 300
# What we offer to ask. Kept as it is offered, it stands in each reader's language.
OFFERED = {
    "overall": _l("How was the event as a whole?"),
    "learnt": _l("How much did you take home that you can use?"),
    "better": _l("What should be done differently next time?"),
}
KINDS = [(QuestionKind.SCALE.value, _l("One to five")), (QuestionKind.WORDS.value, _l("In your own words"))]
STEPS = {"1": _l("1: lowest"), "2": "2", "3": "3", "4": "4", "5": _l("5: highest")}
ACTS = [("save", _l("Save")), ("publish", _l("Publish")), ("draft", _l("Keep as a draft"))]


class QuoteRow(BaseForm):
    words = BlockField(_l("Their words"), longest=600, render_kw={"rows": 3})
    by = LineField(_l("Who said it"), longest=200, hint=_l("As they wish to be named."))
    agreed = wtforms.BooleanField(_l("They have agreed to be quoted here"))

    @property
    def is_empty(self) -> bool:
        return not (self.words.data or self.by.data)

    def validate_words(self, field: Any) -> None:
        if not self.is_empty and not field.data:
            raise StopValidation(gettext("Enter what they said."))

    def validate_by(self, field: Any) -> None:
        if not self.is_empty and not field.data:
            raise StopValidation(gettext("Say who said it."))

    def validate_agreed(self, field: Any) -> None:
        if not self.is_empty and not field.data:
            raise StopValidation(gettext("Quote only who has agreed: ask them, then tick it, or leave the quote out."))


def _tomorrow() -> date:
    return clock.now().date() + timedelta(days=1)


class ReportForm(BaseForm):
    """The report; `act`: publish counts anew and shows it, draft takes it back, save leaves that as it is."""

    words_en = BlockField(
        _l("What happened, in English"),
        longest=LONGEST,
        hint=_l("An empty line begins a paragraph; *word* is emphasised."),
        render_kw={"rows": 10, "lang": "en"},
    )
    words_ja = BlockField(_l("What happened, in Japanese"), longest=LONGEST, render_kw={"rows": 10, "lang": "ja"})
    minutes_en = BlockField(_l("Minutes, in English"), longest=LONGEST, render_kw={"rows": 8, "lang": "en"})
    minutes_ja = BlockField(_l("Minutes, in Japanese"), longest=LONGEST, render_kw={"rows": 8, "lang": "ja"})
    quotes = RowsField(QuoteRow, _l("Quotes"), most=MOST_QUOTES)
    handed_to = LineField(_l("Handed to"), longest=200, hint=_l("Like: Embassy of Japan in Laos"))
    handed_on = DayField(_l("Handed on"), first=date(1950, 1, 1), last=_tomorrow)
    shows_feedback = wtforms.BooleanField(
        _l("Show the averages of what those who came say"), description=_l("From three answers upward, without names.")
    )
    act = ChoiceField(_l("What to do"), choices=ACTS, default="save")
    edits = wtforms.HiddenField(default="")

    def draft(self) -> ReportDraft:
        quotes = [entry.form for entry in self.quotes.entries if not entry.form.is_empty]
        return ReportDraft(
            **{name: self[name].data or "" for name in ("words_en", "words_ja", "minutes_en", "minutes_ja")},
            quotes=[Quote(form.words.data, form.by.data, form.agreed.data) for form in quotes],
            handed_to=self.handed_to.data or "",
            handed_on=self.handed_on.data or "",
            shows_feedback=self.shows_feedback.data,
        )

    @property
    def publish(self) -> bool | None:
        return {"publish": True, "draft": False}.get(self.act.data)

    @property
    def known_edits(self) -> int | None:
        text = str(self.edits.data or "")
        return int(text) if text.isdecimal() and len(text) < 9 else None


def facts_of(report: EventReport | None) -> dict[str, Any]:
    """What the form of a report begins with."""
    if report is None:
        return {"edits": "0"}
    names = ("words_en", "words_ja", "minutes_en", "minutes_ja", "handed_to", "handed_on", "shows_feedback")
    quotes = [each | {"agreed": True} for each in report.quotes]
    return {name: getattr(report, name) for name in names} | {"quotes": quotes, "edits": str(report.edits)}


class CaptionedField(PictureField):
    """Several files, each with its caption."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.required = False

    def sent(self) -> list[tuple[bytes, str]]:
        """What was sent: each file, a byte beyond what we take at most, and its caption."""
        files = request.files.getlist(self.name)[: MOST_PICTURES + 1]
        captions = [*map(clean_caption, request.form.getlist("caption")), *[""] * len(files)]
        chosen = [(file, caption) for file, caption in zip(files, captions, strict=False) if file.filename]
        return [(file.stream.read(pictures.MOST_BYTES + 1), caption) for file, caption in chosen]


def clean_caption(text: str) -> str:
    return clean_line(text)[:LONGEST_CAPTION] if text_problem(text) is None else ""


class PicturesForm(BaseForm):
    picture = CaptionedField(_l("Pictures"))


class QuestionRow(BaseForm):
    label = LineField(_l("Question"), longest=200)
    kind = ChoiceField(_l("How it is answered"), choices=KINDS, default=QuestionKind.SCALE.value)


class QuestionsForm(BaseForm):
    questions = RowsField(QuestionRow, _l("Questions"), most=MOST_QUESTIONS)

    def drafts(self) -> list[Question]:
        rows = [entry.form for entry in self.questions.entries if entry.form.label.data]
        return [Question(QuestionKind(row.kind.data), row.label.data, _offered(row)) for row in rows]


def _offered(row: QuestionRow) -> str:
    """The code of one of ours that was left as it stands."""
    same = (code for code, kind in DEFAULTS.items() if (str(OFFERED[code]), kind) == (row.label.data, row.kind.data))
    return next(same, "")


def label_of(question: Mapping[str, str]) -> str:
    """A question in the reader's language, where it is one of ours."""
    return str(OFFERED[question["offered"]]) if question["offered"] in OFFERED else question["label"]


def rows_of(questions: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the form of questions begins with: what is asked, else what we offer."""
    if questions:
        return {"questions": [{"label": label_of(each), "kind": each["kind"]} for each in questions]}
    return {"questions": [{"label": str(OFFERED[code]), "kind": kind.value} for code, kind in DEFAULTS.items()]}


class FeedbackForm(BaseForm):
    """What somebody says of an event: a field for each question, by its key."""

    def replies(self) -> dict[str, Any]:
        """Numbers from one to five, and texts; what was left empty is left out."""
        given = {field.name: field.data for field in self if field.data}
        return {key: int(value) if self[key].type == "RadioField" else value for key, value in given.items()}


def feedback_form(questions: Sequence[Mapping[str, str]]) -> type[FeedbackForm]:
    """The form that asks these questions."""
    fields: dict[str, Any] = {}
    for question in questions:
        label = label_of(question)
        if question["kind"] == QuestionKind.SCALE:
            fields[question["key"]] = RadioField(
                label, choices=[("", _l("No answer")), *STEPS.items()], default="", needed=_l("Choose one to five.")
            )
        else:
            fields[question["key"]] = BlockField(label, longest=2000, render_kw={"rows": 4})
    return type("FeedbackForm", (FeedbackForm,), fields)


class LastingForm(OnceForm):
    name = LineField(_l("Name"), longest=300, needed=_l("Enter the name of the group."))
    about = BlockField(
        _l("What is it for?"), longest=5000, needed=_l("Say in a sentence or two what the group is for.")
    )
    words = BlockField(_l("A few words to those who came"), longest=1000, hint=_l("They stand in the letter."))

    def draft(self) -> LastingDraft:
        return LastingDraft(self.name.data, self.about.data, self.words.data or "")
