"""What people look for in the directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core.places import COUNTRIES
from alumni.core.text import fold
from alumni.members.forms.words import FACET_WORDS, FIELDS_OF_WORK, STANDINGS, name_in, value_name
from alumni.members.queries import BY_LINK, FACETS, Facet, Found, Search, Sort
from alumni.web.forms import BaseForm, LineField, WholeNumberField
from alumni.web.i18n import lang, locale_of
from alumni.web.templating import listed

# In the order in which they are offered.
SORTS = {Sort.NAME: _l("Name"), Sort.NEWEST: _l("Newest first"), Sort.NEAR: _l("Near to me")}


class DirectoryForm(BaseForm):
    """The address of a list of people. Plain fields: to build selects of all there is costs more than the list."""

    q = LineField(_l("Name"), longest=100)
    programme = LineField(_l("Programme"), longest=64)
    year = WholeNumberField(_l("Year"), least=1950, most=2100)
    country = LineField(_l("Country where they live"), longest=8)
    field = LineField(_l("Field of work"), longest=24)
    language = LineField(_l("Language"), longest=16)
    offer = LineField(_l("What they offer"), longest=40)
    standing = LineField(_l("Standing"), longest=24)
    cohort = LineField(_l("Cohort"), longest=100)
    town = LineField(_l("Town where they stayed"), longest=120)
    sort = LineField(_l("Order"), longest=24)
    all = LineField(_l("Filter whose values are all shown"), longest=24)

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("There is no such country. Choose one from the list."))

    validate_from = validate_country

    def validate_field(self, field: Any) -> None:
        if field.data and field.data not in FIELDS_OF_WORK:
            raise StopValidation(gettext("There is no such field. Choose one from the list."))

    def validate_language(self, field: Any) -> None:
        if field.data and field.data not in locale_of("en").languages:
            raise StopValidation(gettext("There is no such language. Choose one from the list."))

    def validate_standing(self, field: Any) -> None:
        if field.data and field.data not in STANDINGS:
            raise StopValidation(gettext("There is no such standing. Choose one from the list."))

    def validate_sort(self, field: Any) -> None:
        if field.data and field.data not in SORTS:
            raise StopValidation(gettext("People cannot be put in this order. Choose one from the list."))

    def validate_all(self, field: Any) -> None:
        if field.data and field.data not in FACETS:
            raise StopValidation(gettext("There is no such filter. Choose one from the list."))

    def search(self) -> Search:
        filters = {facet: str(self[facet].data) for facet in BY_LINK if self[facet].data}
        if "town" in filters:
            filters["town"] = fold(filters["town"])[:100]
        return Search(
            q=self.q.data or "",
            filters=filters,
            sort=Sort(self.sort.data or Sort.NAME),
            is_kana=lang() == "ja",
        )

    def asked(self) -> dict[str, str]:
        """What a link to the same list carries: nothing that is empty, or as it is anyway."""
        asked = {name: str(self[name].data) for name in ("q", *BY_LINK, "sort") if self[name].data}
        if asked.get("sort") == Sort.NAME:
            del asked["sort"]
        return asked


# A word of Python that the address uses too.
setattr(DirectoryForm, "from", LineField(_l("Country sent from"), longest=8))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A facet in words: what to narrow a list by."""

    facet: str
    title: str
    values: tuple[tuple[str, str, int | None], ...]  # term, what it is called, how many people
    is_cut: bool


def narrowings(found: Found, asked: dict[str, str]) -> list[Narrowing]:
    """The facets that are not chosen yet and still tell people apart."""
    made = []
    for facet, there in found.facets.items():
        values = [(v.term, str(value_name(facet, v.term, v.name, v.names)), v.people) for v in there.values]
        if facet == "year":
            values.sort(reverse=True)
        if facet not in asked and (len(values) > 1 or values[0][2] != found.total):
            made.append(Narrowing(facet, str(FACET_WORDS[facet]), tuple(values), there.is_cut))
    return made


def chosen(found: Found, asked: dict[str, str]) -> dict[str, tuple[Any, Any]]:
    """The filters of a list in words, by name."""
    return {
        name: (FACET_WORDS[name], value_name(name, term, found.names.get(name, ""), found.names_of_offer))
        for name, term in asked.items()
        if name != "sort"
    }


def offers_in_words(rows: Iterable[Any], offers: Facet | None) -> dict[str, Any]:
    """What people offer, as one line, by what their rows say."""
    names = {value.term: name_in(value.names, value.term) for value in offers.values} if offers else {}
    return {
        row.offers: listed(names[slug] for slug in row.offers.split() if slug in names) for row in rows if row.offers
    }
