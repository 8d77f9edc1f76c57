"""What people enter to sign up, sign in and reset."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.accounts.policy import LONGEST, SHORTEST, SHORTEST_WITH_CODE, is_easily_guessed
from alumni.web.forms import BaseForm, LineField


class EmailField(LineField):
    widget = wtforms.widgets.EmailInput()


class PasswordField(wtforms.PasswordField):
    """Kept as typed: no cleaning, no composition rules. Only a new password has a shortest length."""

    def __init__(self, label: Any, *, is_new: bool = False, hint: Any = "", **kwargs: Any) -> None:
        self.is_new = is_new
        super().__init__(label, description=hint, **kwargs)
        self.flags.required = True

    def pre_validate(self, form: wtforms.Form) -> None:
        password = self.data or ""
        if not password:
            raise StopValidation(gettext("Enter a password."))
        if len(password) > LONGEST:
            raise StopValidation(gettext("Use at most %(n)s characters.", n=LONGEST))
        if "\0" in password or "\ufffd" in password:
            raise StopValidation(gettext("Some characters could not be read. Type it again."))
        if self.is_new:
            self._check_strength(password, form)

    def _check_strength(self, password: str, form: wtforms.Form) -> None:
        shortest = SHORTEST_WITH_CODE if getattr(form, "has_second_factor", False) else SHORTEST
        if len(password) < shortest:
            raise StopValidation(
                gettext("Use at least %(n)s characters. A few words in a row are easy to remember.", n=shortest)
            )
        email = getattr(form, "own_email", "") or (form["email"].data if "email" in form else "")
        if is_easily_guessed(password, email=email or ""):
            raise StopValidation(
                gettext(
                    "This is one of the first that somebody would try. Choose a few words that do not belong together."
                )
            )


class SignUpForm(BaseForm):
    email = EmailField(
        _l("E-mail address"),
        longest=320,
        needed=_l("Enter your e-mail address."),
        hint=_l("Only you see it. We write to it to confirm that it is yours."),
    )
    password = PasswordField(
        _l("Password"), is_new=True, hint=_l("15 characters or more. A few words in a row are easy to remember.")
    )
    terms = wtforms.BooleanField(_l("I agree to the terms and to the storing of my account so that I can sign in"))

    def validate_terms(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(gettext("Agree to the terms to make an account."))


class SignInForm(BaseForm):
    email = EmailField(_l("E-mail address"), longest=320, needed=_l("Enter your e-mail address."))
    password = PasswordField(_l("Password"))


class ConfirmForm(BaseForm):
    password = PasswordField(_l("Password"), hint=_l("The one you chose when you signed up."))


class CodeForm(BaseForm):
    code = LineField(
        _l("Code"),
        longest=40,
        needed=_l("Enter the code."),
        hint=_l("The six digits that your app shows now, or one of your codes on paper."),
    )


class FirstCodeForm(BaseForm):
    code = LineField(
        _l("Code"), longest=40, needed=_l("Enter the code."), hint=_l("The six digits that your app shows now.")
    )


class ProveForm(BaseForm):
    password = PasswordField(_l("Password"))


class ForgotForm(BaseForm):
    email = EmailField(_l("E-mail address"), longest=320, needed=_l("Enter your e-mail address."))


class AddressForm(BaseForm):
    email = EmailField(
        _l("New e-mail address"),
        longest=320,
        needed=_l("Enter your e-mail address."),
        hint=_l("It counts as soon as you have followed the link that we send to it."),
    )


class ResetForm(BaseForm):
    has_second_factor = False  # of the account that the letter went to

    password = PasswordField(
        _l("New password"), is_new=True, hint=_l("15 characters or more. A few words in a row are easy to remember.")
    )


class ChangePasswordForm(BaseForm):
    own_email, has_second_factor = "", False  # of whoever is signed in

    old = PasswordField(_l("Password you have now"))
    new = PasswordField(
        _l("New password"), is_new=True, hint=_l("15 characters or more. A few words in a row are easy to remember.")
    )
