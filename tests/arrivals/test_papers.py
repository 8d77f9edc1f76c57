"""Badges and certificates as PDF in every script, checked by anybody; and who gets none."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image, ImageChops, ImageDraw, ImageFont
from pypdfium2 import PdfDocument

from alumni.arrivals.models import Arrival
from alumni.core import clock
from alumni.core.db import db
from alumni.core.papers import FontsMissing, Paper, Text, as_pdf
from alumni.core.tokens import new_key
from alumni.events.models import Attendance, AttendanceState, Event, EventAudience
from tests.cast import Cast
from tests.events.shapes import make_event, member_id

FONTS = "/usr/share/fonts"
NOTO = f"{FONTS}/truetype/noto/Noto"
# A name, and the font that has its letters: drawn a second time by another shaper, it looks the same.
NAMES = {
    "Lao": ("ບຸນມີ ວົງສາ", f"{NOTO}SansLao-Regular.ttf"),
    "Thai": ("ที่นี่ ใจดี", f"{NOTO}SansThai-Regular.ttf"),
    "Khmer": ("សុខ ស្រីមុំ", f"{NOTO}SansKhmer-Regular.ttf"),
    "Burmese": ("ကျော်မြင့်", f"{NOTO}SansMyanmar-Regular.ttf"),
    "Arabic": ("محمد", f"{NOTO}NaskhArabic-Regular.ttf"),
    "Japanese": ("髙橋さくら", f"{FONTS}/opentype/noto/NotoSansCJK-Regular.ttc"),
    "Vietnamese": ("Nguyễn Thị Đặng", f"{NOTO}Sans-Regular.ttf"),
}
GREY = 10  # of 255: how much two drawings of one name differ on the average; unshaped ones by 40 and more


@pytest.fixture
def event(app, cast):
    """It is over. Bob came, Carol said she would and was not noted."""
    with app.app_context():
        facts = {"title": "Reunion & walk", "place": "That Luang", "country": "LA", "audience": EventAudience.MEMBERS}
        slug = make_event(cast.group, starts_in=timedelta(days=-3), **facts)
        row = db.session.scalars(sa.select(Event).where(Event.slug == slug)).one()
        for email in (Cast.bob, Cast.carol):
            db.session.add(Attendance(event_id=row.id, account_id=member_id(email), state=AttendanceState.GOING))
        at = clock.now() - timedelta(days=3)
        db.session.add(Arrival(event_id=row.id, account_id=member_id(Cast.bob), once=new_key(), arrived_at=at))
        db.session.commit()
    return slug


def words_in(pdf):
    return " ".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf))


def ink(picture):
    """What is dark of a picture, in one size, as bytes."""
    picture = picture.convert("L")
    return picture.crop(ImageChops.invert(picture).getbbox()).resize((240, 60)).tobytes()


def drawn_otherwise(name, font, layout):
    picture = Image.new("L", (2600, 600), 255)
    letters = ImageFont.truetype(font, 180, layout_engine=layout)
    ImageDraw.Draw(picture).text((50, 150), name, font=letters, fill=0)
    return ink(picture)


def difference(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def test_a_certificate_says_who_came_and_anybody_can_check_it(cast, browse, read, event):
    bob = browse(Cast.bob)
    page = bob.get(f"/events/{event}/certificate")
    ((code,),) = read(sa.select(Arrival.key))
    assert f"/check?code={code}" in page.text
    pdf = bob.get(f"/events/{event}/certificate.pdf")
    assert (pdf.mimetype, pdf.headers["Cache-Control"]) == ("application/pdf", "no-store")
    said = words_in(pdf.data)
    for words in ("Certificate of attendance", "Bounmy Vongsa", "Reunion & walk", "That Luang", code):
        assert words in said
    checked = browse("").get(f"/check?code={code}")
    assert "This certificate is ours." in checked.text
    assert "ບຸນມີ ວົງສາ" in checked.text
    assert checked.headers["X-Robots-Tag"] == "noindex"
    assert browse("").get(f"/api/v1/certificates/{code}").json["name_romanised"] == "Bounmy Vongsa"
    assert browse("").get(f"/check?code=%20{code.upper()}").status_code == 200


def test_a_code_that_was_never_given(browse, event):
    guest = browse("")
    assert "Enter it to see" in guest.get("/check").text
    for code in ("aaaaaaaaaa", "%00", "x" * 500):
        refused = guest.get(f"/check?code={code}")
        assert refused.status_code == 404
        assert "no certificate with this code" in refused.text
    assert guest.get("/api/v1/certificates/aaaaaaaaaa").status_code == 404


def test_nobody_else_gets_one(cast, browse, event):
    carol = browse(Cast.carol)
    assert "nobody has noted that you came" in carol.get(f"/events/{event}/certificate").text
    assert carol.get(f"/events/{event}/certificate.pdf").status_code == 404
    assert browse(Cast.alice).get(f"/events/{event}/certificate").status_code == 403
    assert browse(Cast.nia).get(f"/events/{event}/certificate.pdf").status_code == 404
    assert browse("").get(f"/events/{event}/certificate.pdf").status_code == 303


def test_an_event_that_was_called_off_or_hidden_certifies_nothing(app, cast, browse, event, read):
    ((code,),) = read(sa.select(Arrival.key))
    with app.app_context():
        db.session.execute(sa.update(Event).where(Event.slug == event).values(hidden_at=clock.now()))
        db.session.commit()
    assert browse("").get(f"/check?code={code}").status_code == 404
    assert browse(Cast.bob).get(f"/events/{event}/certificate.pdf").status_code == 404


def test_badges_name_those_who_may_be_named(app, cast, browse, event):
    alice = browse(Cast.alice)
    pdf = alice.get(f"/events/{event}/badges.pdf")
    assert pdf.mimetype == "application/pdf"
    assert "Bounmy Vongsa" in words_in(pdf.data)
    assert "Carol Sok" in words_in(pdf.data)
    browse(Cast.carol).post("/me/privacy", {"listed": "no"})
    assert "Carol Sok" not in words_in(alice.get(f"/events/{event}/badges.pdf").data)
    for email in (Cast.bob, Cast.carol):
        assert browse(email).get(f"/events/{event}/badges.pdf").status_code == 403
    assert browse(Cast.mallory).get(f"/events/{event}/badges.pdf").status_code == 403


@pytest.mark.parametrize(("name", "font"), NAMES.values(), ids=NAMES)
def test_names_are_shaped_as_their_script_wants(name, font):
    pdf = as_pdf(Paper("Name", "en", pages=[[Text(name, 20, 20, 170, size=50)]]), fonts=FONTS)
    page = ink(PdfDocument(pdf)[0].render(scale=3).to_pil())
    assert difference(page, drawn_otherwise(name, font, ImageFont.Layout.RAQM)) < GREY
    if name in (NAMES["Khmer"][0], NAMES["Burmese"][0], NAMES["Arabic"][0]):  # and the measure can tell
        assert difference(page, drawn_otherwise(name, font, ImageFont.Layout.BASIC)) > 3 * GREY


def test_letters_that_no_font_has_are_named():
    with pytest.raises(FontsMissing) as error:
        as_pdf(Paper("Name", "en", pages=[[Text("A 𒀀", 20, 20, 100)]]), fonts=FONTS)
    assert error.value.facts == {"letters": "𒀀"}


def test_an_installation_without_fonts_says_so(app, cast, browse, event, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "ALUMNI", replace(app.config["ALUMNI"], fonts=str(tmp_path)))
    refused = browse(Cast.bob).get(f"/events/{event}/certificate.pdf")
    assert refused.status_code == 503
    assert "has no font for these letters" in refused.text
