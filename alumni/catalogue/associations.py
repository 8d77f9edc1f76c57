"""Associations, umbrellas and chapters as groups, and a group for every cohort."""

from typing import Any

import sqlalchemy as sa

from alumni.catalogue.checks import Catalogue
from alumni.catalogue.ledger import Ledger
from alumni.catalogue.shapes import AssociationEntry, Size, UnnamedMember
from alumni.catalogue.words import countries, country, sentence
from alumni.core.db import db
from alumni.core.names import sort_key
from alumni.groups.actions import ensure_cohort_group, follow_cohort
from alumni.groups.models import Group, GroupKind, GroupPath, JoinPolicy
from alumni.programmes.models import Cohort, Programme

KINDS = {"umbrella": GroupKind.UMBRELLA, "chapter": GroupKind.CHAPTER}  # all others are associations
WORDS = {
    "jica_alumni_association": "A JICA alumni association.",
    "nikkei_alumni_association": "A Nikkei alumni association.",
    "counterpart": "The counterpart in Japan.",
    "network": "A network rather than an association.",
    "organisation": "An organisation rather than an association of alumni.",
    "group": "Members in one country, not known to be a chapter.",
}

INFERRED = "That it belongs to its umbrella is inferred; the pages found do not say so."


def load(catalogue: Catalogue, ledger: Ledger, titles: dict[str, str]) -> None:
    """`titles` are those that cohorts had which are new or changed: their groups follow them."""
    _cohort_groups(catalogue, ledger, titles)
    files = catalogue.associations
    programmes = ledger.rows(Programme, [entry.programme for entry in files.associations if entry.programme])
    parents: dict[str, str | None] = {}
    values: dict[str, dict[str, Any]] = {}
    for entry in files.associations:
        programme = programmes[entry.programme].id if entry.programme else None
        values[entry.id] = _association_values(catalogue, entry) | {"programme_id": programme}
        parents[entry.id] = entry.parent
    for member in files.unnamed_members:
        umbrella = next(entry for entry in files.associations if entry.id == member.umbrella)
        values[member.id] = _unnamed_values(catalogue, member, umbrella) | {
            "programme_id": programmes[umbrella.programme].id if umbrella.programme else None
        }
        parents[member.id] = member.umbrella
    _settle(ledger, values, parents)


def _cohort_groups(catalogue: Catalogue, ledger: Ledger, titles: dict[str, str]) -> None:
    cohorts = ledger.rows(Cohort, [entry.id for entry in catalogue.programmes.cohorts])
    has_group = set(db.session.scalars(sa.select(Group.cohort_id).where(Group.cohort_id.is_not(None))))
    for cohort in cohorts.values():
        ledger.report.note("cohort group", "unchanged" if cohort.id in has_group else "new")
        if cohort.slug in titles:
            follow_cohort(cohort=cohort, was=titles[cohort.slug])
        else:
            ensure_cohort_group(cohort=cohort)
    db.session.flush()


def _settle(ledger: Ledger, values: dict[str, dict[str, Any]], parents: dict[str, str | None]) -> None:
    """Writes the groups, then the tree from the top down, so that every path above is there before one below."""
    there = ledger.rows(Group, values)
    rows: dict[str, Group] = {}
    fresh = set()
    for slug, its_values in values.items():
        row = there.get(slug)
        rows[slug], is_fresh = ledger.settle("association", Group, slug, row, its_values, parent=parents[slug])
        fresh |= {slug} if is_fresh else set()
    ledger.keep("association")
    db.session.flush()
    for slug in sorted(fresh, key=lambda slug: _depth(slug, parents)):
        parent = parents[slug]
        _place(rows[slug], rows[parent].id if parent else None)


def _depth(slug: str, parents: dict[str, str | None]) -> int:
    parent = parents[slug]
    return 0 if parent is None else 1 + _depth(parent, parents)


