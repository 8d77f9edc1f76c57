"""What people of a demonstration told others of Japan."""

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from alumni.core.db import db
from alumni.core.viewer import Viewer
from alumni.groups.models import Group, Membership, MembershipState
from alumni.members.models import Audience
from alumni.outreach import actions
from alumni.outreach.actions import OutreachDraft
from alumni.outreach.models import OutreachKind
from alumni.programmes.models import Bound
from alumni.world.keys import key_of

# How many days ago, what it was, and who sees it in the group.
TOLD = (
    (20, Audience.GROUPS, OutreachDraft(
        OutreachKind.TALK, "A winter with a family in Hokkaido", "", "VN", "Lê Quý Đôn secondary school, Hanoi",
        reached=140, reached_bound=Bound.ABOUT,
        words="Two classes together. Most asked about snow, and about school lunch.",
    )),
    (75, Audience.GROUPS, OutreachDraft(
        OutreachKind.ARTICLE, "What Kumamoto rebuilt after the earthquake", "", "LA", "Vientiane Times",
        "https://example.org/kumamoto", 3000, Bound.MORE_THAN,
    )),
    (190, Audience.GROUPS, OutreachDraft(
        OutreachKind.CLASS, "Twelve evenings of Japanese for beginners", "", "LA", "Vientiane", reached=18,
        reached_bound=Bound.EXACT, words="Six of them go on to *N5* in December.",
    )),
    (260, Audience.ONLY_ME, OutreachDraft(
        OutreachKind.BROADCAST, "Half an hour on the radio about studying in Japan", "", "VN", "Voice of the Delta",
    )),
)  # fmt: skip
TOGETHER = OutreachDraft(
    OutreachKind.EXHIBITION, "Photographs of our host towns", "", "VN", "Community hall, Huế", reached=420,
    reached_bound=Bound.ABOUT, words="Open for three weeks; the photographs now hang in the school.",
)  # fmt: skip


def tell_of_japan(group_id: int, now: datetime) -> None:
    """In the first cohort's group: what its people did, and what the group did itself."""
    in_it = sa.select(Membership.account_id).where(
        Membership.group_id == group_id, Membership.state == MembershipState.ACTIVE
    )
    people = list(db.session.scalars(in_it.order_by(Membership.joined_at, Membership.account_id).limit(5)))
    if not people:
        return
    group = db.session.get_one(Group, group_id)
    for number, (days, audience, told) in enumerate(TOLD):
        actions.note_own(
            actor=Viewer(id=people[number % len(people)]),
            draft=_on(told, now - timedelta(days=days)),
            key=key_of("demo", "told", str(number)),
            group=group,
            audience=audience,
        )
    actions.note_for_group(
        actor=Viewer(id=people[0], is_admin=True),
        group=group,
        draft=_on(TOGETHER, now - timedelta(days=45)),
        key=key_of("demo", "told", "together"),
    )


def _on(draft: OutreachDraft, day: datetime) -> OutreachDraft:
    return replace(draft, held_on=day.date().isoformat())
