"""Forms of addresses make only what was sent, and say the same as if they made everything."""

from flask import Flask
from werkzeug.datastructures import MultiDict

from alumni.groups.forms import FilterForm


def test_what_was_not_sent_is_empty_and_no_field_to_check(app: Flask) -> None:
    with app.test_request_context():
        form = FilterForm(MultiDict({"q": " Hanoi ", "page": "2"}))
        assert form.validate()
        assert [field.name for field in form] == ["q", "kind", "programme", "country", "year"]
        assert [form.q.data, form.kind.data, form.year.data] == ["Hanoi", "", None]
        assert "kind" not in form


def test_one_request_says_nothing_to_the_next(app: Flask) -> None:
    with app.test_request_context():
        wrong = FilterForm(MultiDict({"kind": "castle", "year": "1066"}))
        assert not wrong.validate()
        assert set(wrong.errors) == {"kind", "year"}
        empty = FilterForm()
        assert empty.validate()
        assert not empty.kind.errors
        assert (empty.kind.data, empty.year.data) == ("", None)
