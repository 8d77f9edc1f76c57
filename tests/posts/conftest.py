"""A group with a post of Alice in it, and ways to reach things."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from alumni import worker
from alumni.accounts.models import Account
from alumni.core.db import db, intend
from alumni.groups.models import Group
from alumni.members.models import Member
from tests import builders
from tests.cast import Cast


def member(email: str) -> Member:
    return db.session.scalars(
        sa.select(Member).join(Account, Account.id == Member.account_id).where(Account.email == email)
    ).one()


def group(slug: str) -> Group:
    return db.session.query(Group).filter_by(slug=slug).one()


def photograph(kind="JPEG", size=(300, 200), **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (220, 30, 30)).save(file, kind, **options)
    return file.getvalue()


def send(browser, path, fields, *files: tuple[bytes, str]):
    """Sends a form with pictures, each with its text."""
    data = {
        **fields,
        "picture": [(io.BytesIO(data), "photo.jpg") for data, _ in files],
        "alt": [alt for _, alt in files],
    }
    answer = browser.post(path, data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a temporary file of the browser, when it is large
    return answer


def work(app) -> None:
    """Runs what is due, as the worker does."""
    with app.app_context():
        worker.run_due()
        db.session.remove()
        intend(to_write=True)


@pytest.fixture
def post(app, cast) -> str:
    """The key of a post of Alice in the cohort's group."""
    with app.app_context():
        key = builders.make_post(group(cast.group), member(Cast.alice), "Who has the map?").key
        db.session.commit()
    return key
