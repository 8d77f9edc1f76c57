"""What an officer says of a file on its way in."""

from collections.abc import Iterable, Sequence
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.core.sheets import ENCODINGS
from alumni.imports.actions import LEAVE_OUT, NEW, Upload
from alumni.imports.models import Outcome
from alumni.imports.queries import CohortWords, Column, DateOrder
from alumni.rosters.models import RosterImport
from alumni.web.forms import BaseForm, ChoiceField, LineField, OnceForm, RadioField, RowsField, WholeNumberField
from alumni.web.templating import country_choices

MOST_COLUMNS = 100
COLUMNS = [
    (Column.EXTRA.value, _l("Keep it as it is")),
    (Column.FULL_NAME.value, _l("Whole name")),
    (Column.FAMILY_NAME.value, _l("Family name")),
    (Column.GIVEN_NAME.value, _l("Given name")),
    (Column.NATIVE_NAME.value, _l("Name in own script")),
    (Column.READING.value, _l("Reading of the name")),
    (Column.COUNTRY.value, _l("Sent from")),
    (Column.PROGRAMME.value, _l("Programme")),
    (Column.EDITION.value, _l("Edition")),
    (Column.YEAR.value, _l("Fiscal year")),
    (Column.BATCH.value, _l("Batch")),
    (Column.THEME.value, _l("Theme")),
    (Column.PART.value, _l("Group letter")),
    (Column.ROLE.value, _l("Role")),
    (Column.FROM_ON.value, _l("First day")),
    (Column.TO_ON.value, _l("Last day")),
    (Column.DATES.value, _l("First and last day")),
    (Column.INSTITUTION.value, _l("Institution")),
    (Column.HOST_TOWN.value, _l("Town or prefecture in Japan")),
    (Column.NUMBER.value, _l("Number of the participant")),
    (Column.BORN_ON.value, _l("Date of birth")),
    (Column.EMAIL.value, _l("E-mail")),
    (Column.NOTE.value, _l("Remarks")),
]
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp932": "Shift_JIS (CP932)",
    "windows-1252": "Windows-1252",
    "latin-1": "Latin-1",
    "euc_jp": "EUC-JP",
    "cp874": "Windows-874",
    "gb18030": "GB 18030",
    "cp949": "CP949",
    "windows-1251": "Windows-1251",
}
ORDERS = [
    (DateOrder.DAY_FIRST.value, _l("3 April: the day first")),
    (DateOrder.MONTH_FIRST.value, _l("March 4: the month first")),
]
OUTCOMES = [
    (Outcome.NEW.value, _l("New")),
    (Outcome.CHANGED.value, _l("Changed")),
    (Outcome.UNCHANGED.value, _l("Unchanged")),
    (Outcome.ASKS.value, _l("To be answered")),
    (Outcome.REJECTED.value, _l("Rejected")),
    (Outcome.WAITS.value, _l("Cohort not known")),
]


class SheetField(wtforms.FileField):
    """A file to choose. What it holds is for `core.sheets` to say."""

    def __init__(self, label: Any, *, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, render_kw={"accept": ".csv,.txt,.tsv,.xlsx"}, **kwargs)
        self.flags.required = True

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = None

    def pre_validate(self, form: wtforms.Form) -> None:
        file = request.files.get(self.name)
        if file is None or not file.filename:
            raise StopValidation(gettext("Choose a file first."))

    def read(self, most: int) -> bytes:
        """What was sent, and no more than a byte beyond `most`."""
        file = request.files.get(self.name)
        return file.stream.read(most + 1) if file else b""

    @property
    def file_name(self) -> str:
        file = request.files.get(self.name)
        name = ((file.filename if file else "") or "").replace("\\", "/").rpartition("/")[2]
        return "".join(char for char in name if char.isprintable())[-200:]


class UploadForm(OnceForm):
    programme = ChoiceField(_l("Programme"), needed=_l("Choose the programme of the list."))
    country = ChoiceField(
        _l("Sent from"),
        choices=lambda: [("", _l("The list says it, row by row")), *country_choices()],
        hint=_l("Choose a country if everybody on the list was sent from there. Rows that say another are rejected."),
        default="",
    )
    file = SheetField(
        _l("File"),
        hint=_l("CSV or XLSX, at most 50 MB and 100,000 rows, headings in English or Japanese."),
    )

    def offer(self, programmes: Sequence[Any]) -> None:
        """The programmes of the officer's scope; the only one needs no choice."""
        options = [("", _l("Choose a programme")), *((row.slug, row.short) for row in programmes)]
        self.programme.choices = options[1:] if len(programmes) == 1 else options

    def validate_programme(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(field.needed))

    def upload(self) -> Upload:
        return Upload(self.programme.data, self.country.data, self.file.file_name)


