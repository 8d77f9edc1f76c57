"""An administrator keeps the short list of what members offer and look for. Nobody else does."""

import pytest
import sqlalchemy as sa

from alumni.core.audit import AuditLine
from alumni.members.models import Offer
from tests.cast import Cast

TOURS = {"name_en": "Guided tours", "name_ja": "案内", "position": "99"}


def offers(read):
    columns = (Offer.slug, Offer.names, Offer.is_retired)
    return {slug: (names, retired) for slug, names, retired in read(sa.select(*columns).order_by(Offer.position))}


def test_added_renamed_moved_and_retired(cast, browse, read):
    sam, carol = browse(Cast.sam), browse(Cast.carol)
    assert 'value="7"' in sam.get("/admin/offers/new").text  # behind the seven that are there
    assert sam.post("/admin/offers/new", TOURS).location == "/admin/offers"
    assert offers(read)["guided-tours"] == ({"en": "Guided tours", "ja": "案内"}, False)
    assert "Guided tours" in sam.get("/admin/offers").text
    assert "案内" in carol.get("/me/languages?lang=ja").text
    assert carol.get("/api/v1/offers").json["items"][-1]["slug"] == "guided-tours"
    renamed = {"name_en": "Tours of a town", "position": "0"}
    assert sam.post("/admin/offers/guided-tours", renamed).status_code == 303
    assert next(iter(offers(read))) in ("guided-tours", "study-advice")
    assert "Tours of a town" in carol.get("/me/languages?lang=ja").text  # no Japanese name any more
    sam.post("/admin/offers/guided-tours", {**renamed, "is_retired": "y"})
    assert offers(read)["guided-tours"] == ({"en": "Tours of a town"}, True)
    assert "Tours of a town" not in carol.get("/me/languages").text
    lines = read(sa.select(AuditLine.action).where(AuditLine.subject == "offer:guided-tours").order_by(AuditLine.id))
    assert [line.action for line in lines] == ["offer.add", "offer.edit", "offer.edit"]


def test_as_json(cast, browse, read):
    sam = browse(Cast.sam)
    made = sam.send("/api/v1/offers", TOURS)
    assert (made.status_code, made.json["slug"]) == (201, "guided-tours")
    sent = {"name_en": "Tours", "position": 3, "is_retired": True}
    assert sam.send("/api/v1/offers/guided-tours", sent, method="PUT").json == {
        "slug": "guided-tours", "names": {"en": "Tours"}, "position": 3, "is_retired": True,
    }  # fmt: skip
    assert offers(read)["guided-tours"] == ({"en": "Tours"}, True)
    assert sam.send("/api/v1/offers/nothing", sent, method="PUT").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_en", ""),
        ("name_en", "n" * 81),
        ("name_en", "案内"),
        ("name_en", "Mentoring"),
        ("name_ja", "n" * 81),
        ("name_ja", "a\u202eb"),
        ("position", "-1"),
        ("position", "1000"),
        ("position", "first"),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(cast, browse, read, field, value):
    sam, before = browse(Cast.sam), offers(read)
    page = sam.post("/admin/offers/new", {**TOURS, field: value})
    assert (page.status_code, f'href="#{field}"' in page.text) == (422, True)
    if field != "name_ja":
        assert "案内" in page.text
    problem = sam.send("/api/v1/offers", {**TOURS, field: value})
    assert (problem.status_code, set(problem.json["fields"])) == (422, {field})
    assert offers(read) == before


def test_nobody_else(cast, browse, read):
    before = offers(read)
    for email in Cast.everybody:
        if email == Cast.sam:
            continue
        browser = browse(email)
        for path in ("/admin/offers", "/admin/offers/new", "/admin/offers/mentoring"):
            assert browser.get(path).status_code == (303 if email == Cast.guest else 403), (email, path)
            assert browser.post(path, TOURS).status_code in (303, 401, 403, 405), (email, path)
        assert browser.send("/api/v1/offers", TOURS).status_code in (401, 403)
        assert browser.send("/api/v1/offers/mentoring", TOURS, method="PUT").status_code in (401, 403)
    assert offers(read) == before
