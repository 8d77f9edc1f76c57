"""What members enter about themselves, who may see it, and what they look for in the directory."""

from alumni.members.forms.directory import DirectoryForm
from alumni.members.forms.profile import AS, AllAtOnceForm, MeForm, PictureForm, PrivacyForm, ProfileForm

__all__ = ["AS", "AllAtOnceForm", "DirectoryForm", "MeForm", "PictureForm", "PrivacyForm", "ProfileForm"]
