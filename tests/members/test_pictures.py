"""Profile pictures: sent, shown to whom their owner chose, replaced, removed, and gone from the store."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image

from alumni import worker
from alumni.accounts.models import Account
from alumni.core import clock, pictures, storage
from alumni.core.db import db
from alumni.members.actions import sweep_pictures
from alumni.members.models import Audience, Listing, Member
from tests.cast import Cast

RED, BLUE = (220, 30, 30), (30, 60, 200)
UNREADABLE = "That is not a picture we can read."


def photograph(colour=RED, kind="JPEG", size=(300, 200), **options):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


def upload(browser, data, name="me.jpg"):
    return send(browser, "/me/picture", {"picture": (io.BytesIO(data), name)})


def send(browser, path, form):
    answer = browser.post(path, form, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a temporary file of the browser, when it is large
    return answer


def put(browser, data, media_type="image/jpeg"):
    headers = {"X-CSRFToken": browser.token(), "Content-Type": media_type}
    return browser.client.put("/api/v1/me/picture", data=data, headers=headers)


@pytest.fixture
def name_of(read):
    """The name of somebody's picture."""

    def ask(email):
        [(name,)] = read(sa.select(Member.picture).join(Account).where(Account.email == email))
        return name

    return ask


@pytest.fixture
def handle_of(read):
    return lambda email: read(sa.select(Account.handle).where(Account.email == email))[0].handle


def files_of(name):
    return [size for size in pictures.SIZES if storage.files().read(pictures.file_of(name, size)) is not None]


def work(app):
    with app.app_context():
        return worker.run_due()


def test_a_picture_is_sent_seen_and_replaced(app, cast, browse, name_of):
    bob, alice = browse(Cast.bob), browse(Cast.alice)
    page = bob.get("/me/picture")
    assert 'enctype="multipart/form-data"' in page.text
    assert 'type="file"' in page.text
    assert "The picture you have now" not in page.text

    answer = upload(bob, photograph(RED))
    assert (answer.status_code, answer.location) == (303, "/me/picture")
    first = name_of(Cast.bob)
    page = bob.get("/me/picture").text
    assert "Your picture is saved." in page
    assert f'src="/pictures/{first}/128"' in page
    assert "Remove the picture" in page
    assert f"/pictures/{first}/48" in alice.get(f"/groups/{cast.group}/members").text  # they share a group

    file = alice.get(f"/pictures/{first}/384")
    assert (file.status_code, file.mimetype) == (200, "image/webp")
    picture = Image.open(io.BytesIO(file.data))
    assert picture.size == (384, 384)
    assert picture.convert("RGB").getpixel((200, 200))[0] > 180

    upload(bob, photograph(BLUE, "PNG"))
    second = name_of(Cast.bob)
    assert second != first
    assert alice.get(f"/pictures/{first}/48").status_code == 404  # at once, before anything is deleted
    assert files_of(first) == list(pictures.SIZES)
    assert work(app) == 1
    assert files_of(first) == []
    assert files_of(second) == list(pictures.SIZES)
    assert alice.get(f"/pictures/{second}/48").status_code == 200


def test_a_picture_is_removed(app, cast, browse, read, name_of):
    bob = browse(Cast.bob)
    upload(bob, photograph())
    name = name_of(Cast.bob)
    answer = bob.post("/me/picture", {"remove": "1"})
    assert answer.status_code == 303
    assert "Your picture is removed." in bob.get("/me/picture").text
    assert name_of(Cast.bob) == ""
    assert read(sa.select(Listing.account_id).where(Listing.picture != "")) == []
    assert bob.get(f"/pictures/{name}/48").status_code == 404
    work(app)
    assert files_of(name) == []
    assert bob.post("/me/picture", {"remove": "1"}).status_code == 303  # again does no harm


