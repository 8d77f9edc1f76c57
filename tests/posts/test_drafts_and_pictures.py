"""Drafts are kept, pictures come with posts, and nothing that was typed is lost when one of them is refused."""

from __future__ import annotations

import io
import re
import struct
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from PIL import Image

from alumni.core import clock, storage
from alumni.core.db import db
from alumni.posts.actions import SIZES, file_of, sweep_post_pictures
from alumni.posts.models import Post, PostDraft, PostPicture
from tests.cast import Cast
from tests.groups.test_pages import count_queries
from tests.posts.conftest import photograph, send, work

NAMES = sa.select(PostPicture.name).order_by(PostPicture.id)
OUTSIDE = (Cast.carol, Cast.mallory, Cast.nia, Cast.mona)
MAP = (photograph(), "A map of the town")


@pytest.fixture
def path(cast) -> str:
    return f"/groups/{cast.group}/posts"


def names(read) -> list[str]:
    return [row.name for row in read(NAMES)]


def files_of(name: str) -> list[bytes | None]:
    return [storage.files().read(file_of(name, size)) for size in SIZES]


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def test_a_draft_is_there_again_and_goes_when_it_is_posted(browse, path, read):
    bob = browse(Cast.bob)
    kept = bob.post(path, {"body": "Half a thou", "language": "lo", "act": "draft"})
    assert (kept.status_code, kept.location) == (303, path)
    assert "Your draft is kept here." in bob.get(path).text
    html = bob.get(path).text
    assert "Half a thou</textarea>" in html
    assert '<option value="lo" selected>' in html
    assert read(sa.select(Post.id)) == []
    assert "Half a thou" not in browse(Cast.alice).get(path).text
    bob.post(path, {"body": "", "act": "draft"})  # an empty one does no harm
    assert bob.post(path, {"body": "Half a thought.", "act": "draft"}).status_code == 303
    assert read(sa.select(PostDraft.body)) == [("Half a thought.",)]
    assert bob.post(path, {"body": "A whole thought."}).status_code == 303
    assert (read(sa.select(Post.body)), read(sa.select(PostDraft.id))) == ([("A whole thought.",)], [])
    assert "Half a thought" not in bob.get(path).text


def test_each_place_has_a_draft_of_its_own(browse, path, post, read):
    bob = browse(Cast.bob)
    bob.post(path, {"body": "To all.", "act": "draft"})
    bob.post(f"/posts/{post}/answers", {"body": "To Alice.", "act": "draft"})
    assert "To all.</textarea>" in bob.get(path).text
    assert "To Alice.</textarea>" in bob.get(f"/posts/{post}").text
    assert bob.post(f"/posts/{post}/answers", {"body": "To Alice, sent."}).status_code == 303
    assert read(sa.select(PostDraft.body)) == [("To all.",)]
    assert bob.send(f"/api/v1{path}", {"body": "By the API."}).status_code == 201
    assert read(sa.select(PostDraft.body)) == [("To all.",)]  # what one types in the browser is another matter


def test_a_post_comes_with_pictures(browse, app, cast, path, read):
    bob = browse(Cast.bob)
    assert 'enctype="multipart/form-data"' in bob.get(path).text
    sent = send(bob, path, {"body": "Here."}, MAP, (photograph("PNG", (2000, 1000)), "The hall"))
    assert sent.status_code == 303
    first, second = names(read)
    alice = browse(Cast.alice)
    html = alice.get(path).text
    assert (
        f'<img src="/posts/pictures/{first}/480" alt="A map of the town" width="300" height="200" loading="lazy"'
        in html
    )
    assert f'<img src="/posts/pictures/{second}/480" alt="The hall" width="480" height="240"' in html
    assert f"/posts/pictures/{second}/1600" in html
    sizes = [Image.open(io.BytesIO(alice.get(f"/posts/pictures/{second}/{size}").data)).size for size in SIZES]
    assert sizes == [(480, 240), (1600, 800)]
    item = alice.get(f"/api/v1{path}").json["items"][0]
    assert [picture["alt"] for picture in item["pictures"]] == ["A map of the town", "The hall"]
    assert "Picture: The hall" in alice.get(path, headers={"Save-Data": "on"}).text
    assert '<img src="/posts/' not in alice.get(path, headers={"Save-Data": "on"}).text
    assert count_queries(app, lambda: alice.get(path)) <= 6


def test_nothing_stays_of_where_it_was_taken(browse, path, read):
    exif = Image.Exif()
    exif[0x010E] = "Secret place"
    exif.get_ifd(0x8825)[1] = "N"
    assert send(browse(Cast.bob), path, {"body": "Here."}, (photograph(exif=exif), "The hall")).status_code == 303
    for file in files_of(names(read)[0]):
        assert b"Secret" not in file
        assert not Image.open(io.BytesIO(file)).getexif()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"This is no picture, whatever it is called.", "That is not a picture we can read."),
        (bomb(), "more pixels than we take"),
        (photograph(size=(20, 20)), "too small"),
        (b"x" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
    ],
    ids=["text", "bomb", "small", "large"],
)
def test_a_bad_picture_is_refused_and_all_else_is_kept(browse, path, read, data, says):
    bob = browse(Cast.bob)
    answer = send(bob, path, {"body": "Look at this."}, MAP, (data, "The other one"))
    assert answer.status_code == 422
    assert says in answer.text
    assert 'href="#picture"' in answer.text
    assert "Look at this.</textarea>" in answer.text
    (name,) = names(read)  # the good one
    assert f'src="/posts/pictures/{name}/480"' in answer.text
    assert read(sa.select(Post.id)) == []
    assert bob.get(f"/posts/pictures/{name}/480").status_code == 200
    assert browse(Cast.alice).get(f"/posts/pictures/{name}/480").status_code == 404  # a draft is nobody else's
    again = bob.post(path, {"body": "Look at this.", f"alt-{name}": "A map"})
    assert again.status_code == 303
    assert browse(Cast.alice).get(f"/posts/pictures/{name}/480").status_code == 200


