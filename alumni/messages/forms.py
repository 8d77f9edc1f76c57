"""What people enter about messages."""

from flask_babel import lazy_gettext as _l

from alumni.messages.models import InLetters, MayWrite
from alumni.web.forms import BaseForm, BlockField, LineField, OnceForm, RadioField

LONGEST_NOTE = 600
LONGEST = 5000


class NoteForm(OnceForm):
    body = BlockField(
        _l("Your note"),
        longest=LONGEST_NOTE,
        needed=_l("Say in a few words why you write."),
        hint=_l("Who you are, and why you write: at most 600 characters. They see your name with it."),
    )


class FirstWordsForm(NoteForm):
    """The same for the API, with whom it is for."""

    to = LineField(_l("To"), longest=16, needed=_l("Name whom you write to, by their handle."))


class MessageForm(OnceForm):
    body = BlockField(_l("Your message"), longest=LONGEST, needed=_l("Write something first."))


class ChoicesForm(BaseForm):
    may_write = RadioField(
        _l("Who may write to you first?"),
        choices=[
            (MayWrite.MEMBERS.value, _l("Everybody whose programme is verified")),
            (MayWrite.GROUPS.value, _l("People who share a group with you")),
            (MayWrite.NOBODY.value, _l("Nobody; you write first")),
        ],
        needed=_l("Choose who may write to you first."),
        hint=_l("The first thing you get from anybody is one short note. You accept it or not, and they are not told."),
    )
    in_letters = RadioField(
        _l("What stands in the letter about a message?"),
        choices=[
            (InLetters.BEGINNING.value, _l("The first lines")),
            (InLetters.ALL.value, _l("The whole message")),
            (InLetters.NOTHING.value, _l("Nothing of it; only that there is one")),
        ],
        needed=_l("Choose what stands in the letter."),
    )
