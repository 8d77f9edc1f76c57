"""What is asked of somebody about their own data, and the words that consents are given to."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.accounts.forms import PasswordField
from alumni.consents.models import DIRECTORY, MAIL, Ask, Purpose, Recipient
from alumni.web.forms import BaseForm, RadioField

MISSION = Ask(Purpose.SHARING, Recipient.MISSION)
AGENCY = Ask(Purpose.SHARING, Recipient.AGENCY)
ASSOCIATION = Ask(Purpose.SHARING, Recipient.ASSOCIATION)

# Whoever changes these words gives them the day of the change as their version (`consents.models.VERSIONS`).
TEXTS: dict[Ask, tuple[Any, Any]] = {
    DIRECTORY: (
        _l("Be found in the directory"),
        _l("Members find me in the directory by what my profile shows them. Without it, only my groups know me."),
    ),
    MAIL: (
        _l("Get letters"),
        _l("Letters about my groups and events come to me. Without it, only those come that my account needs."),
    ),
    MISSION: (
        _l("Share with a mission of Japan"),
        _l(
            "The embassy or consulate of Japan in my country may have my name, my programme and how to reach me, "
            "to invite me to what it holds."
        ),
    ),
    AGENCY: (
        _l("Share with the agency of my programme"),
        _l(
            "The agency that held my programme may have my name, my programme and how to reach me, "
            "to ask me what became of it."
        ),
    ),
    ASSOCIATION: (
        _l("Share with associations of other countries"),
        _l(
            "The alumni association of another country may have my name and my programme when we hold something "
            "together. Rules on data there may be weaker than in mine."
        ),
    ),
}


class YesField(wtforms.BooleanField):
    """A plain yes or no: nothing else is taken for a consent."""

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.raw_data and self.raw_data[0] not in ("", "y", "true", "false"):
            raise StopValidation(gettext("Say yes or no."))


class ConsentsForm(BaseForm):
    """One choice for each ask: what is left out stays as it is."""

    directory = YesField(TEXTS[DIRECTORY][0])
    mail = YesField(TEXTS[MAIL][0])
    share_with_mission = YesField(TEXTS[MISSION][0])
    share_with_agency = YesField(TEXTS[AGENCY][0])
    share_with_association = YesField(TEXTS[ASSOCIATION][0])


class CloseForm(BaseForm):
    posts = RadioField(
        _l("What becomes of what you wrote in groups"),
        choices=[
            ("nameless", _l("It stays, without my name")),
            ("remove", _l("It goes, with the answers to it")),
        ],
        default="nameless",
    )
    password = PasswordField(_l("Password"), hint=_l("So that nobody else closes your account."))