def test_five_pictures_are_one_too_many(browse, path, read):
    bob = browse(Cast.bob)
    answer = send(bob, path, {"body": "All of them."}, *[MAP] * 5)
    assert answer.status_code == 422
    assert "at most 4 pictures" in answer.text
    assert names(read) == []
    assert send(bob, path, {"body": "Three.", "act": "draft"}, *[MAP] * 3).status_code == 303
    answer = send(bob, path, {"body": "And two more."}, MAP, MAP)
    assert (answer.status_code, "at most 4 pictures" in answer.text) == (422, True)
    assert len(names(read)) == 3
    assert send(bob, path, {"body": "And one more."}, MAP).status_code == 303
    assert read(sa.select(sa.func.count()).select_from(PostPicture).where(PostPicture.post_id.is_not(None))) == [(4,)]


def test_each_picture_says_what_is_in_it(browse, path, read):
    bob = browse(Cast.bob)
    answer = send(bob, path, {"body": "Here."}, (photograph(), "  "))
    assert answer.status_code == 422
    assert "Say of each picture what is in it" in answer.text
    (name,) = names(read)
    assert bob.post(path, {"body": "Here.", f"alt-{name}": "\u202eevil"}).status_code == 422
    assert bob.post(path, {"body": "Here.", f"alt-{name}": "<b>A hall</b>"}).status_code == 303
    assert 'alt="&lt;b&gt;A hall&lt;/b&gt;"' in bob.get(path).text


def test_pictures_go_with_what_they_belong_to(browse, app, path, read):
    bob = browse(Cast.bob)
    send(bob, path, {"body": "A draft.", "act": "draft"}, MAP, MAP)
    first, second = names(read)
    bob.post(path, {"body": "A draft.", "act": "draft", "remove": first, f"alt-{second}": "A map"})
    assert names(read) == [second]
    work(app)
    with app.app_context():
        assert files_of(first) == [None, None]
        assert None not in files_of(second)
    bob.post(path, {"body": "Posted."})
    assert bob.post(f"/posts/{read(sa.select(Post.key))[0].key}/delete").status_code == 303
    work(app)
    with app.app_context():
        assert files_of(second) == [None, None]
    assert names(read) == []


def test_the_nightly_sweep_deletes_what_nobody_has(browse, app, path, read):
    send(browse(Cast.bob), path, {"body": "Here."}, MAP)
    (name,) = names(read)
    with app.app_context():
        lost = file_of("2" * 26, 480)
        storage.files().put(lost, b"lost")
        sweep_post_pictures()  # it may belong to a change that is not committed yet
        assert storage.files().read(lost) == b"lost"
        with time_machine.travel(clock.now() + timedelta(days=2)):
            assert sweep_post_pictures() > 0
        assert storage.files().read(lost) is None
        assert None not in files_of(name)


def test_pictures_open_for_who_reads_the_post(browse, app, cast, path, read):
    send(browse(Cast.bob), path, {"body": "Here."}, MAP)
    (name,) = names(read)
    address = f"/posts/pictures/{name}/480"
    shown = browse(Cast.alice).get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert "private" in shown.headers["Cache-Control"]
    assert browse(Cast.alice).get(address, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    for wrong in (f"/posts/pictures/{name}/48", "/posts/pictures/x/480", f"/posts/pictures/{'2' * 26}/480"):
        assert browse(Cast.alice).get(wrong).status_code == 404
    for email in OUTSIDE:
        assert browse(email).get(address).status_code == 404, email
    assert browse(Cast.sue).get(address).status_code == 403
    assert browse("").get(address).status_code == 303
    with app.app_context():
        db.session.execute(sa.update(Post).values(hidden_at=clock.now()))
        db.session.commit()
    assert browse(Cast.alice).get(address).status_code == 404


def test_a_post_of_ten_megabytes(browse, path, read):
    bob = browse(Cast.bob)
    bob.post(path, {"body": "What I had before.", "act": "draft"})
    huge = bob.post(path, {"body": "x" * (10 * 1024 * 1024)})
    assert huge.status_code == 413
    assert "larger than we take. Nothing was stored." in huge.text
    assert "What I had before.</textarea>" in bob.get(path).text
    assert bob.send(f"/api/v1{path}", {"body": "x" * (10 * 1024 * 1024)}).status_code == 413
    long = bob.post(path, {"body": "x" * 20_000})
    assert (long.status_code, "20000 characters long" in re.sub(",", "", long.text)) == (422, True)


def test_drafts_are_refused_where_one_may_not_write(browse, cast, path, post, read):
    for email in (*OUTSIDE, Cast.sue):
        assert browse(email).post(path, {"body": "Hello.", "act": "draft"}).status_code == 403, email
        expected = 403 if email == Cast.sue else 404
        answer = browse(email).post(f"/posts/{post}/answers", {"body": "Hello.", "act": "draft"})
        assert answer.status_code == expected, email
    assert browse("").client.post(path, data={"body": "Hello.", "act": "draft"}).status_code == 400
    assert read(sa.select(PostDraft.id)) == []
