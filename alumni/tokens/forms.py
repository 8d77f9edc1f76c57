"""What somebody says of a new token."""

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from alumni.tokens.models import Scope
from alumni.web.forms import ChecksField, LineField, OnceForm, RadioField

WORDS = {
    Scope.READ: _l("Read what you can read"),
    Scope.WRITE: _l("Write what you can write"),
    Scope.ROSTER: _l("Work with rosters and claims"),
    Scope.MODERATE: _l("Decide on reports, and administer"),
}
LASTS = [("7", _l("A week")), ("30", _l("30 days")), ("90", _l("90 days")), ("365", _l("A year"))]


class TokenForm(OnceForm):
    name = LineField(
        _l("What it is for"),
        longest=80,
        needed=_l("Say what it is for, so that you know it again."),
        hint=_l("For example the program or the computer that uses it."),
    )
    scopes = ChecksField(
        _l("What it may do"),
        choices=[SelectChoice(scope.value, words) for scope, words in WORDS.items()],
        validators=[DataRequired(_l("Choose at least one thing that it may do."))],
    )
    lasts = RadioField(_l("How long it is good for"), choices=LASTS, default="90")