class ReadForm(BaseForm):
    """Another encoding, or another sheet of the workbook."""

    encoding = ChoiceField(_l("Encoding"), default="", hint=_l("If letters look wrong, choose another."))
    sheet = ChoiceField(_l("Sheet"), default="")

    def offer(self, made: Any, answers: dict[str, Any]) -> None:
        named = [(name, ENCODING_NAMES[name]) for name in ENCODINGS]
        self.encoding.choices = named if made.encoding else [("", "")]
        self.sheet.choices = [(name, name) for name in answers.get("sheets", [])] or [("", "")]
        if not self.encoding.raw_data:
            self.encoding.data = made.encoding
        if not self.sheet.raw_data:
            self.sheet.data = answers.get("sheet", "")


class ColumnRow(wtforms.Form):
    column = ChoiceField(_l("What it is"), choices=COLUMNS, default=Column.EXTRA.value)


class MappingForm(BaseForm):
    columns = RowsField(ColumnRow, _l("Columns"), most=MOST_COLUMNS)
    order = RadioField(
        _l("How is a date such as 03/04/2017 meant?"),
        choices=ORDERS,
        needed=_l("Choose one: nothing in the list tells."),
        hint=_l("Nothing in the list tells which number is the day."),
    )

    def ask(self, *, is_unclear: bool, same: Iterable[int] = ()) -> None:
        """Dates are asked about where they need it; of columns with the same heading nothing is chosen beforehand."""
        if not is_unclear:
            del self.order
        for at in same:
            if at < len(self.columns.entries):
                column = self.columns.entries[at].form.column
                column.choices = [wtforms.fields.SelectChoice("", _l("Say what it is")), *column.choices]
                column.data = column.raw_data[0] if column.raw_data else ""

    def validate_columns(self, field: Any) -> None:
        if any(row.form.column.data == "" for row in field.entries):
            raise StopValidation(gettext("Columns with the same heading: say of each what it is."))

    @property
    def said(self) -> list[Column]:
        return [Column(row.form.column.data) for row in self.columns.entries]

    @property
    def date_order(self) -> DateOrder | None:
        said = self.data.get("order")  # the field is gone where nothing has to be said
        return DateOrder(said) if said else None


class OrderForm(BaseForm):
    order = RadioField(
        _l("How is a date such as 03/04/2017 meant?"),
        choices=ORDERS,
        needed=_l("Choose one: nothing in the list tells."),
    )


class CohortForm(BaseForm):
    """Which cohort some rows mean."""

    cohort = RadioField(_l("Which cohort is it?"), needed=_l("Choose a cohort, or leave the rows out."))
    title = LineField(_l("Title of the new cohort"), longest=300)
    year = WholeNumberField(
        _l("Its fiscal year"), least=1950, most=2100, hint=_l("April to March: a visit in February 2017 is of 2016.")
    )

    def offer(self, cohorts: Sequence[Any], words: CohortWords, programme: str) -> None:
        """The cohorts to choose from; the new one has a title made of what the rows say."""
        existing = [(row.slug, f"{row.title} · {row.year}") for row in cohorts]
        self.cohort.choices = [*existing, (NEW, _l("A new cohort")), (LEAVE_OUT, _l("Leave these rows out"))]
        if not self.title.raw_data:
            parts = [programme, _batch(words.batch), words.theme]
            self.title.data = " ".join(filter(None, parts))[:300]
        if not self.year.raw_data:
            self.year.data = words.year


def _batch(number: int | None) -> str:
    if not number:
        return ""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return f"{number}{ending} Batch"


class RowForm(BaseForm):
    accept = ChoiceField(
        _l("Answer"), choices=[("yes", _l("Change it")), ("no", _l("Leave it"))], needed=_l("Press one of the buttons.")
    )


class RowsForm(BaseForm):
    outcome = ChoiceField(_l("Rows"), choices=[("", _l("All")), *OUTCOMES], default="")


def start_mapping(made: RosterImport) -> dict[str, Any]:
    """The guessed columns, as the form begins."""
    return {"columns": [{"column": made.columns[str(at)]} for at in range(len(made.headings))]}
