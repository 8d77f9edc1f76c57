"""Choosing letters, addresses that do not work, profiles that are looked at again, jobs once more."""

from alumni.mailing.actions.addresses import confirm_works, note_bounce, tell_address
from alumni.mailing.actions.choices import choose, choose_quiet_hours, resume_letters, stop_letters
from alumni.mailing.actions.profiles import ask_about_profiles, confirm_profile
from alumni.mailing.actions.queue import try_again

__all__ = [
    "ask_about_profiles",
    "choose",
    "choose_quiet_hours",
    "confirm_profile",
    "confirm_works",
    "note_bounce",
    "resume_letters",
    "stop_letters",
    "tell_address",
    "try_again",
]
