"""What members enter about themselves, and who may see it."""

import unicodedata
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.members.actions import ProfileDraft
from alumni.members.forms.words import AUDIENCE_WORDS
from alumni.members.models import FIELDS, Audience, Member
from alumni.web.forms import BaseForm, ChoiceField, LineField, PictureField, RadioField
from alumni.web.templating import country_choices

AUDIENCES = [(audience.value, words) for audience, words in AUDIENCE_WORDS.items()]
NOT_PUBLIC = AUDIENCES[:-1]
AS = [(value, words) for value, words in AUDIENCES if value != Audience.ONLY_ME]


# Letters by their category, but nobody sees them.
FILLERS = "\u115f\u1160\u3164\uffa0"
MOST_MARKS = 5  # on one letter: Burmese names have up to five, as in လျှော့


def check_name(field: Any) -> None:
    """A name can be read: it has a letter or a digit, and no tower of marks."""
    marks, is_readable = 0, False
    for char in field.data:
        category = unicodedata.category(char)
        is_readable = is_readable or (category[0] in "LN" and char not in FILLERS)
        if category != "Cf":  # what is invisible does not begin a new letter
            marks = marks + 1 if category[0] == "M" else 0
        if marks > MOST_MARKS:
            raise StopValidation(gettext("There are too many marks on one letter. Type it again with fewer."))
    if not is_readable:
        raise StopValidation(gettext("Enter a name with at least one letter or digit."))


def _no_country_or(words: Any) -> Any:
    """Choices are made anew for each form: their names and order are those of the reader's language."""
    return lambda: [("", words), *country_choices()]


class ProfileForm(BaseForm):
    name = LineField(
        _l("Name"),
        longest=200,
        needed=_l("Enter your name."),
        hint=_l("In your own script and in the order in which you write it. One name alone is fine."),
        render_kw={"autocomplete": "name"},
    )
    name_romanised = LineField(
        _l("Name in Latin letters"), longest=200, hint=_l("If your name is written in another script.")
    )
    country = ChoiceField(
        _l("Country where you live"), choices=_no_country_or(_l("I would rather not say")), default=""
    )
    city = LineField(_l("City"), longest=120)
    headline = LineField(_l("What you do"), longest=200, hint=_l("In one line, for example: teacher of chemistry."))
    contact = LineField(
        _l("How to reach you"),
        longest=300,
        hint=_l("An e-mail address, a telephone number or a page. Never shown to the public; at first only to you."),
    )

    def validate_name(self, field: Any) -> None:
        check_name(field)

    def validate_name_romanised(self, field: Any) -> None:
        if field.data:
            check_name(field)

    def draft(self) -> ProfileDraft:
        return ProfileDraft(
            name=self.name.data,
            name_romanised=self.name_romanised.data,
            country=self.country.data,
            city=self.city.data,
            headline=self.headline.data,
            contact=self.contact.data,
        )


def _audience_of(field: str, label: Any, *, choices: Any = None, hint: Any = "") -> Any:
    """Who may see a field; before anybody has chosen, what a new member starts with."""
    first = Member.__table__.c[field].default.arg
    return RadioField(label, choices=choices or AUDIENCES, default=first, hint=hint)


class PrivacyForm(BaseForm):
    name_audience = _audience_of(
        "name_audience", _l("Name"), hint=_l("Whoever may not see your name cannot find you at all.")
    )
    former_names_audience = _audience_of("former_names_audience", _l("Former names"))
    picture_audience = _audience_of("picture_audience", _l("Picture"))
    place_audience = _audience_of("place_audience", _l("Country and city"))
    nationality_audience = _audience_of("nationality_audience", _l("Nationality"))
    community_audience = _audience_of("community_audience", _l("Home community"))
    work_audience = _audience_of("work_audience", _l("What you do"))
    career_audience = _audience_of("career_audience", _l("Career and education"))
    about_audience = _audience_of("about_audience", _l("About you"))
    languages_audience = _audience_of("languages_audience", _l("Languages"))
    offers_audience = _audience_of("offers_audience", _l("What you offer and look for"))
    programmes_audience = _audience_of("programmes_audience", _l("Where and when you took part"))
    contact_audience = _audience_of(
        "contact_audience", _l("How to reach you"), choices=NOT_PUBLIC, hint=_l("This is never public.")
    )

    def audiences(self) -> dict[str, Audience]:
        return {field: Audience(self[f"{field}_audience"].data) for field in FIELDS}


class AllAtOnceForm(BaseForm):
    everything = ChoiceField(_l("Show everything to"), choices=AUDIENCES)

    def audiences(self) -> dict[str, Audience]:
        chosen = Audience(self.everything.data)
        contact = Audience.MEMBERS if chosen == Audience.PUBLIC else chosen
        return dict.fromkeys(FIELDS, chosen) | {"contact": contact}


class MeForm(ProfileForm, PrivacyForm):
    """Everything about oneself in one JSON object; an audience that is not sent stays as it was."""


class PictureForm(BaseForm):
    picture = PictureField(
        _l("Picture"),
        hint=_l(
            "JPEG, PNG, WebP, HEIC or AVIF, up to 8 MB. We keep the middle of it, as a square. "
            "Where and when it was taken is removed."
        ),
    )
