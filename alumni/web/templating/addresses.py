"""Addresses: of endpoints, and of files that change their address with their content."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, url_for


def href(endpoint: str, /, **values: Any) -> str:
    """The address of an endpoint. Flask's own `url_for` costs more than a row of a list."""
    pattern = _pattern(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
    if pattern is None:
        return url_for(endpoint, **values)
    path, names = pattern
    if names:
        path = path % tuple(quote(str(values.pop(name)), safe="") for name in names)
    rest = {name: value for name, value in values.items() if value is not None and value != ""}
    return f"{path}?{urlencode(rest, doseq=True)}" if rest else path


@lru_cache(maxsize=512)
def _pattern(app: Flask, endpoint: str) -> tuple[str, tuple[str, ...]] | None:
    """`/events/%s` and its argument names, for a rule whose arguments are plain path segments."""
    rules = list(app.url_map.iter_rules(endpoint))
    if len(rules) != 1 or any(type(c).__name__ != "UnicodeConverter" for c in rules[0]._converters.values()):
        return None
    parts = [("%s", data) if is_dynamic else (data.replace("%", "%%"), None) for is_dynamic, data in rules[0]._trace]
    path = "".join(text for text, _ in parts).removeprefix("|")
    return path, tuple(name for _, name in parts if name)


def fixed_href(endpoint: str, /, **values: Any) -> str | None:
    """The address where it is the same each time; what `url_for` makes may depend on the request."""
    pattern = _pattern(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
    return href(endpoint, **values) if pattern else None


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """The address of a file under static/, changed whenever its content is, so browsers may keep it for ever."""
    file = Path(current_app.static_folder or "") / name
    return f"/static/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
