"""Files that show that somebody was there: few, private, made anew, and gone a month after the decision."""

import io
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image

from alumni.claims import actions
from alumni.claims.models import Evidence
from alumni.core import clock, storage
from alumni.worker import run_daily, run_due
from tests.cast import Cast

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(kind="JPEG", size=(3000, 1000), **options):
    file = io.BytesIO()
    Image.new("RGB", size, (200, 60, 60)).save(file, kind, **options)
    return file.getvalue()


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("page.html", "<script>alert(1)</script>")
    return file.getvalue()


def upload(browser, key, data, title="", name="certificate.jpg"):
    form = {"file": (io.BytesIO(data), name), "title": title}
    answer = browser.post(f"/claims/{key}/evidence", form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a temporary file of the browser, when it is large
    return answer


@pytest.fixture
def nia(cast, browse, case_of):
    return browse(Cast.nia), case_of(Cast.nia).key


@pytest.fixture
def kept(read):
    return lambda: read(sa.select(Evidence.key, Evidence.file, Evidence.media_type, Evidence.delete_after))


def in_store(file):
    return storage.files().read(f"evidence/{file[:2]}/{file}")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_anew(nia, kept, kind):
    browser, key = nia
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "Zwiebelturm", 6  # turned by a quarter
    assert upload(browser, key, picture(kind, exif=exif.tobytes()), "My certificate").status_code == 303
    ((evidence, file, media_type, delete_after),) = kept()
    assert (media_type, delete_after) == ("image/webp", None)
    made = Image.open(io.BytesIO(in_store(file)))
    assert (made.format, made.size) == ("WEBP", (667, 2000))
    assert b"Zwiebelturm" not in in_store(file)
    assert not made.getexif()
    page = browser.get(f"/claims/{key}").text
    assert "My certificate" in page
    assert f"/evidence/{evidence}" in page


def test_a_picture_is_shown_and_a_pdf_is_saved_and_nothing_runs(nia, kept):
    browser, key = nia
    upload(browser, key, picture(size=(200, 100)))
    upload(browser, key, PDF, name="paper.jpg")  # what it is called proves nothing
    shown, saved = (browser.get(f"/evidence/{row.key}") for row in kept())
    assert (shown.mimetype, shown.headers.get("Content-Disposition")) == ("image/webp", None)
    assert (saved.mimetype, saved.data) == ("application/pdf", PDF)
    assert saved.headers["Content-Disposition"].startswith("attachment; ")
    for answer in (shown, saved):
        assert any("sandbox" in value for value in answer.headers.getlist("Content-Security-Policy"))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "Choose a file first."),
        (b"hello", "neither a picture nor a PDF"),
        (b"<html><script>alert(1)</script></html>", "neither a picture nor a PDF"),
        (b"<script>//" + PDF, "neither a picture nor a PDF"),  # a page, then a PDF
        (PDF + zipped(), "neither a picture nor a PDF"),  # a PDF, then an archive
        (PDF[:40], "neither a picture nor a PDF"),
        (zipped(), "neither a picture nor a PDF"),
        (b"GIF89a" + bytes(100), "neither a picture nor a PDF"),
        (picture(size=(20, 20)), "too small"),
        (PDF[:-6] + bytes(10 * 1024 * 1024) + b"%%EOF", "larger than 10 MB"),
    ],
    ids=["none", "text", "page", "page-pdf", "pdf-zip", "half", "zip", "gif", "small", "large"],
)
def test_refused(nia, kept, data, why):
    browser, key = nia
    page = upload(browser, key, data, "Kept title")
    assert page.status_code == 422
    assert why in page.text
    assert 'href="#file"' in page.text
    assert "Kept title" in page.text
    assert kept() == []


def test_much_too_large_is_not_even_read(nia, kept):
    browser, key = nia
    assert upload(browser, key, bytes(11 * 1024 * 1024)).status_code == 413
    assert kept() == []


def test_four_and_no_fifth(nia, kept):
    browser, key = nia
    assert [upload(browser, key, PDF).status_code for _ in range(5)] == [303, 303, 303, 303, 409]
    assert "There are as many files as we take" in browser.get(f"/claims/{key}").text
    first = kept()[0]
    assert browser.post(f"/claims/{key}/evidence/{first.key}/remove").status_code == 303
    assert upload(browser, key, PDF).status_code == 303
    assert len(kept()) == 4


