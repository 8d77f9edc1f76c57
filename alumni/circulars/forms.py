"""What is entered to write to many at once, and when it goes out."""

from datetime import datetime
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.circulars import policy, queries
from alumni.circulars.actions import CircularDraft
from alumni.circulars.models import Circular, CircularVersion, Reach
from alumni.core.viewer import Viewer
from alumni.web.forms import BaseForm, BlockField, ChoiceField, LineField, OnceForm, RowsField, WholeNumberField
from alumni.web.i18n import lang, languages, own_names
from alumni.web.moments import MomentField, WhichField, ZoneField
from alumni.web.templating import language_name
from alumni.web.templating.places import country_choices

LONGEST_TITLE, LONGEST_BODY, MOST_VERSIONS = 120, 10_000, 9
FILTERS = ("programme", "year", "country", "from", "language", "offer")
ANY = ("", _l("All"))


class VersionForm(BaseForm):
    """Its words in one language. Where both are empty there is no such version."""

    language = wtforms.HiddenField()
    title = LineField(_l("Subject"), longest=LONGEST_TITLE)
    body = BlockField(_l("Text"), longest=LONGEST_BODY, hint=_l("An empty line begins a paragraph."))

    def validate_language(self, field: Any) -> None:
        if field.data not in languages():
            raise StopValidation(gettext("There is no such language. Choose one from the list."))

    def validate_title(self, field: Any) -> None:
        if self.body.data and not field.data:
            raise StopValidation(gettext("Enter a subject."))

    def validate_body(self, field: Any) -> None:
        if self.title.data and not field.data:
            raise StopValidation(gettext("Enter the text."))


class CircularForm(OnceForm):
    reach = ChoiceField(_l("For whom you speak"), needed=_l("Choose one from the list."))
    programme = ChoiceField(_l("Programme"), default="")
    year = WholeNumberField(_l("Year"), least=1950, most=2100)
    country = ChoiceField(_l("Country where they live"), default="")
    language = ChoiceField(_l("Language that they speak"), default="")
    offer = ChoiceField(_l("What they offer"), default="")
    main = ChoiceField(
        _l("Main language"), hint=_l("Who reads none of the languages below gets the letter in this one.")
    )
    versions = RowsField(VersionForm, _l("Versions"), most=MOST_VERSIONS)

    def offer_choices(self, viewer: Viewer) -> None:
        """What there is to choose from for this viewer."""
        reaches: list[tuple[str, Any]] = []
        if policy.can_speak(viewer, Reach.EVERYBODY, None):
            reaches.append((Reach.EVERYBODY.value, _l("Everybody who is verified")))
        if policy.can_speak(viewer, Reach.OFFICE, None):
            reaches.append((Reach.OFFICE.value, _l("My office: who took part in my programmes and countries")))
        reaches += [(f"group:{group.slug}", group.name) for group in queries.groups_to_speak_to(viewer)]
        self.reach.choices = reaches
        self.programme.choices = [ANY, *queries.programmes_to_choose()]
        self.country.choices = self["from"].choices = [ANY, *country_choices()]
        spoken = sorted(((code, language_name(code)) for code in queries.languages_to_choose()), key=lambda one: one[1])
        self.language.choices = [ANY, *spoken]
        offers = [(row.slug, row.names.get(lang()) or row.names["en"]) for row in queries.offers_to_choose()]
        self.offer.choices = [ANY, *offers]
        self.main.choices = own_names()
        self._complete()

    def _complete(self) -> None:
        """A row for each language of the product, in one order."""
        there = {entry.form.language.data for entry in self.versions.entries}
        for code, _name in own_names():
            if code not in there and len(self.versions.entries) < MOST_VERSIONS:
                self.versions.append_entry({"language": code})

    def draft(self) -> CircularDraft:
        """What was entered, once it is valid."""
        reach, _, group = (self.reach.data or "").partition(":")
        words = {entry.form.language.data: (entry.form.title.data, entry.form.body.data) for entry in self.versions}
        filters = {name: str(self[name].data) for name in FILTERS if self[name].data}
        written = {code: (title, body) for code, (title, body) in words.items() if title and body}
        return CircularDraft(Reach(reach), group, self.main.data or "", written, filters)


# A word of Python that the directory uses too.
setattr(CircularForm, "from", ChoiceField(_l("Country sent from"), default=""))


def values_of(circular: Circular, versions: list[CircularVersion], group_slug: str) -> dict[str, Any]:
    """What the form shows of a circular that is there."""
    reach = f"group:{group_slug}" if circular.reach == Reach.GROUP else circular.reach.value
    rows = [{"language": one.language, "title": one.title, "body": one.body} for one in versions]
    return {"reach": reach, "main": circular.language, "versions": rows, **circular.filters}


class PlanForm(BaseForm):
    begins_at = MomentField(_l("When it goes out"), hint=_l("Leave it empty to send it now."))
    fold = WhichField(_l("Clocks go back that day. Which one do you mean?"))
    zone = ZoneField(_l("Time zone"), needed=_l("There is no such time zone. Choose one from the list."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.asks_fold = False
        super().__init__(*args, **kwargs)

    def blame(self, error: Any) -> None:
        super().blame(error)
        self.asks_fold = self.asks_fold or error.problem == "time-repeated"

    def moment(self) -> dict[str, Any]:
        """As `actions.plan_circular` takes it."""
        wall: datetime | None = self.begins_at.data
        return {"wall": wall, "zone": self.zone.data, "is_second": self.fold.is_second}
