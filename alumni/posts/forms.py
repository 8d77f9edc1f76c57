"""What people enter to write, edit, announce and hide posts, and to leave a group with them or without."""

from collections.abc import Sequence
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core import pictures
from alumni.core.places import LANGUAGES
from alumni.core.text import clean_line
from alumni.posts.actions import MOST_PICTURES
from alumni.posts.queries import Part
from alumni.posts.queries.announcing import find_cohort_id
from alumni.web.forms import (
    BaseForm,
    BlockField,
    ChoiceField,
    LineField,
    OnceForm,
    PictureField,
    RadioField,
    text_problem,
)
from alumni.web.gate import me
from alumni.web.templating import country_choices

LONGEST_POST = 10_000
LONGEST_REASON = 2000
LONGEST_ALT = 300


def my_language() -> str:
    """The reader's own, as far as it is one that people write in."""
    code = me().language
    return code if code in LANGUAGES else code.partition("-")[0] if code.partition("-")[0] in LANGUAGES else "en"


class LanguageField(LineField):
    """A language by its code; whoever says nothing writes in their own."""

    def process_formdata(self, values: Sequence[str]) -> None:
        if values:
            super().process_formdata(values)

    def pre_validate(self, form: wtforms.Form) -> None:
        super().pre_validate(form)
        if self.data not in LANGUAGES:
            raise StopValidation(gettext("Choose one from the list."))


class PicturesField(PictureField):
    """Several files, each with a text that says what is in it."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.flags.required = False

    def sent(self) -> list[tuple[bytes, str]]:
        """What was sent: each file, a byte beyond what we take at most, and its text."""
        files = request.files.getlist(self.name)[: MOST_PICTURES + 1]
        texts = [*map(clean_alt, request.form.getlist("alt")), *[""] * len(files)]
        chosen = [(file, alt) for file, alt in zip(files, texts, strict=False) if file.filename]
        return [(file.stream.read(pictures.MOST_BYTES + 1), alt) for file, alt in chosen]


def clean_alt(text: str) -> str:
    """A text for who does not see a picture; what nobody types on purpose is asked for again."""
    return clean_line(text)[:LONGEST_ALT] if text_problem(text) is None else ""


class PostForm(OnceForm):
    body = BlockField(
        _l("Write to the group"),
        longest=LONGEST_POST,
        needed=_l("Write something first."),
        hint=_l("People in the group read it. An empty line begins a paragraph; *word* is emphasised."),
        render_kw={"rows": 5},
    )
    language = LanguageField(_l("Language"), longest=16, default=my_language)


class PostWithPicturesForm(PostForm):
    picture = PicturesField(_l("Pictures"))


class ProgrammePostForm(PostWithPicturesForm):
    body = BlockField(
        _l("Write to everybody who was there"),
        longest=LONGEST_POST,
        needed=_l("Write something first."),
        hint=_l("Everybody with a verified participation reads it, whichever cohort they were in."),
        render_kw={"rows": 5},
    )


class AnswerForm(PostForm):
    body = BlockField(
        _l("Your answer"), longest=LONGEST_POST, needed=_l("Write something first."), render_kw={"rows": 4}
    )


class EditForm(BaseForm):
    body = BlockField(
        _l("Your post"),
        longest=LONGEST_POST,
        needed=_l("Write something first."),
        hint=_l(
            "It is marked as edited. You, the organisers and, if it is reported, the moderators "
            "can see how it read before."
        ),
        render_kw={"rows": 10},
    )
    language = LanguageField(_l("Language"), longest=16, default=my_language)
    edits = wtforms.HiddenField()  # how often it was edited when the form was opened

    def seen_edits(self) -> int | None:
        return int(self.edits.data) if (self.edits.data or "").isdecimal() and len(self.edits.data) < 9 else None


class AnnounceForm(BaseForm):
    country = ChoiceField(
        _l("Where they live"), default="", choices=lambda: [("", gettext("Everywhere")), *country_choices()]
    )
    cohort = ChoiceField(_l("Which cohort they were in"), default="", choices=[])
    role = RadioField(
        _l("Whom to write to"),
        default="everybody",
        choices=[("everybody", _l("Everybody")), ("organisers", _l("Organisers, here and above"))],
    )
    is_public = wtforms.BooleanField(
        _l("Show it to everybody, in the public feed of the group"),
        description=_l("Without pictures, and with your name only if it is open to the public."),
    )

    def offer(self, cohorts: Sequence[tuple[str, str]]) -> None:
        self.cohort.choices = [("", gettext("Any")), *cohorts]

    def part(self) -> Part:
        cohort_id = find_cohort_id(self.cohort.data) if self.cohort.data else None
        return Part(self.country.data or "", cohort_id, self.role.data == "organisers")


class HideForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=LONGEST_REASON,
        needed=_l("Say why. The author reads it."),
        hint=_l("The author reads this, and it stays in the log."),
    )


class LeaveForm(BaseForm):
    posts = RadioField(
        _l("What you wrote here"),
        default="keep",
        choices=[
            ("keep", _l("It stays, under your name as far as others may see it")),
            ("remove", _l("It goes, and the answers to it go with it")),
        ],
    )