def test_as_json(app, cast, browse, name_of):
    bob = browse(Cast.bob)
    answer = put(bob, photograph(kind="WEBP"), "image/webp")
    assert answer.status_code == 200
    name = name_of(Cast.bob)
    addresses = {str(size): f"/pictures/{name}/{size}" for size in (48, 128, 384)}
    assert answer.get_json() == {"picture": addresses}
    assert bob.get("/api/v1/me").get_json()["profile"]["picture"] == addresses
    for address in addresses.values():
        assert bob.get(address).status_code == 200
    for _ in range(2):
        assert bob.send("/api/v1/me/picture", method="DELETE").status_code == 204
    assert bob.get("/api/v1/me").get_json()["profile"]["picture"] is None
    work(app)
    assert files_of(name) == []


def test_the_members_of_a_group_as_json_have_addresses_of_pictures(cast, browse, name_of, handle_of):
    upload(browse(Cast.bob), photograph())
    person = browse(Cast.alice).get(f"/api/v1/members/{handle_of(Cast.bob)}").get_json()
    assert person["picture"]["128"] == f"/pictures/{name_of(Cast.bob)}/128"


# Alice shares a group with Bob. Carol is a member, and staff read as members do. Mallory is blocked, Nia waits, Sue is
# suspended: the last two are strangers.
SEEN_BY = {
    Audience.ONLY_ME: {Cast.bob},
    Audience.GROUPS: {Cast.bob, Cast.alice},
    Audience.MEMBERS: {Cast.bob, Cast.alice, Cast.carol, Cast.mona, Cast.sam},
    Audience.PUBLIC: set(Cast.everybody) - {Cast.mallory},
}


@pytest.mark.parametrize("audience", list(Audience))
def test_the_file_opens_for_the_circle_that_was_chosen_and_for_nobody_else(
    app, cast, browse, name_of, handle_of, audience
):
    bob = browse(Cast.bob)
    upload(bob, photograph())
    with app.app_context():
        member = db.session.query(Member).join(Account).filter(Account.email == Cast.bob).one()
        member.name_audience = Audience.PUBLIC
        db.session.commit()
    profile = bob.get("/api/v1/me").get_json()["profile"]
    chosen = {field: value for field, value in profile.items() if field.endswith("_audience")}
    assert bob.post("/me/privacy", {**chosen, "picture_audience": audience.value}).status_code == 303
    name, handle = name_of(Cast.bob), handle_of(Cast.bob)
    seen_by = set()
    for who in Cast.everybody:
        browser = browse(who)
        statuses = {browser.get(f"/pictures/{name}/{size}").status_code for size in pictures.SIZES}
        assert len(statuses) == 1, who
        assert statuses <= {200, 404}, who
        if statuses == {200}:
            seen_by.add(who)
        # What a page names is what its reader can fetch.
        if who != Cast.bob:
            assert (name in browser.get(f"/members/{handle}").text) == (statuses == {200}), who
    assert seen_by == SEEN_BY[audience]


def test_a_member_who_cannot_be_found_has_no_face_either(cast, browse, name_of):
    bob = browse(Cast.bob)
    upload(bob, photograph())
    bob.post("/me/privacy", {"everything": "public"})
    name = name_of(Cast.bob)
    assert browse("").get(f"/pictures/{name}/48").status_code == 200
    bob.post("/me/privacy", {"everything": "only_me"})
    for who in set(Cast.everybody) - {Cast.bob}:
        assert browse(who).get(f"/pictures/{name}/48").status_code == 404, who
    assert bob.get(f"/pictures/{name}/48").status_code == 200


def test_a_file_is_kept_by_the_browser_alone_and_not_sent_twice(cast, browse, name_of):
    bob = browse(Cast.bob)
    upload(bob, photograph())
    path = f"/pictures/{name_of(Cast.bob)}/48"
    first = bob.get(path)
    assert first.headers["Cache-Control"] == "private, max-age=604800, immutable"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert first.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Content-Encoding" not in bob.get(path, headers={"Accept-Encoding": "gzip"}).headers
    again = bob.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert bob.client.head(path).status_code == 200
    # Whoever may not see it is not told by a tag that it is there.
    refused = browse("").get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert refused.status_code == 404
    assert "immutable" not in refused.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["{name}/49", "{name}/0", "{name}/048", "{name}/48.webp", "{name}x/48", "x/48", "%00/48"]
)
def test_what_is_not_there_is_not_there(cast, browse, name_of, path):
    bob = browse(Cast.bob)
    upload(bob, photograph())
    assert bob.get("/pictures/" + path.format(name=name_of(Cast.bob))).status_code == 404