def test_a_title_that_cannot_be(nia, kept):
    browser, key = nia
    assert upload(browser, key, PDF, "a\u202eb").status_code == 422
    assert upload(browser, key, PDF, "t" * 121).status_code == 422
    assert kept() == []


def test_who_sees_it(app, cast, browse, nia, kept):
    browser, key = nia
    upload(browser, key, PDF)
    (row,) = kept()
    assert browser.get(f"/evidence/{row.key}").status_code == 200
    for email in (Cast.olga, Cast.sam):  # with the case in hand, which is in the log
        reviewer = browse(email)
        assert reviewer.get(f"/evidence/{row.key}").status_code == 404, email
        assert row.key not in reviewer.get(f"/claims/{key}").text
        assert reviewer.get(f"/api/v1/participations/{key}").json["evidence"] == []
        reviewer.post(f"/desk/{key}/take")
        assert reviewer.get(f"/evidence/{row.key}").status_code == 200, email
        assert reviewer.get(f"/api/v1/desk/{key}").json["evidence"][0]["key"] == row.key
        reviewer.post(f"/desk/{key}/release")
        assert reviewer.get(f"/evidence/{row.key}").status_code == 404, email
    for email in (Cast.alice, Cast.bob, Cast.carol, Cast.mallory, Cast.mona, Cast.otto, Cast.sue):
        assert browse(email).get(f"/evidence/{row.key}").status_code == 404, email
        assert browse(email).post(f"/claims/{key}/evidence/{row.key}/remove").status_code in (403, 404), email
        assert upload(browse(email), key, PDF).status_code in (403, 404), email
    assert browse(Cast.guest).get(f"/evidence/{row.key}").status_code == 303
    # Whoever decides does not send in the claimant's place.
    assert upload(browse(Cast.sam), key, PDF).status_code == 403
    assert len(kept()) == 1


def test_the_desk_sees_it_with_the_case_in_hand(browse, nia, kept):
    browser, key = nia
    upload(browser, key, picture(size=(200, 100)), "Group picture")
    olga = browse(Cast.olga)
    assert "Group picture" not in olga.get(f"/desk/{key}").text
    olga.post(f"/desk/{key}/take")
    assert f'src="/evidence/{kept()[0].key}"' in olga.get(f"/desk/{key}").text


def test_thirty_days_after_the_decision_it_is_gone(app, browse, nia, kept):
    browser, key = nia
    upload(browser, key, PDF)
    browse(Cast.olga).send(f"/api/v1/participations/{key}/decline", {"reason": "Not there"})
    ((_, file, _, delete_after),) = kept()
    assert timedelta(days=29) < delete_after - clock.now() <= timedelta(days=30)
    assert upload(browser, key, PDF).status_code == 409  # decided
    with app.app_context(), time_machine.travel(delete_after - timedelta(hours=1)):
        run_daily()
    assert len(kept()) == 1
    with app.app_context(), time_machine.travel(delete_after + timedelta(hours=1)):
        assert run_daily() == 1
        run_due()
    assert kept() == []
    assert in_store(file) is None


def test_an_appeal_keeps_it(browse, nia, kept):
    browser, key = nia
    upload(browser, key, PDF)
    browse(Cast.olga).send(f"/api/v1/participations/{key}/decline", {"reason": "Not there"})
    browser.post(f"/claims/{key}/appeal", {"words": "I was."})
    assert kept()[0].delete_after is None


def test_a_claim_taken_back_takes_its_files_along(app, nia, kept):
    browser, key = nia
    upload(browser, key, PDF)
    file = kept()[0].file
    browser.post(f"/claims/{key}/withdraw")
    with app.app_context():
        run_due()
    assert kept() == []
    assert in_store(file) is None


def test_files_that_nobody_has_are_swept(app, nia, kept):
    browser, key = nia
    upload(browser, key, PDF)
    storage.files().put("evidence/zz/zz-left-behind", PDF)
    with app.app_context():
        assert actions.sweep_evidence() == 0  # too young: a change may be under way
        with time_machine.travel(clock.now() + timedelta(days=2)):
            assert actions.sweep_evidence() >= 1
    assert in_store(kept()[0].file) == PDF
    assert storage.files().read("evidence/zz/zz-left-behind") is None
