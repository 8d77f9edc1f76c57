"""Members as JSON: oneself, the directory, one's participations."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from alumni.core import pictures
from alumni.core.db import db
from alumni.core.errors import NotFound
from alumni.members import actions, queries
from alumni.members.forms import CareerForm, DirectoryForm, MeForm
from alumni.members.forms.words import name_in
from alumni.members.models import FIELDS, CareerEntry, Member
from alumni.web import api
from alumni.web.errors import invalid_form
from alumni.web.forms import json_form, json_part
from alumni.web.gate import csrf_token, for_suspended, get_or_404, limited, me, public, takes_file
from alumni.web.openapi import takes
from alumni.web.templating import href

bp = Blueprint("members_api", __name__, url_prefix="/api/v1")


@bp.get("/me")
@for_suspended
def read_me() -> Response:
    return jsonify(me_json(queries.find_member(me())))


@bp.put("/me")
@takes(MeForm)
def write_me() -> Response:
    """Profile and audiences at once; what is not sent stays. Makes the member of an account that has none."""
    ticked = queries.find_ticked(me())
    form = json_part(MeForm, always=() if ticked else ("name",))
    if "offers" in form or "looks_for" in form:
        form.offer(queries.find_offers(), ticked)
    if not form.validate():
        return invalid_form(form)
    member = actions.save_profile(me(), form.draft())
    if audiences := form.audiences():
        member = actions.choose_audiences(me(), audiences)
    if "is_listed" in form:
        member = (actions.return_to_directory if form.is_listed.data else actions.leave_directory)(me())
    saved = me_json(member)  # before the commit, after which the session would read everything again
    db.session.commit()
    return jsonify(saved)


@bp.put("/me/picture")
@takes_file(pictures.MOST_BYTES)
def write_picture() -> Response:
    """One's picture: the body of the request is the file itself, a JPEG, PNG, WebP, HEIC or AVIF of up to 8 MB."""
    data = request.get_data()
    try:
        actions.count_picture(me())
    finally:
        db.session.commit()  # nobody waits for a lock while a picture is decoded and stored
    name = actions.keep_picture(data)
    actions.change_picture(me(), name)
    db.session.commit()
    return jsonify(picture=picture_json(name))


@bp.delete("/me/picture")
def remove_picture() -> tuple[str, int]:
    actions.remove_picture(me())
    db.session.commit()
    return "", 204


def picture_json(name: str) -> dict[str, str] | None:
    """Addresses by size in pixels, or null."""
    return {str(size): href("members.picture", name=name, size=size) for size in pictures.SIZES} if name else None


def me_json(member: Member | None) -> dict[str, Any]:
    viewer = me()
    return {
        "handle": viewer.handle,
        "email": queries.find_email(viewer),
        "language": viewer.language,
        "zone": viewer.zone,
        "is_verified": viewer.is_verified,
        "is_suspended": viewer.is_suspended,
        "profile": own_profile_json(member) if member else None,
        "csrf_token": csrf_token(),
    }


def own_profile_json(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "name_romanised": member.name_romanised,
        "picture": picture_json(member.picture),
        "name_reading": member.name_reading,
        "family_name": member.family_name,
        "call_me": member.call_me,
        "former_names": member.former_names.split("\n") if member.former_names else [],
        "country": member.country,
        "city": member.city,
        "nationality": member.nationality,
        "community": member.community,
        "headline": member.headline,
        "segment": member.segment or "",
        "work_field": member.work_field or "",
        "employer": member.employer,
        "bio": member.bio,
        "links": member.links,
        "languages": _languages_json(member.languages),
        "offers": member.offers,
        "looks_for": member.looks_for,
        "contact": member.contact,
        "born_on": member.born_on or "",
        "is_listed": member.is_listed,
        **{f"{field}_audience": getattr(member, f"{field}_audience") for field in FIELDS},
    }


def _languages_json(languages: list[list[str]]) -> list[dict[str, str]]:
    return [{"language": language, "level": level} for language, level in languages]


@bp.get("/me/career")
@for_suspended
def my_career() -> Response:
    return jsonify(items=[entry_json(entry) for entry in db.session.scalars(queries.career_of(me()))], next=None)


@bp.post("/me/career")
@takes(CareerForm)
def add_career_entry() -> Response | tuple[Response, int]:
    form = json_form(CareerForm)
    if not form.validate():
        return invalid_form(form)
    entry = actions.save_career_entry(me(), form.draft(), key=form.key)
    db.session.commit()
    return jsonify(entry_json(entry)), 201


