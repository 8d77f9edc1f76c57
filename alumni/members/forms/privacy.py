"""Who may see which part of a profile, and everything about oneself in one object."""

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l

from alumni.members.forms.names import NamesForm
from alumni.members.forms.profile import LanguagesForm, ProfileForm
from alumni.members.forms.words import AUDIENCE_WORDS
from alumni.members.models import FIELDS, Audience, Member
from alumni.web.forms import BaseForm, ChoiceField

AUDIENCES = [(audience.value, words) for audience, words in AUDIENCE_WORDS.items()]
NOT_PUBLIC = AUDIENCES[:-1]
AS = [(value, words) for value, words in AUDIENCES if value != Audience.ONLY_ME]


def _audience_of(field: str, label: Any, *, choices: Any = None) -> Any:
    """Who may see a field; before anybody has chosen, what a new member starts with."""
    first = Member.__table__.c[field].default.arg
    return ChoiceField(label, choices=choices or AUDIENCES, default=first)


class PrivacyForm(BaseForm):
    name_audience = _audience_of("name_audience", _l("Name"))
    former_names_audience = _audience_of("former_names_audience", _l("Former names, and names on papers"))
    picture_audience = _audience_of("picture_audience", _l("Picture"))
    place_audience = _audience_of("place_audience", _l("Country and city"))
    nationality_audience = _audience_of("nationality_audience", _l("Nationality"))
    community_audience = _audience_of("community_audience", _l("Home community"))
    work_audience = _audience_of("work_audience", _l("What you do"))
    career_audience = _audience_of("career_audience", _l("Career and education"))
    about_audience = _audience_of("about_audience", _l("About you, and links"))
    languages_audience = _audience_of("languages_audience", _l("Languages"))
    offers_audience = _audience_of("offers_audience", _l("What you offer and look for"))
    programmes_audience = _audience_of("programmes_audience", _l("Where and when you took part"))
    contact_audience = _audience_of("contact_audience", _l("How to reach you"), choices=NOT_PUBLIC)

    def audiences(self) -> dict[str, Audience]:
        """Of the fields that are in this form."""
        names = {field: f"{field}_audience" for field in FIELDS}
        return {field: Audience(self[name].data) for field, name in names.items() if name in self}


class AllAtOnceForm(BaseForm):
    everything = ChoiceField(_l("Show everything to"), choices=AUDIENCES)

    def audiences(self) -> dict[str, Audience]:
        chosen = Audience(self.everything.data)
        contact = Audience.MEMBERS if chosen == Audience.PUBLIC else chosen
        return dict.fromkeys(FIELDS, chosen) | {"contact": contact}


class ListedForm(BaseForm):
    """Leave the directory, or come back: the button pressed says which."""

    listed = ChoiceField(
        _l("The directory"),
        choices=[("no", _l("Leave the directory")), ("yes", _l("Return to the directory"))],
        needed=_l("Press one of the buttons."),
    )


class MeForm(NamesForm, ProfileForm, LanguagesForm, PrivacyForm):
    """Everything about oneself in one JSON object; what is not sent stays as it was."""

    is_listed = wtforms.BooleanField(_l("In the directory"))
