"""What somebody without an account says of themselves."""

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from alumni.accounts.actions import normalise_email
from alumni.visitors.actions import Visit
from alumni.web.forms import BaseForm, ChoiceField, LineField, RadioField
from alumni.web.i18n import lang
from alumni.web.templating import country_choices


class VisitForm(BaseForm):
    name = LineField(
        _l("Your name"), longest=200, needed=_l("Enter your name."), hint=_l("The organisers read it, nobody else.")
    )
    email = LineField(
        _l("E-mail address"),
        longest=320,
        needed=_l("Enter your e-mail address."),
        hint=_l("We write to it once to confirm, and again only about this event."),
        widget=wtforms.widgets.EmailInput(),
    )
    country = ChoiceField(
        _l("Country"),
        choices=lambda: [SelectChoice("", _l("None")), *(SelectChoice(*pair) for pair in country_choices())],
        default="",
    )
    is_online = RadioField(_l("How you take part"), choices=[("", _l("In person")), ("1", _l("Online"))], default="")

    def visit(self) -> Visit:
        """What was entered, once it is valid. Raises Invalid("email") for what is no address."""
        return Visit(
            name=self.name.data,
            email=normalise_email(self.email.data),
            country=self.country.data,
            language=lang(),
            is_online=bool(self.is_online.data),
        )
