"""What people of a demonstration write to each other: a post on top, announced, with a picture and answers."""

import struct
import zlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.core import pictures, storage
from alumni.core.db import db
from alumni.groups.models import Membership, MembershipState
from alumni.posts.actions import SIZES, file_of
from alumni.posts.models import Announcement, Post, PostPicture, PostVersion
from alumni.programmes.models import Cohort
from alumni.world.keys import key_of

WIDTH, HEIGHT = 640, 400  # of the picture
SPOKEN = (
    "We meet on the second Saturday of next month, at the river, at ten. Bring the photographs of your host towns: "
    "we hang them up in the school afterwards.\n\n- who comes by car, say how many seats are free\n"
    "- children are welcome"
)
WRITTEN = "We meet on the second Sunday of next month, at the river, at ten. Bring the photographs of your host towns."
ANSWERS = (
    ("en", "I come with two free seats from the north side of the town."),
    ("en", "I am abroad that week. Please take a picture for me."),
    ("ja", "写真を二枚持っていきます。楽しみにしています。"),
)
TO_ALL = (
    "I teach in Vientiane now and look for somebody of our programme who could talk to my class by video, "
    "in easy English."
)


def start_talk(cohort_id: int, group_id: int, now: datetime) -> None:
    """In the first cohort's group and, to everybody, in its programme."""
    in_it = sa.select(Membership.account_id).where(
        Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE
    )
    people = list(db.session.scalars(in_it.order_by(Membership.joined_at, Membership.account_id).limit(5)))
    if len(people) < 3:
        return
    organiser, *others = people
    post = Post(
        key=key_of("demo", "talk"),
        group_id=group_id,
        author_id=organiser,
        body=SPOKEN,
        created_at=now - timedelta(days=3),
        edited_at=now - timedelta(days=2),
        edits=1,
        answers_count=len(ANSWERS),
        pinned_at=now - timedelta(days=2),
        announced_at=now - timedelta(days=2),
        is_public=True,
    )
    db.session.add(post)
    db.session.flush()
    db.session.add(
        PostVersion(post_id=post.id, number=0, language="en", body=WRITTEN, written_at=now - timedelta(days=3))
    )
    db.session.add(
        Announcement(post_id=post.id, by_id=organiser, sent_count=len(others), last_id=max(people), done_at=now)
    )
    db.session.add(_picture(post.id))
    for number, (language, body) in enumerate(ANSWERS):
        db.session.add(
            Post(
                key=key_of("demo", "talk", str(number)),
                group_id=group_id,
                parent_id=post.id,
                author_id=others[number % len(others)],
                language=language,
                body=body,
                created_at=now - timedelta(days=2) + timedelta(hours=3 * number + 1),
            )
        )
    programme_id = db.session.get_one(Cohort, cohort_id).programme_id
    at = now - timedelta(days=1)
    key = key_of("demo", "to all")
    db.session.add(Post(key=key, programme_id=programme_id, author_id=others[0], body=TO_ALL, created_at=at))


def _picture(post_id: int) -> PostPicture:
    """Its files lie under a name that is the same for the same world."""
    name = "".join(key_of("demo", "picture", part) for part in "abc")[: pictures.NAME_LETTERS]
    views = pictures.derive_views(_evening(), *SIZES)
    for size, view in zip(SIZES, views, strict=True):
        storage.files().put(file_of(name, size), view.file)
    alt = "The sun goes down behind the hills on the far side of the river"
    return PostPicture(post_id=post_id, name=name, alt=alt, width=views[-1].width, height=views[-1].height)


def _evening() -> bytes:
    """A PNG of an evening sky over a river."""
    rows = b"".join(b"\0" + bytes(value for x in range(WIDTH) for value in _colour(x, y)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def _colour(x: int, y: int) -> tuple[int, int, int]:
    if y > 300:  # the river
        return 70 + y // 8 % 6 * 6, 90, 120
    if y > 250 - abs(x % 260 - 130) // 3:  # the hills
        return 60, 74, 70
    if (x - 420) ** 2 + (y - 190) ** 2 < 42**2:  # the sun
        return 250, 214, 150
    return 236 - y // 6, 170 - y // 8, 130 + y // 10
