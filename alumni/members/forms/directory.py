"""What people look for in the directory."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core.places import COUNTRIES
from alumni.members.queries import Search
from alumni.web.forms import BaseForm, LineField


class DirectoryForm(BaseForm):
    q = LineField(_l("Name"), longest=100)
    country = LineField(_l("Country where they live"), longest=2)

    def search(self) -> Search:
        return Search(q=self.q.data or "", filters={"country": self.country.data} if self.country.data else {})

    def validate_country(self, field: Any) -> None:
        """A plain field: to build a choice of every country costs more than the list of people."""
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("Choose a country from the list."))
