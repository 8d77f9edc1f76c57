"""What every door of the API shares: lists, cursors, limits."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import Response, json, jsonify, request

from alumni.core.errors import Invalid
from alumni.core.paging import PAGE, Page

MOST = 100


def limit() -> int:
    """`?limit=`, 1 to 100, 25 if absent. Raises Invalid("limit")."""
    text = request.args.get("limit", str(PAGE))
    if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= MOST:
        raise Invalid("limit", "limit", most=MOST)
    return int(text)


def tagged(response: Response, version: int) -> Response:
    """An answer whose ETag begins with the version of the thing, for `If-Match`; the rest is of all that it says."""
    response.set_etag(f"{version}-{sha256(response.get_data()).hexdigest()[:16]}")
    return response


def version_seen() -> int | None:
    """The version that `If-Match` names. None: it is not asked. -1, which nothing has: it is no tag of ours."""
    if not request.if_match or request.if_match.star_tag:
        return None
    versions = [tag.partition("-")[0] for tag in request.if_match]
    return next((int(version) for version in versions if version.isdecimal() and len(version) < 10), -1)


def after() -> str | None:
    """`?after=`, the cursor of the page before."""
    return request.args.get("after") or None


def before() -> str | None:
    """`?before=`, the cursor of the page that follows."""
    return request.args.get("before") or None


@lru_cache(maxsize=4096)
def text_of(to_json: Callable[[Any], Any], row: Any) -> str:
    """A row of a list as the text of its JSON, written once: `to_json` knows the row and nothing else."""
    return json.dumps(to_json(row))


def response_of(items: Iterable[str], facets: Mapping[str, str], **more: Any) -> Response:
    """The answer of a list whose items and facets are written already."""
    by_facet = ",".join(f'"{name}":{text}' for name, text in facets.items())
    text = f'{{"facets":{{{by_facet}}},"items":[{",".join(items)}],{json.dumps(more)[1:]}'
    return Response(text, mimetype="application/json")


def list_json(page: Page, to_json: Callable[[Any], dict[str, Any]]) -> Response:
    """`{"items": […], "next": cursor or null}`."""
    return jsonify(items=[to_json(row) for row in page.items], next=page.next)
