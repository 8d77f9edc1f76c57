"""Fields for a moment: a wall time, which of two where clocks go back, its zone; and dates as exact as known."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core.errors import Invalid
from alumni.core.places import zones
from alumni.core.text import CONTROLS
from alumni.web.forms import BaseForm, ChoiceField, LineField, RadioField
from alumni.web.i18n import lang
from alumni.web.zones import zone_choices

FIRST_YEAR, LAST_YEAR = 1950, 2100
EARLIEST_YEAR, LATEST_YEAR = 1850, 2200  # of dates on record


class MomentField(wtforms.StringField):
    """Day and time as one reads them on the wall there; the API may send an offset with them."""

    widget = wtforms.widgets.DateTimeLocalInput()
    FORM = re.compile(
        r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE
    )

    def __init__(self, label: Any, *, needed: Any = None, hint: Any = "", **kwargs: Any) -> None:
        self.needed, self.raw = needed, ""
        super().__init__(label, description=hint, **kwargs)
        if needed is not None:
            self.flags.required = True

    def process_formdata(self, values: Sequence[str]) -> None:
        raw = values[0].strip()[:60] if values else ""
        self.raw = CONTROLS.sub("", raw)
        self.data = self._read(raw)

    def _read(self, text: str) -> datetime | None:
        match = self.FORM.fullmatch(text)
        if match is None:
            return None
        day, zone = "-".join(match.group(1, 2, 3)), match.group(6) or ""
        try:
            return datetime.fromisoformat(f"{day}T{match.group(4)}:{match.group(5)}{zone}")
        except ValueError:
            return None

    def _value(self) -> str:
        return self.raw or (f"{self.data:%Y-%m-%dT%H:%M}" if self.data else "")

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.data is None:
            if not self.raw:
                if self.needed is not None:
                    raise StopValidation(str(self.needed))
                return
            raise StopValidation(gettext("Enter a day and a time that exist, like 2027-04-02 19:00."))
        # A day of room at both ends, so that no offset leads out of the calendar.
        if not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            raise StopValidation(gettext("Enter a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))


class WhichField(RadioField):
    """First or second, asked only where clocks go back."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        choices = [
            ("first", _l("The first time")),
            ("second", _l("The second time, an hour later")),
        ]
        super().__init__(label, choices=choices, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.data:
            super().pre_validate(form)

    @property
    def is_second(self) -> bool | None:
        return self.data == "second" if self.data else None


class SpanForm(BaseForm):
    """A form with a first and a last moment, `fold` and `end_fold` beside them: asked for where clocks go back."""

    begins, ends = "starts_at", "ends_at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.repeated: set[str] = set()
        super().__init__(*args, **kwargs)

    def blame(self, error: Invalid) -> None:
        """Where clocks go back, the page asks which of the two times is meant."""
        super().blame(error)
        if error.problem == "time-repeated":
            self.repeated.add(error.field)

    @property
    def asks_fold(self) -> bool:
        return self._asks(self.begins, "fold")

    @property
    def asks_end_fold(self) -> bool:
        return self._asks(self.ends, "end_fold")

    def _asks(self, moment: str, which: str) -> bool:
        field = self._fields[which]
        return moment in self.repeated or bool(field.data or field.errors)


class ZoneField(ChoiceField):
    """A short list to choose from; any zone of the IANA database is taken."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=list, **kwargs)

    def offer(self, country: str) -> None:
        """Zones of the country first; the one that is set is always among them."""
        self.choices = zone_choices(country, self.data if self.data in zones() else "", lang())

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.data not in zones():
            raise StopValidation(str(self.needed))


class PartialDateField(LineField):
    """A date as exact as it is known: 2017-03-07, 2017-03 or 2017."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, longest=10, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        super().pre_validate(form)
        if self.data and not _is_date(self.data):
            raise StopValidation(gettext("Enter a date like 2017-03-07, or 2017-03 if only the month is known."))


def _is_date(text: str) -> bool:
    parts = text.split("-")
    lengths = [len(part) for part in parts]
    if lengths != [4, 2, 2][: len(parts)] or not all(part.isascii() and part.isdecimal() for part in parts):
        return False
    try:
        day = date(*[*map(int, parts), 1, 1][:3])
    except ValueError:
        return False
    return EARLIEST_YEAR <= day.year <= LATEST_YEAR
