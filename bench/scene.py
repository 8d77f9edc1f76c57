"""Who asks, and for what: people, groups and events of a world that the operations are tried on."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from alumni import create_app
from alumni.accounts.models import Account, AccountState, SignIn, StaffRole
from alumni.core import clock, limits
from alumni.core.db import db
from alumni.core.paging import Key, write_cursor
from alumni.core.tokens import digest
from alumni.events.models import Event, EventAudience, EventState
from alumni.groups.models import Group, Membership, MembershipState, Tenure
from alumni.members.models import Audience, Block, Listing, Posting, Term
from alumni.web.gate import session_cookie_name
from bench.worlds import World
from config import from_env

VIEWERS, PROFILES, EVENTS = 8, 40, 20


@dataclass(frozen=True)
class Visitor:
    """A cookie and, once the server was asked for it, the token that goes with forms."""

    cookie: str
    csrf_token: str = ""

    def with_token(self, token: str) -> "Visitor":
        return replace(self, csrf_token=token)

    def form(self, **values: str) -> bytes:
        return urlencode({"csrf_token": self.csrf_token, **values}).encode()


@dataclass(frozen=True)
class Searches:
    """What the directory is asked for: a name of few, the commonest one, two characters, a page in the middle."""

    rare: str
    common: str
    cjk: str
    middle: str


@dataclass(frozen=True)
class Scene:
    """Ordinary verified members of the largest group, and what they look at."""

    viewers: tuple[Visitor, ...]
    group: str
    group_size: int
    handles: tuple[str, ...]
    events: tuple[str, ...]
    searches: Searches


def product(world: World) -> Flask:
    """The product in this process, with the settings of the world and no access log."""
    app = create_app(from_env(world.environment()))
    app.config["LOG_REQUESTS"] = False
    return app


def find_scene(app: Flask) -> Scene:
    """Looks up the people and signs them in. The same world has the same scene."""
    with app.app_context():
        group = db.session.execute(_largest_group()).first()
        if group is None:
            raise SystemExit("The world has no group with members.")
        people = db.session.execute(_insiders(group.id)).all()
        viewers = tuple(_sign_in(person) for person in people[:VIEWERS])
        handles = tuple(person.handle for person in people[VIEWERS : VIEWERS + PROFILES])
        events = tuple(db.session.scalars(_events_to_come()))
        searches = _searches()
        db.session.execute(sa.delete(limits.Tries))  # what an earlier run has read counts no longer
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return Scene(viewers, group.slug, group.members_count, handles, events, searches)


def _searches() -> Searches:
    """What members look for: names of few and of many, and a place in the middle of everybody."""
    of_members = sa.select(Term.id, Term.term, Term.people).where(Term.audience == Audience.MEMBERS, Term.people > 0)
    words = of_members.where(Term.facet == "name", Term.term.like("n:%"))
    latin = words.where(Term.term < "n:\u0080", sa.func.length(Term.term) > 5)
    pairs = words.where(Term.term >= "n:\u4e00", Term.term < "n:\ua000", sa.func.length(Term.term) == 4)
    rare = db.session.execute(latin.order_by(Term.people, Term.term).limit(1)).one()
    common = db.session.execute(latin.order_by(Term.people.desc(), Term.term).limit(1)).one()
    cjk = db.session.execute(pairs.order_by(Term.people.desc(), Term.term).limit(1)).one()
    everybody = db.session.execute(of_members.where(Term.facet == "all")).one()
    keys = (Key(Posting.sort_key, "sort_key"), Key(Posting.account_id, "account_id"))
    in_order = sa.select(Posting.sort_key, Posting.account_id).where(Posting.term_id == everybody.id)
    middle = in_order.order_by(Posting.sort_key, Posting.account_id).offset(everybody.people // 2).limit(1)
    return Searches(rare.term[2:], common.term[2:], cjk.term[2:], write_cursor(keys, db.session.execute(middle).one()))


def _largest_group() -> sa.Select[Any]:
    return sa.select(Group.id, Group.slug, Group.members_count).order_by(Group.members_count.desc(), Group.id).limit(1)


def _insiders(group_id: int) -> sa.Select[Any]:
    """Members like most others: verified, of no staff, organising nothing, blocking nobody, shown to members."""
    return (
        sa.select(Account.id, Account.handle)
        .join(Membership, Membership.account_id == Account.id)
        .join(Listing, sa.and_(Listing.account_id == Account.id, Listing.audience == Audience.MEMBERS))
        .where(
            Membership.group_id == group_id,
            Membership.state == MembershipState.ACTIVE,
            ~sa.exists().where(Tenure.account_id == Account.id, Tenure.group_id == group_id),
            Account.state == AccountState.ACTIVE,
            Account.staff_role == StaffRole.NONE,
            Account.is_verified,
            ~sa.exists().where(sa.or_(Block.blocker_id == Account.id, Block.blocked_id == Account.id)),
        )
        .order_by(Account.id)
        .limit(VIEWERS + PROFILES)
    )


def _events_to_come() -> sa.Select[Any]:
    """Events that every verified member may see and answer, with seats left."""
    return (
        sa.select(Event.slug)
        .where(
            Event.starts_at > clock.now(),
            Event.state == EventState.PUBLISHED,
            Event.hidden_at.is_(None),
            Event.audience.in_((EventAudience.PUBLIC, EventAudience.MEMBERS)),
            Event.group_id.is_not(None),
            sa.or_(Event.capacity.is_(None), Event.capacity >= Event.seats_taken + VIEWERS),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(EVENTS)
    )


def _sign_in(person: Any) -> Visitor:
    """A device that is signed in, always the same one for a person, so that a kept world does not fill with them."""
    secret = hashlib.sha256(f"bench {person.handle}".encode()).hexdigest()
    until = clock.now().replace(year=clock.now().year + 1)
    if db.session.scalar(sa.select(SignIn.id).where(SignIn.digest == digest(secret))) is None:
        db.session.add(SignIn(account_id=person.id, digest=digest(secret), created_at=clock.now(), expires_at=until))
    db.session.execute(sa.update(SignIn).where(SignIn.digest == digest(secret)).values(seen_at=clock.now()))
    return Visitor(f"{session_cookie_name()}={secret}")
