"""What a group says to everybody, as Atom (RFC 4287)."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from flask import Response, current_app, request

from alumni.core.errors import NotFound
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.posts import policy, queries
from alumni.posts.views.groups import bp
from alumni.web.gate import get_or_404, me, public
from alumni.web.templating import href
from alumni.web.templating.formats import markdown

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LONGEST_TITLE = 80


@bp.get("/groups/<slug>/feed.atom")
@public
def feed(slug: str) -> Response:
    """Announcements that organisers marked for everybody. The same for every reader, signed in or not."""
    group = get_or_404(groups_queries.visible_groups(me()).where(Group.slug == slug))
    if not policy.can_be_public(group.visibility):
        raise NotFound
    response = Response(_write(group, queries.public_announcements(group.id)), content_type="application/atom+xml")
    response.headers["Cache-Control"] = "public, max-age=600"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def _write(group: Group, posts: Sequence[Any]) -> bytes:
    base = current_app.config["ALUMNI"].base_url
    page, itself = base + href("groups.show", slug=group.slug), base + href("posts.feed", slug=group.slug)
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "id", itself)
    _add(root, "title", group.name)
    updated = max((post.edited_at or post.announced_at for post in posts), default=group.created_at)
    _add(root, "updated", updated.isoformat())
    _add(root, "link", rel="self", href=itself, type="application/atom+xml")
    _add(root, "link", rel="alternate", href=page, type="text/html")
    _add(_add(root, "author"), "name", group.name)
    for post in posts:
        _entry(root, base, post)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: ET.Element, base: str, post: Any) -> None:
    entry, address = _add(root, "entry"), base + href("posts.show", key=post.key)
    entry.set(LANG, post.language)
    _add(entry, "id", address)
    _add(entry, "title", _title(post.body))
    _add(entry, "published", post.announced_at.isoformat())
    _add(entry, "updated", (post.edited_at or post.announced_at).isoformat())
    _add(entry, "link", rel="alternate", href=address, type="text/html")
    if post.name:
        _add(_add(entry, "author"), "name", post.name)
    _add(entry, "content", str(markdown(post.body)), type="html")


def _title(body: str) -> str:
    """The first line, without its marks."""
    line = body.split("\n", 1)[0].strip("#*_> ").strip() or "…"
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = text or None
    return made
