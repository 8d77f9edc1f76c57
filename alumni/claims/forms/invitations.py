"""What the holder of an invitation answers."""

from flask_babel import lazy_gettext as _l

from alumni.web.forms import BaseForm, ChoiceField, LineField, OnceForm

YES, NO, LATER = "yes", "no", "later"
SHORTEST = 15  # letters of a password that stands alone


class InvitationForm(OnceForm):
    answer = ChoiceField(
        _l("Is this you?"),
        choices=[(YES, _l("Yes, this is me")), (NO, _l("This is not me, or do not write again")), (LATER, _l("Later"))],
        needed=_l("Press one of the buttons."),
    )


class CodeForm(BaseForm):
    code = LineField(
        _l("Code"), longest=40, needed=_l("Enter the code on your paper."), hint=_l("Ten letters and digits.")
    )

    @property
    def letters(self) -> str:
        """As it is kept: without the hyphen, in small letters."""
        return "".join(char for char in self.code.data.casefold() if char.isalnum())