def test_who_saves_data_fetches_a_picture_only_when_asking_for_it(cast, browse, name_of, handle_of):
    upload(browse(Cast.bob), photograph())
    alice, saving = browse(Cast.alice), {"Save-Data": "on"}
    name, profile = name_of(Cast.bob), f"/members/{handle_of(Cast.bob)}"
    for path in (f"/groups/{cast.group}", f"/groups/{cast.group}/members", "/", profile):
        plain, spared = alice.get(path), alice.get(path, headers=saving)
        assert name in plain.text, path
        assert name not in spared.text, path
        assert "Save-Data" in plain.headers["Vary"], path
    spared = alice.get(profile, headers=saving).text
    assert '<a href="?picture=1">Show the picture</a>' in spared
    assert f"/pictures/{name}/128" in alice.get(f"{profile}?picture=1", headers=saving).text
    assert "Show the picture" not in alice.get(profile).text
    bob = browse(Cast.bob)
    assert name not in bob.get("/me/picture", headers=saving).text
    assert name in bob.get("/me/picture?picture=1", headers=saving).text


def test_pictures_are_lazy_and_have_a_size(cast, browse, name_of, handle_of):
    upload(browse(Cast.bob), photograph())
    for path in (f"/groups/{cast.group}/members", "/", f"/members/{handle_of(Cast.bob)}"):
        page = browse(Cast.alice).get(path).text
        tag = next(tag for tag in page.split("<img")[1:] if name_of(Cast.bob) in tag).partition(">")[0]
        for part in ('alt=""', 'loading="lazy"', "width=", "height="):
            assert part in tag, (path, part)


