"""Every route and its guards, read from the running app."""

from dataclasses import asdict, dataclass

from flask import Flask

from alumni.core.limits import LIMITS
from alumni.web.gate import SAFE

HEAD = """# The inventory

Every route with its guards, as `flask --app alumni inventory` reads them from the app. Do not edit:
`WRITE_INVENTORY=1 pytest tests/test_inventory.py` writes it anew, and without it the test holds it to the app.

Who: *all* is everybody, *members* whoever signed in and is not suspended, *suspended too* every account. What a role
or a row allows besides is the policy's ([permissions.md](permissions.md)). CSRF: a form needs its token; a bearer token
of the API replaces it. Limit: its name in `alumni/core/limits.py`. Scope: what a token needs. File: its greatest size.

| Route | Methods | Who | CSRF | Limit | Scope | File |
| --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Door:
    """One route, as whoever reviews it wants to see it."""

    route: str
    methods: tuple[str, ...]
    who: str
    needs_csrf: bool
    limit: str
    scope: str
    most_bytes: int
    endpoint: str


def doors(app: Flask) -> list[Door]:
    rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("dev.")]
    found = []
    for rule in sorted(rules, key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        view = app.view_functions[rule.endpoint]
        methods = tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        writes = bool(set(methods) - SAFE)
        found.append(
            Door(
                route=rule.rule,
                methods=methods,
                who=_who(view),
                needs_csrf=writes and not getattr(view, "is_csrf_free", False),
                limit=getattr(view, "limit", ""),
                scope=_scope(rule.rule, writes, getattr(view, "scope", "")),
                most_bytes=getattr(view, "most_bytes", 0),
                endpoint=rule.endpoint,
            )
        )
    return found


def _who(view: object) -> str:
    if getattr(view, "is_public", False):
        return "all"
    return "suspended too" if getattr(view, "is_for_suspended", False) else "members"


def _scope(route: str, writes: bool, besides: str) -> str:
    if not route.startswith("/api/"):
        return ""
    return " ".join(filter(None, ("write" if writes else "read", besides)))


def as_json(app: Flask) -> list[dict[str, object]]:
    return [asdict(door) | {"limits": [asdict(limit) for limit in LIMITS.get(door.limit, ())]} for door in doors(app)]


def as_markdown(app: Flask) -> str:
    return HEAD + "".join(
        f"| `{door.route}` | {' '.join(door.methods)} | {door.who} | {'yes' if door.needs_csrf else ''} | {door.limit} "
        f"| {door.scope} | {f'{door.most_bytes >> 20} MB' if door.most_bytes else ''} |\n"
        for door in doors(app)
    )
