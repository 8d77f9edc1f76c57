"""What members are called: names as data, in any script, without a forced split."""

import re
import unicodedata
from dataclasses import fields
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.members.actions import ProfileDraft
from alumni.web.forms import BaseForm, LineField, LinesField

# Letters by their category, but nobody sees them.
FILLERS = "\u115f\u1160\u3164\uffa0"
MOST_MARKS = 5  # on one letter: Burmese names have up to five, as in လျှော့
MOST_FORMER_NAMES = 10
_DRAFTED = tuple(field.name for field in fields(ProfileDraft))
# Hiragana, katakana with the marks that belong to them, and what parts two names.
_NOT_KANA = re.compile("[^\u3041-\u3096\u309d\u309e\u30a0-\u30ff\u31f0-\u31ff =]")


class AboutMeForm(BaseForm):
    """A part of one's own profile. What is no field of the form stays as it was."""

    def draft(self) -> ProfileDraft:
        return ProfileDraft(**{name: self._value(self[name]) for name in _DRAFTED if name in self})

    @staticmethod
    def _value(field: Any) -> Any:
        if field.name == "former_names":
            return "\n".join(field.lines)
        return field.value if hasattr(field, "value") else field.data or ""


def readable(text: str) -> None:
    """A name can be read: it has a letter or a digit, and no tower of marks."""
    marks, is_readable = 0, False
    for char in text:
        category = unicodedata.category(char)
        is_readable = is_readable or (category[0] in "LN" and char not in FILLERS)
        if category != "Cf":  # what is invisible does not begin a new letter
            marks = marks + 1 if category[0] == "M" else 0
        if marks > MOST_MARKS:
            raise StopValidation(gettext("There are too many marks on one letter. Type it again with fewer."))
    if not is_readable:
        raise StopValidation(gettext("Enter a name with at least one letter or digit."))


def _is_name(form: BaseForm, field: Any) -> None:
    if field.data:
        readable(field.data)


def _are_names(form: BaseForm, field: Any) -> None:
    for name in field.lines:
        readable(name)


class KanaField(LineField):
    """How a name is read, in hiragana or katakana; the narrow katakana of old forms become wide."""

    @staticmethod
    def clean(text: str) -> str:
        return " ".join(unicodedata.normalize("NFKC", text).split())

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        wrong = _NOT_KANA.search(self.data or "")
        if wrong:
            raise StopValidation(
                gettext("Write the reading in kana only, with spaces. This is no kana: %(sign)s", sign=wrong.group())
            )


class NamesForm(AboutMeForm):
    name = LineField(
        _l("Name"),
        longest=200,
        needed=_l("Enter your name."),
        hint=_l("In your own script and in the order in which you write it. One name alone is fine."),
        validators=[_is_name],
    )
    name_romanised = LineField(
        _l("Name in Latin letters"),
        longest=200,
        hint=_l("If your name is written in another script."),
        validators=[_is_name],
    )
    name_reading = KanaField(
        _l("Reading in kana"),
        longest=200,
        hint=_l("How your name is read, for those who know Japanese, for example ぶんみー ゔぉんさー."),
    )
    family_name = LineField(
        _l("Family name"),
        longest=200,
        hint=_l(
            "The part of your name that is your family name, one word or several. "
            "Lists are in the order of family names. Leave it empty if you have none."
        ),
    )
    call_me = LineField(
        _l("What to call you"),
        longest=80,
        hint=_l("The name that friends use, for example Mimi."),
        validators=[_is_name],
    )
    former_names = LinesField(
        _l("Former names"),
        most_lines=MOST_FORMER_NAMES,
        longest_line=200,
        hint=_l("One a line, if people from then know you by another name. At first only you see them."),
        validators=[_are_names],
    )