@bp.put("/me/career/<key>")
@takes(CareerForm)
def change_career_entry(key: str) -> Response:
    entry = get_or_404(queries.career_of(me()).where(CareerEntry.key == key))
    form = json_form(CareerForm)
    if not form.validate():
        return invalid_form(form)
    entry = actions.save_career_entry(me(), form.draft(), key=entry.key)
    db.session.commit()
    return jsonify(entry_json(entry))


@bp.delete("/me/career/<key>")
def remove_career_entry(key: str) -> tuple[str, int]:
    actions.remove_career_entry(me(), get_or_404(queries.career_of(me()).where(CareerEntry.key == key)))
    db.session.commit()
    return "", 204


def entry_json(entry: CareerEntry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "kind": entry.kind,
        "title": entry.title,
        "organisation": entry.organisation,
        "country": entry.country,
        "year_from": entry.year_from,
        "year_to": entry.year_to,
    }


@bp.get("/offers")
@public
def offers() -> Response:
    """What members can offer and look for, with its name in the reader's language."""
    rows = queries.find_offers()
    items = [{"slug": row.slug, "name": name_in(row.names), "is_retired": row.is_retired} for row in rows]
    return jsonify(items=items, next=None)


@bp.get("/members")
@limited("directory", reads=True)
@public
@takes(DirectoryForm)
def directory() -> Response:
    form = DirectoryForm(request.args)
    if not form.validate():
        return invalid_form(form)
    cursors = {"after": api.after(), "before": api.before()}
    all_of = form.all.data or ""
    found = queries.find_people(me(), form.search(), **cursors, limit=api.limit(), all_of=all_of)
    return api.response_of(
        (api.text_of(member_json, row) for row in found.people.items),
        {name: api.text_of(facet_json, facet) for name, facet in found.facets.items()},
        next=found.people.next,
        previous=found.people.previous,
        total=found.total,
        is_more=found.is_more,
    )


def facet_json(facet: queries.Facet) -> list[dict[str, Any]]:
    return [{"term": value.term, "people": value.people} for value in facet.values]


@bp.get("/members/suggested")
def suggested() -> Response:
    """People whom one may know, with the reason: cohort, town or work."""
    suggestions = queries.people_you_may_know(me())
    return jsonify(items=[{**member_json(found.person), "reason": found.reason} for found in suggestions], next=None)


@bp.get("/members/<handle>")
@limited("profile", reads=True)
@public
def show(handle: str) -> Response:
    person = queries.find_profile(me(), handle)
    if person is None:
        raise NotFound
    return jsonify({**member_json(person), **details_json(person)})


def details_json(person: Any) -> dict[str, Any]:
    """The whole of a listing, as the page of the person shows it."""
    details = person.details
    return {
        "name_reading": details.get("name_reading", ""),
        "family_name": details.get("family_name", ""),
        "call_me": details.get("call_me", ""),
        "former_names": details.get("former_names", []),
        "nationality": details.get("nationality", ""),
        "community": details.get("community", ""),
        "segment": details.get("segment", ""),
        "work_field": details.get("work_field", ""),
        "employer": details.get("employer", ""),
        "bio": details.get("bio", ""),
        "links": details.get("links", []),
        "languages": _languages_json(details.get("languages", [])),
        "offers": person.offers.split(),
        "looks_for": details.get("looks_for", []),
        "programmes": person.programmes,
        "career": details.get("career", []),
        "contact": person.contact,
    }


def member_json(person: Any) -> dict[str, Any]:
    return {
        "handle": person.handle,
        "name": person.name,
        "name_romanised": person.name_romanised,
        "picture": picture_json(person.picture),
        "country": person.country,
        "city": person.city,
        "headline": person.headline,
    }


@bp.put("/members/<handle>/block")
def block(handle: str) -> tuple[str, int]:
    person = queries.find_profile(me(), handle)
    if person is None:
        raise NotFound
    actions.block_member(me(), person.account_id)
    db.session.commit()
    return "", 204


@bp.delete("/members/<handle>/block")
def unblock(handle: str) -> tuple[str, int]:
    actions.unblock_member(me(), get_or_404(queries.blocked(me(), handle)))
    db.session.commit()
    return "", 204