def _place(group: Group, parent_id: int | None) -> None:
    """Hangs a group, with all that is below it, under a parent."""
    path = sa.select(GroupPath.descendant_id, GroupPath.depth).where(GroupPath.ancestor_id == group.id)
    below: dict[int, int] = {row.descendant_id: row.depth for row in db.session.execute(path)}
    if not below:
        db.session.add(GroupPath(ancestor_id=group.id, descendant_id=group.id, depth=0))
        below = {group.id: 0}
    elif group.parent_id == parent_id:
        return
    if parent_id in below:
        raise ValueError(f"{group.slug} would stand below itself")
    group.parent_id = parent_id
    db.session.execute(
        sa.delete(GroupPath).where(GroupPath.descendant_id.in_(below), GroupPath.ancestor_id.not_in(below))
    )
    path = sa.select(GroupPath.ancestor_id, GroupPath.depth).where(GroupPath.descendant_id == parent_id)
    for ancestor, height in db.session.execute(path).all():
        for descendant, depth in below.items():
            db.session.add(GroupPath(ancestor_id=ancestor, descendant_id=descendant, depth=height + 1 + depth))
    db.session.flush()


def _association_values(catalogue: Catalogue, entry: AssociationEntry) -> dict[str, Any]:
    size = entry.members[0] if entry.members else None
    return {
        "kind": KINDS.get(entry.kind, GroupKind.ASSOCIATION),
        "name": entry.name,
        "abbr": entry.abbr or "",
        "sort_key": sort_key(entry.name),
        "about": _about(catalogue, entry),
        "country": entry.country or "",
        "founded": entry.founded or "",
        "website": entry.website or "",
        "governance": _governance(entry),
        **_size(size),
        "is_former": entry.kind == "former_association",
        "source": catalogue.cite(entry.source, *(size.source for size in entry.members)),
        "join_policy": JoinPolicy.REQUEST,
    }


def _size(size: Size | None) -> dict[str, Any]:
    if size is None:
        return {"size_published": None, "size_bound": None, "size_of": ""}
    counted = f"{size.population}, {size.as_of}" if size.as_of else size.population
    return {"size_published": size.value, "size_bound": size.read_as, "size_of": counted}


def _about(catalogue: Catalogue, entry: AssociationEntry) -> str:
    """What else the files say, a paragraph for each thing."""
    names = {other.id: other.name for other in catalogue.associations.associations}
    paragraphs = [
        WORDS.get(entry.kind, ""),
        sentence(", ".join(entry.aliases), "Also known as"),
        sentence(entry.region, "Region"),
        sentence(countries(entry.countries), "Countries"),
        sentence(f"Merged into {names[entry.merged_into]}") if entry.merged_into else "",
        sentence(", ".join(names[key] for key in entry.merged_from), "Formed from"),
        sentence(f"A section of {names[entry.section_of]}") if entry.section_of else "",
        sentence(entry.joined_umbrella, "Joined its umbrella"),
        INFERRED if entry.umbrella_inferred else "",
        sentence(entry.note),
    ]
    return "\n\n".join(filter(None, paragraphs))


def _governance(entry: AssociationEntry) -> str:
    chapters = "It has chapters." if entry.has_chapters and not entry.chapter_term else ""
    return "\n\n".join(filter(None, [sentence(entry.governance), sentence(entry.chapter_term, "Chapter"), chapters]))


def _unnamed_values(catalogue: Catalogue, member: UnnamedMember, umbrella: AssociationEntry) -> dict[str, Any]:
    """A member of an umbrella of which only the country is known."""
    is_stated = member.status in ("active", "closed")
    what = "member association" if is_stated else "alumni"
    name = f"{umbrella.abbr or umbrella.name} {what} in {country(member.country)}"
    about = "Its own name is not known here." if is_stated else sentence(member.status)
    if member.status == "closed":
        about = f"Closed. {about}"
    return {
        "kind": GroupKind.ASSOCIATION,
        "name": name,
        "abbr": "",
        "sort_key": sort_key(name),
        "about": about,
        "country": member.country,
        "founded": "",
        "website": member.website or "",
        "governance": "",
        **_size(None),
        "is_former": member.status == "closed",
        "source": catalogue.cite(member.source),
        "join_policy": JoinPolicy.REQUEST,
    }
