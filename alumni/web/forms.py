"""Forms: one class per input, used by the page and by the API. Validators check shape; actions check the world."""

import codecs
import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeGuard, TypeVar, cast

import wtforms
from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from wtforms.validators import StopValidation

from alumni.core.errors import DomainError, Invalid
from alumni.core.text import CONTROLS, OVERRIDES, clean_block, clean_line
from alumni.core.tokens import ALPHABET, is_key, new_key
from alumni.web.errors import problem_text
from alumni.web.gate import me

FormT = TypeVar("FormT", bound="BaseForm")

# Werkzeug turns bytes that are no UTF-8 into text like "%FF". As U+FFFD they are seen, and refused at their field.
codecs.register_error("werkzeug.url_quote", codecs.replace_errors)


class NotAnObject(DomainError):
    status = 422


class _Words:
    """WTForms' own few sentences, through our catalogue."""

    def gettext(self, text: str) -> str:
        return str(gettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return str(gettext(one if count == 1 else many))


class BaseForm(wtforms.Form):
    """A form that keeps what was typed and can be blamed by an action."""

    sent: frozenset[str] = frozenset()  # the names in a JSON object

    def __init__(self, *args: Any, part: Container[str] | None = None, **kwargs: Any) -> None:
        """Of a `part`, only these fields are made, read and checked."""
        if part is not None:
            fields: list[tuple[str, Any]] = cast(Any, type(self))._unbound_fields
            self._unbound_fields = [(name, field) for name, field in fields if name in part]
            for name, _ in fields:
                setattr(self, name, None)
        super().__init__(*args, **kwargs)

    class Meta:
        def get_translations(self, form: wtforms.Form) -> _Words:
            return _Words()

    def blame(self, error: Invalid) -> None:
        """Puts an error that an action found at its field, in words."""
        field = self._fields.get(error.field)
        text = problem_text(error)
        if field is None:
            self.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


class AddressForm(BaseForm):
    """The form of an address, in which little of all that could be asked is asked.

    Only what was sent is made, read and checked. Any other field is the empty one that all forms of its class share, so
    nobody changes it.
    """

    def __init__(self, args: MultiDict[str, str] | None = None) -> None:
        asked = args or MultiDict()
        sent = [(name, field) for name, field in self._unbound_fields if name in asked]
        wtforms.form.BaseForm.__init__(self, sent, meta=self._wtforms_meta())
        for name, field in (_unasked(cast(Any, type(self))) | self._fields).items():
            setattr(self, name, field)
        self.process(asked)

    def __iter__(self) -> Iterator[wtforms.Field]:
        """All fields, those that were not sent among them."""
        return (vars(self)[name] for name, _ in self._unbound_fields)


@cache
def _unasked(form_class: Any) -> dict[str, wtforms.Field]:
    form = wtforms.form.BaseForm(form_class._unbound_fields, meta=form_class._wtforms_meta())
    form.process(MultiDict())
    return dict(form._fields)


class OnceForm(BaseForm):
    """A form that makes one thing however often it is sent: the thing takes its public key from `once`."""

    once = wtforms.HiddenField(default=new_key)

    @property
    def key(self) -> str:
        return self.once.data if is_key(self.once.data) else new_key()


def text_problem(text: str) -> str | None:
    """What is wrong with characters that nobody types on purpose, or None."""
    if CONTROLS.search(text):
        return str(gettext("This has control characters in it. Type it again instead of pasting it."))
    if OVERRIDES.search(text):
        return str(
            gettext("This has invisible characters that change the direction of writing. Type it again without them.")
        )
    if "\ufffd" in text:
        return str(gettext("Some characters could not be read. Type it again, in UTF-8."))
    return None


class _CleanText:
    """Cleans what was typed, then checks its characters and its length."""

    clean: Callable[[str], str]

    def __init__(self, label: Any, *, longest: int, needed: Any = None, hint: Any = "", **kwargs: Any) -> None:
        self.longest, self.needed = longest, needed
        super().__init__(label, description=hint, **kwargs)  # type: ignore[call-arg]
        if needed is not None:
            self.flags.required = True  # type: ignore[attr-defined]

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = values[0] if values else ""
        if self.data and text_problem(self.data) is None:
            self.data = type(self).clean(self.data)

    def pre_validate(self, form: wtforms.Form) -> None:
        text = self.data or ""
        if not text:
            if self.needed is not None:
                raise StopValidation(str(self.needed))
            return
        if problem := text_problem(text):
            raise StopValidation(problem)
        if len(text) > self.longest:
            raise StopValidation(
                gettext("This is %(n)s characters long. Shorten it to %(most)s.", n=len(text), most=self.longest)
            )


class LineField(_CleanText, wtforms.StringField):
    clean = staticmethod(clean_line)


class BlockField(_CleanText, wtforms.TextAreaField):
    clean = staticmethod(clean_block)


class LinesField(BlockField):
    """Several short texts, one a line; JSON sends a list of them."""

    def __init__(self, label: Any, *, most_lines: int, longest_line: int = 300, **kwargs: Any) -> None:
        self.most_lines, self.longest_line = most_lines, longest_line
        super().__init__(label, longest=most_lines * (longest_line + 1), **kwargs)

    def process_data(self, value: Any) -> None:
        super().process_data("\n".join(value) if isinstance(value, list | tuple) else value)

    def process_formdata(self, values: Sequence[str]) -> None:
        super().process_formdata(["\n".join(values)])

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (" ".join(line.split()) for line in (self.data or "").split("\n")))))

    def pre_validate(self, form: wtforms.Form) -> None:
        super().pre_validate(form)
        if len(self.lines) > self.most_lines:
            raise StopValidation(
                gettext("This has %(n)s lines. Keep it to %(most)s.", n=len(self.lines), most=self.most_lines)
            )
        if any(len(line) > self.longest_line for line in self.lines):
            raise StopValidation(
                gettext("One of these lines is longer than %(most)s characters.", most=self.longest_line)
            )


