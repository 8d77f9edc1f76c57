"""What members enter about themselves, who may see it, and what they look for in the directory."""

from alumni.members.forms.directory import SORTS, DirectoryForm, chosen, narrowings, offers_in_words
from alumni.members.forms.profile import AS, AllAtOnceForm, MeForm, PictureForm, PrivacyForm, ProfileForm
from alumni.members.forms.words import REASONS

__all__ = [
    "AS",
    "REASONS",
    "SORTS",
    "AllAtOnceForm",
    "DirectoryForm",
    "MeForm",
    "PictureForm",
    "PrivacyForm",
    "ProfileForm",
    "chosen",
    "narrowings",
    "offers_in_words",
]
