"""What members enter about themselves, who may see it, and what they look for in the directory."""

from alumni.members.forms.directory import SORTS, DirectoryForm, cards, chosen, narrowings
from alumni.members.forms.names import AboutMeForm, NamesForm
from alumni.members.forms.privacy import AS, AUDIENCES, AllAtOnceForm, ListedForm, MeForm, PrivacyForm
from alumni.members.forms.profile import CareerForm, LanguagesForm, PictureForm, ProfileForm, StartForm
from alumni.members.forms.words import REASONS

__all__ = [
    "AS",
    "AUDIENCES",
    "REASONS",
    "SORTS",
    "AboutMeForm",
    "AllAtOnceForm",
    "CareerForm",
    "DirectoryForm",
    "LanguagesForm",
    "ListedForm",
    "MeForm",
    "NamesForm",
    "PictureForm",
    "PrivacyForm",
    "ProfileForm",
    "StartForm",
    "cards",
    "chosen",
    "narrowings",
]
