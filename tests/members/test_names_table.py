"""The published table of names: both databases find what the reference finds, and nobody else."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from ruamel.yaml import YAML

from alumni.core.db import db
from alumni.core.search import finds
from alumni.core.viewer import GUEST
from alumni.members import queries
from alumni.members.actions import rebuild_listings
from alumni.members.models import Audience, Listing, Member
from tests import builders

TABLE = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "names.yaml")


@pytest.fixture
def named(app):
    """By account id, the forms of each name of the table."""
    with app.app_context():
        people = {}
        for row in TABLE:
            name, *others = row["forms"]
            account = builders.make_account(f"{len(people)}@example.org")
            forms = {"name": name, "former_names": "\n".join(others)}
            audiences = {"name_audience": Audience.PUBLIC, "former_names_audience": Audience.PUBLIC}
            db.session.add(Member(account_id=account.id, **forms, **audiences))
            people[account.id] = row["forms"]
        db.session.flush()
        list(rebuild_listings())
        db.session.commit()
        return people


def test_every_query_of_the_table(app, named):
    asked = sorted({query for row in TABLE for query in (*row["finds"], *row["misses"])})
    assert len(asked) > 900
    with app.app_context():
        for query in asked:
            people = queries.list_people(GUEST, queries.Search(q=query), limit=200).items
            found = [person.account_id for person in people]
            expected = {account_id for account_id, forms in named.items() if finds(query, *forms)}
            assert len(found) == len(set(found)), query
            assert set(found) == expected, query


def test_everybody_comes_once_and_in_order(app, named):
    with app.app_context():
        pages, cursor = [], None
        while True:
            page = queries.list_people(GUEST, queries.Search(), after=cursor, limit=11)
            pages.append([person.account_id for person in page.items])
            cursor = page.next
            if cursor is None:
                break
        back, cursor = [pages[-1]], page.previous
        while cursor:
            page = queries.list_people(GUEST, queries.Search(), before=cursor, limit=11)
            back.insert(0, [person.account_id for person in page.items])
            cursor = page.previous
        assert back == pages
        together = [account_id for page in pages for account_id in page]
        assert sorted(together) == sorted(named)
        assert db.session.scalar(sa.select(sa.func.count()).where(Listing.audience == Audience.PUBLIC)) == len(named)