class DayField(LineField):
    """A day of the calendar as ISO 8601, or nothing."""

    widget = wtforms.widgets.DateInput()

    def __init__(self, label: Any, *, first: date, last: Callable[[], date], hint: Any = "", **kwargs: Any) -> None:
        self.first, self.last = first, last
        super().__init__(label, longest=10, hint=hint, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        try:
            day = date.fromisoformat(self.data)
        except ValueError:
            raise StopValidation(gettext("Enter a date like 1990-05-31.")) from None
        if not self.first <= day <= self.last():
            raise StopValidation(
                gettext("Enter a date from %(first)s to %(last)s.", first=self.first, last=self.last())
            )
        self.data = day.isoformat()


class ChoiceField(wtforms.SelectField):
    """A select, or radio buttons, that says what to do when the value is none of its choices."""

    def __init__(self, label: Any, *, choices: Any = None, needed: Any = None, hint: Any = "", **kwargs: Any) -> None:
        self.needed = needed or _l("Choose one from the list.")
        if isinstance(choices, list):
            choices = [wtforms.fields.SelectChoice(value, words) for value, words in choices]
        super().__init__(label, choices=choices, description=hint, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.choices is None:
            raise TypeError("choices are not set")
        groups = self.choices.values() if isinstance(self.choices, dict) else [self.choices]
        # Not by `iter_choices`, which makes all the countries of the world ready to be drawn to find one.
        if not any(str(self.data) == str(value) for group in groups for value, *_ in group):
            raise StopValidation(str(self.needed))


class RadioField(ChoiceField):
    widget = wtforms.widgets.ListWidget(prefix_label=False)
    option_widget = wtforms.widgets.RadioInput()


class ChecksField(wtforms.SelectMultipleField):
    """Any number of choices, as boxes to tick."""

    widget = wtforms.widgets.ListWidget(prefix_label=False)
    option_widget = wtforms.widgets.CheckboxInput()

    def __init__(self, label: Any, *, choices: Any = None, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(label, choices=choices, description=hint, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        known = {str(value) for value, *_ in self.iter_choices()}
        wrong = [value for value in self.data or [] if value not in known]
        if wrong:
            raise StopValidation(gettext("Choose from the list. This is not in it: %(value)s", value=wrong[0][:40]))


class RowsField(wtforms.FieldList):
    """Several rows of a small form; JSON sends a list of objects."""

    def __init__(self, row: type[wtforms.Form], label: Any, *, most: int, hint: Any = "", **kwargs: Any) -> None:
        self.row, self.most = row, most
        super().__init__(wtforms.FormField(row), label, description=hint, max_entries=most + 1, **kwargs)

    def leave_room(self, rows: int) -> None:
        """Adds empty rows to type into."""
        for _ in range(min(rows, self.most - len(self.entries))):
            self.append_entry()

    def validate(self, form: wtforms.Form, extra_validators: Sequence[Any] = ()) -> bool:
        if len(self.entries) > self.most:
            self.errors = [gettext("These are too many rows. Keep it to %(most)s.", most=self.most)]
            return False
        return bool(super().validate(form, extra_validators))


class WholeNumberField(wtforms.StringField):
    """A whole number between two bounds, or None. Digits of any script are read."""

    def __init__(self, label: Any, *, least: int, most: int, hint: Any = "", **kwargs: Any) -> None:
        self.least, self.most = least, most
        self.raw = ""
        super().__init__(label, description=hint, **kwargs)

    def process_formdata(self, values: Sequence[str]) -> None:
        self.raw = values[0].strip() if values else ""
        self.data = int(self.raw) if self.raw.isdecimal() and len(self.raw) <= 18 else None

    def _value(self) -> str:
        return self.raw or ("" if self.data is None else str(self.data))

    def pre_validate(self, form: wtforms.Form) -> None:
        if not self.raw and self.data is None:
            return
        if self.data is None or not self.least <= self.data <= self.most:
            raise StopValidation(
                gettext("Enter a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )


class PictureField(wtforms.FileField):
    """A file to choose. What it holds is for whoever reads it to say: a name or a type that was sent proves nothing."""

    def __init__(self, label: Any, *, hint: Any = "", accept: str = "image/*", **kwargs: Any) -> None:
        super().__init__(label, description=hint, render_kw={"accept": accept}, **kwargs)
        self.flags.required = True

    def process_formdata(self, values: Sequence[str]) -> None:
        self.data = None

    def read(self, most: int) -> bytes:
        """What was sent, and no more than a byte beyond `most`."""
        file = request.files.get(self.name)
        return file.stream.read(most + 1) if file else b""


def page_form(form_class: type[FormT], **kwargs: Any) -> FormT:
    """The form of a page: what was posted, or the given start values (`obj=` or names)."""
    formdata = request.form if request.method == "POST" else None
    return form_class(formdata, **kwargs)


def json_form(form_class: type[FormT], **kwargs: Any) -> FormT:
    """The same form filled from a JSON object. Raises NotAnObject for anything else."""
    body = _json_object()
    form = form_class(MultiDict(_pairs(body)), **kwargs)
    form.sent = frozenset(body)
    if isinstance(form, OnceForm):
        form.once.data = _key_of(request.headers.get("Idempotency-Key"))
    for name, value in body.items():
        if name in form._fields and not _fits(value, form._fields[name]):
            form._fields[name].validators = [_refuse_shape]
    return form


def json_part(form_class: type[FormT], *, always: Iterable[str] = ()) -> FormT:
    """The same of an object that may leave things out: what is not sent is no field of the form, but for `always`."""
    return json_form(form_class, part={*_json_object(), *always})


def _json_object() -> dict[str, Any]:
    try:
        body = request.get_json()
    except RecursionError as error:
        raise BadRequest from error
    if not isinstance(body, dict):
        raise NotAnObject
    return body


def _fits(value: object, field: Any) -> bool:
    if isinstance(field, RowsField):
        return value == [] or _is_rows(value)
    items = value if isinstance(value, list) else [value]
    return all(_is_plain(item) for item in items)


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _is_rows(value: object) -> TypeGuard[list[dict[str, Any]]]:
    """A list of objects with plain values."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, dict) and all(map(_is_plain, row.values())) for row in value)
    )


def _refuse_shape(form: wtforms.Form, field: Any) -> None:
    if isinstance(field, RowsField):
        raise StopValidation(gettext("Send a list of objects here."))
    raise StopValidation(gettext("Send a single value here, or a list of them."))


def _pairs(body: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in body.items():
        if _is_rows(value):
            pairs += _pairs({f"{name}-{i}-{inner}": item for i, row in enumerate(value) for inner, item in row.items()})
            continue
        for item in value if isinstance(value, list) else [value]:
            if item is None or item is False or isinstance(item, dict | list):
                continue
            pairs.append((name, "y" if item is True else str(item)))
    return pairs


def _key_of(idempotency_key: str | None) -> str:
    """The same header of the same account makes the same thing."""
    if not idempotency_key:
        return new_key()
    hashed = hashlib.sha256(f"{me().id}|{idempotency_key}".encode("utf-8", "surrogatepass")).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in hashed[:10])
