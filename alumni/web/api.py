"""What every door of the API shares: lists, cursors, limits."""

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from alumni.core.errors import Invalid
from alumni.core.paging import PAGE, Page

MOST = 100


def limit() -> int:
    """`?limit=`, 1 to 100, 25 if absent. Raises Invalid("limit")."""
    text = request.args.get("limit", str(PAGE))
    if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= MOST:
        raise Invalid("limit", "limit", most=MOST)
    return int(text)


def after() -> str | None:
    """`?after=`, the cursor of the page before."""
    return request.args.get("after") or None


def before() -> str | None:
    """`?before=`, the cursor of the page that follows."""
    return request.args.get("before") or None


def list_json(page: Page, to_json: Callable[[Any], dict[str, Any]]) -> Response:
    """`{"items": […], "next": cursor or null}`."""
    return jsonify(items=[to_json(row) for row in page.items], next=page.next)