BAD = {
    "nothing": (b"", "Choose a picture first."),
    "text": (b"hello", UNREADABLE),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", UNREADABLE),
    "half": (photograph(size=(900, 900))[:3000], UNREADABLE),
    "polyglot": (b"GIF89a/*" + photograph(kind="GIF")[8:] + b"*/=1;alert(1)", UNREADABLE),
    "small": (photograph(size=(20, 20)), "Choose one that is at least 48 pixels"),
    "pixels": (photograph(kind="WEBP", size=(3000, 3000)), "This picture has more pixels than we take."),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_in_words_and_changes_nothing(cast, browse, name_of, name):
    data, sentence = BAD[name]
    bob = browse(Cast.bob)
    upload(bob, photograph())
    before = name_of(Cast.bob)
    page = upload(bob, data)
    assert page.status_code == 422
    assert page.text.count(sentence) == 2  # in the summary and at the field
    assert 'href="#picture"' in page.text
    assert "<title>Error:" in page.text
    answer = put(bob, data)
    assert answer.status_code == 422
    assert sentence in answer.get_json()["fields"]["picture"][0]
    assert name_of(Cast.bob) == before
    assert bob.get(f"/pictures/{before}/48").status_code == 200


def test_a_form_without_a_file_asks_for_one(cast, browse):
    answer = browse(Cast.bob).post("/me/picture", {"picture": "me.jpg"})
    assert answer.status_code == 422
    assert "Choose a picture first." in answer.text


@pytest.mark.parametrize("size", [8 * 1024**2 + 1, 9 * 1024**2])
def test_a_file_that_is_too_large_is_refused_with_the_limit(cast, browse, size):
    bob = browse(Cast.bob)
    for answer in (upload(bob, bytes(size)), put(bob, bytes(size))):
        assert answer.status_code in (413, 422)
        assert "larger than 8 MB" in answer.text


def test_the_doors_of_pictures_alone_take_large_files(cast, browse):
    bob, large = browse(Cast.bob), bytes(2_000_000)
    assert upload(bob, large).status_code == 422
    assert put(bob, large).status_code == 422
    sent = {"name": "Bob", "picture": (io.BytesIO(large), "me.jpg")}
    assert send(bob, "/me/profile", sent).status_code == 413
    assert bob.post("/me/picture", {"remove": "x" * 2_000_000}).status_code == 413  # not in a field of the form
    assert send(bob, "/me/picture", {"remove": "x" * 2_000_000}).status_code == 413


def test_tries_are_limited(cast, browse, name_of):
    bob = browse(Cast.bob)
    statuses = [put(bob, b"x").status_code for _ in range(22)]
    assert set(statuses[:20]) == {422}
    assert set(statuses[20:]) == {429}
    assert upload(bob, photograph()).status_code == 429
    assert name_of(Cast.bob) == ""


def test_whoever_may_not_change_anything_changes_no_picture(app, cast, browse, name_of):
    guest = browse("")
    assert guest.get("/me/picture").status_code == 303
    assert upload(guest, photograph()).location.startswith("/login")
    assert put(guest, photograph()).status_code == 401
    assert guest.send("/api/v1/me/picture", method="DELETE").status_code == 401
    sue = browse(Cast.sue)
    assert sue.get("/me/picture").status_code == 200
    assert upload(sue, photograph()).status_code == 403
    assert put(sue, photograph()).status_code == 403
    assert name_of(Cast.sue) == ""
    nia = browse(Cast.nia)  # a claim that waits keeps nobody from having a face
    assert upload(nia, photograph()).status_code == 303
    bob = browse(Cast.bob)
    form = {"picture": (io.BytesIO(photograph()), "me.jpg")}
    assert bob.client.post("/me/picture", data=form).status_code == 400  # without its token


def test_without_a_profile_there_is_nobody_to_picture(app, cast, browse):
    from tests import builders

    with app.app_context():
        builders.make_account("new@example.org")
        db.session.commit()
    newcomer = browse("new@example.org")
    assert newcomer.get("/me/picture").location.startswith("/me/profile")
    assert put(newcomer, photograph()).status_code == 409


def test_a_store_that_is_away_loses_nothing(app, cast, browse, name_of):
    bob = browse(Cast.bob)
    upload(bob, photograph())
    name = name_of(Cast.bob)
    here = storage.keep_files_in("s3://alumni?endpoint=http://127.0.0.1:9&region=us-east-1")
    try:
        answer = upload(bob, photograph(BLUE))
        assert answer.status_code == 503
        assert "Nothing was changed." in answer.text
        assert put(bob, photograph(BLUE)).get_json()["type"] == "storage-away"
        assert bob.get(f"/pictures/{name}/48").status_code == 503
        assert bob.send("/api/v1/me/picture", method="DELETE").status_code == 204
        assert work(app) == 0  # the job waits
    finally:
        storage._store = here
    assert files_of(name) == list(pictures.SIZES)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        assert work(app) == 1
    assert files_of(name) == []


def test_files_that_nobody_has_are_swept(app, cast, browse, name_of):
    """What a crash left between the files and the row, and what a closed account leaves."""
    for who in (Cast.bob, Cast.alice):
        upload(browse(who), photograph())
    bobs, alices = name_of(Cast.bob), name_of(Cast.alice)
    lost = "x" * pictures.NAME_LETTERS
    storage.files().put(pictures.file_of(lost, 48), b"x")
    with app.app_context():
        assert sweep_pictures() == 0  # too young: a change may be under way
        db.session.delete(db.session.query(Account).filter(Account.email == Cast.alice).one())
        db.session.commit()
        with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
            assert sweep_pictures() >= 4
            assert sweep_pictures() == 0
    assert files_of(lost) == []
    assert files_of(alices) == []
    assert files_of(bobs) == list(pictures.SIZES)


def test_a_picture_holds_no_place(cast, browse, name_of):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 22.0), 3: "E", 4: (139.0, 41.0, 30.0)})
    bob = browse(Cast.bob)
    upload(bob, photograph(exif=exif.tobytes()), name="../../etc/<script>.html")
    for size in pictures.SIZES:
        file = bob.get(f"/pictures/{name_of(Cast.bob)}/{size}").data
        assert not Image.open(io.BytesIO(file)).getexif()
        assert b"script" not in file
