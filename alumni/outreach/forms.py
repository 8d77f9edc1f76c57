"""What people enter about telling others of Japan, and which sums they ask for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.members.models import Audience
from alumni.outreach.actions import OutreachDraft
from alumni.outreach.models import OutreachEntry, OutreachKind
from alumni.outreach.queries import SumsFilter
from alumni.programmes.models import Bound
from alumni.web.forms import BaseForm, BlockField, ChoiceField, DayField, LineField, OnceForm, RadioField
from alumni.web.forms import WholeNumberField as NumberField
from alumni.web.links import LinkField
from alumni.web.templating import country_choices

LONGEST_WORDS = 5000
MOST_REACHED = 100_000_000
KINDS = [
    (OutreachKind.TALK.value, _l("Talk")),
    (OutreachKind.ARTICLE.value, _l("Article")),
    (OutreachKind.CLASS.value, _l("Class")),
    (OutreachKind.BROADCAST.value, _l("Broadcast")),
    (OutreachKind.EXHIBITION.value, _l("Exhibition")),
    (OutreachKind.OTHER.value, _l("Something else")),
]
BOUNDS = [
    (Bound.EXACT.value, _l("Counted")),
    (Bound.ABOUT.value, _l("About as many")),
    (Bound.MORE_THAN.value, _l("More than that")),
]
AUDIENCES = [
    (Audience.GROUPS.value, _l("People in the group, with my name")),
    (Audience.ONLY_ME.value, _l("Only me; it counts without my name")),
]
BY = [
    ("programme", _l("Programme")),
    ("year", _l("Fiscal year")),
    ("country", _l("Country")),
    ("kind", _l("Kind")),
]


def _no_country_or() -> list[Any]:
    return [("", gettext("In no single country (online, in print)")), *country_choices()]


class OutreachForm(OnceForm):
    kind = ChoiceField(_l("What it was"), choices=KINDS, default=OutreachKind.TALK.value)
    title = LineField(
        _l("Title"),
        longest=300,
        needed=_l("Enter what it was about."),
        hint=_l("For example: Winter in Hokkaido, for pupils of twelve."),
    )
    held_on = DayField(
        _l("Day"),
        first=date(1950, 1, 1),
        last=lambda: clock.now().date(),
        needed=_l("Enter the day."),
        hint=_l("Of several days, the first."),
    )
    country = ChoiceField(_l("Country"), choices=_no_country_or, default="")
    place = LineField(_l("Place, newspaper or station"), longest=200)
    link = LinkField(_l("Link"), hint=_l("Where one can read, see or hear it."))
    reached = NumberField(
        _l("People reached"),
        least=0,
        most=MOST_REACHED,
        hint=_l("Listeners, readers, visitors. Leave it empty if you do not know."),
    )
    reached_bound = RadioField(_l("How sure is the number?"), choices=BOUNDS, default=Bound.EXACT.value)
    words = BlockField(_l("How it went"), longest=LONGEST_WORDS, render_kw={"rows": 5})

    def draft(self) -> OutreachDraft:
        return OutreachDraft(
            kind=OutreachKind(self.kind.data),
            title=self.title.data,
            held_on=self.held_on.data,
            country=self.country.data or "",
            place=self.place.data or "",
            link=self.link.data or "",
            reached=self.reached.data,
            reached_bound=Bound(self.reached_bound.data) if self.reached.data is not None else None,
            words=self.words.data or "",
        )


class MyOutreachForm(OutreachForm):
    group = ChoiceField(_l("Which group does it count for?"), choices=[], default="")
    audience = RadioField(_l("Who sees this entry?"), choices=AUDIENCES, default=Audience.GROUPS.value)

    def offer(self, groups: Sequence[Any], present: Any = None) -> None:
        """The groups of whoever fills it in, and the one that the entry counts for at present."""
        self.groups = {row.slug: row for row in [*groups, *([present] if present else [])]}
        nowhere = ("", gettext("None: it stays in my own list"))
        self.group.choices = [*((row.slug, row.name) for row in self.groups.values()), nowhere]

    def counts_for(self) -> dict[str, Any]:
        """The group that was chosen, and who sees the entry there."""
        return {"group": self.groups.get(self.group.data), "audience": Audience(self.audience.data)}


class SumsForm(BaseForm):
    """Which sums. `programme` takes its choices from the catalogue: see `offer`."""

    by = ChoiceField(_l("For each"), choices=BY, default="programme")
    programme = ChoiceField(_l("Programme"), choices=[], default="")
    country = ChoiceField(_l("Country"), choices=lambda: [("", _l("Every country")), *country_choices()], default="")
    year = NumberField(_l("Fiscal year"), least=1950, most=2100)

    def offer(self, programmes: Sequence[Any]) -> None:
        self.programme.choices = [("", gettext("Every programme")), *((row.slug, row.short) for row in programmes)]

    def chosen(self) -> SumsFilter:
        return SumsFilter(self.programme.data or "", self.country.data or "", self.year.data)


def start_of(entry: OutreachEntry, group: Any) -> dict[str, Any]:
    """What a form opens with to correct an entry."""
    names = ("kind", "title", "held_on", "country", "place", "link", "reached", "words", "audience")
    bound = entry.reached_bound or Bound.EXACT
    return {name: getattr(entry, name) for name in names} | {
        "reached_bound": bound,
        "group": group.slug if group else "",
    }
