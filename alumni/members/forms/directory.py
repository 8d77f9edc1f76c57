"""What people look for in the directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms.validators import StopValidation

from alumni.core.places import COUNTRIES
from alumni.core.text import fold
from alumni.members.forms.words import FACET_WORDS, FIELDS_OF_WORK, STANDINGS, name_in, value_name
from alumni.members.queries import BY_LINK, FACETS, Facet, Found, Search, Sort
from alumni.web.forms import AddressForm, LineField, WholeNumberField
from alumni.web.i18n import lang, locale_of
from alumni.web.templating import Words, listed, written

# In the order in which they are offered.
SORTS = Words({Sort.NAME: _l("Name"), Sort.NEWEST: _l("Newest first"), Sort.NEAR: _l("Near to me")})


class DirectoryForm(AddressForm):
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
        if field.data and field.data not in set(Sort):
            raise StopValidation(gettext("People cannot be put in this order. Choose one from the list."))

    def validate_all(self, field: Any) -> None:
        if field.data and field.data not in FACETS:
            raise StopValidation(gettext("There is no such filter. Choose one from the list."))

    def search(self) -> Search:
        filters = {facet: str(self[facet].data) for facet in BY_LINK if facet in self and self[facet].data}
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
        names = [name for name in ("q", *BY_LINK, "sort") if name in self]
        asked = {name: str(self[name].data) for name in names if self[name].data}
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


def narrowings(found: Found, asked: dict[str, str]) -> tuple[Narrowing, ...]:
    """The facets that are not chosen yet and still tell people apart."""
    reader = lang()
    return tuple(
        _narrowing(facet, there, reader)
        for facet, there in found.facets.items()
        if facet not in asked and (len(there.values) > 1 or there.values[0].people != found.total)
    )


@lru_cache(maxsize=512)
def _narrowing(facet: str, there: Facet, _reader: str) -> Narrowing:
    values = [(v.term, str(value_name(facet, v.term, v.name, v.names)), v.people) for v in there.values]
    if facet == "year":
        values.sort(reverse=True)
    return Narrowing(facet, FACET_WORDS[facet], tuple(values), there.is_cut)


def chosen(found: Found, asked: dict[str, str]) -> dict[str, tuple[Any, Any]]:
    """The filters of a list in words, by name."""
    return {
        name: (FACET_WORDS[name], value_name(name, term, found.names.get(name, ""), found.names_of_offer))
        for name, term in asked.items()
        if name != "sort"
    }


def cards(rows: Iterable[Any], offers: Facet | None, also: Mapping[int, str]) -> list[Markup]:
    """People of a list, written; `also` has, by account id, the other form of a name that was met."""
    reader = lang()
    return [
        written(
            "members/parts/card.html",
            row,
            offers=_offers_in_words(row.offers, offers, reader) if row.offers and offers else None,
            also=also.get(row.account_id),
        )
        for row in rows
    ]


@lru_cache(maxsize=2048)
def _offers_in_words(slugs: str, offers: Facet, _reader: str) -> Markup:
    names = {value.term: name_in(value.names, value.term) for value in offers.values}
    return listed(names[slug] for slug in slugs.split() if slug in names)
