"""How officers look for entries."""

from flask_babel import lazy_gettext as _l

from alumni.rosters.models import EntryMark, EntryState
from alumni.web.forms import BaseForm, ChoiceField, LineField
from alumni.web.templating import country_choices

STATES = [
    (EntryState.UNCLAIMED.value, _l("Not claimed")),
    (EntryState.INVITED.value, _l("Invited")),
    (EntryState.CLAIMED.value, _l("Claimed")),
]
MARKS = [
    (EntryMark.DECEASED.value, _l("Has died")),
    (EntryMark.DO_NOT_CONTACT.value, _l("Do not contact")),
]


class EntriesForm(BaseForm):
    q = LineField(_l("Name"), longest=100)
    state = ChoiceField(_l("State"), choices=[("", _l("Any")), *STATES, *MARKS], default="")
    country = ChoiceField(_l("Sent from"), choices=lambda: [("", _l("Every country")), *country_choices()], default="")
