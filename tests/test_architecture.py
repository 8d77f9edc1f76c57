"""What the import contracts cannot see: commits, clocks, role checks, sizes, names."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "alumni").rglob("*.py"))
DOORS = ("views", "api", "steps")  # steps: what doors of several rooms share
ROOMS = {
    *("accounts", "programmes", "officers", "members", "groups", "events", "posts", "rosters", "imports", "claims"),
    *("moderation", "admin", "home", "attendance", "roles"),
    "meetings",
    "messages",
    "tokens",
    "elections",
    "founding",
    "outreach",
    "settings",
    "invites",
    "plans",
    "teams",
    "reminders",
    "arrivals",
    "visitors",
    "reports",
    "conferences",
    "fairs",
    "consents",
    "mydata",
    "mailing",
    "deliveries",
    "circulars",
}
# Doors without HTTP: each is one use case of its own, so it commits as well. A refusal is written down after the rest
# was taken back.
OTHER_DOORS = {"cli", "worker", "world"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_door(path: Path) -> bool:
    parts = path.relative_to(ROOT / "alumni").parts
    return (
        parts[0] in OTHER_DOORS
        or parts in (("web", "refusals.py"), ("web", "limits.py"), ("web", "seen.py"))
        or (parts[0] in ROOMS and any(part.removesuffix(".py") in DOORS for part in parts[1:]))
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(node: ast.AST, name: str) -> list[ast.Call]:
    return [
        call
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == name
    ]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_doors_commit(path):
    commits = [call for call in calls(tree(path), "commit") if "session" in ast.unparse(call.func)]
    assert is_door(path) or not commits, f"{name_of(path)} commits; only doors do"


@pytest.mark.parametrize("path", [p for p in SOURCES if is_door(p)], ids=name_of)
def test_a_get_never_commits(path):
    for function in ast.walk(tree(path)):
        if not isinstance(function, ast.FunctionDef):
            continue
        marks = [ast.unparse(d.func if isinstance(d, ast.Call) else d) for d in function.decorator_list]
        writes = bool(calls(function, "commit"))
        if "logs_looks" in marks:  # docs/decisions/0005: what is secret is shown once it is written down who looks
            assert writes, f"{name_of(path)}: {function.name} is marked and writes nothing down"
            continue
        is_get = any(mark.endswith(".get") for mark in marks)
        assert not (is_get and writes), f"{name_of(path)}: {function.name} writes on GET"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_one_clock(path):
    if path.name == "clock.py":
        return
    text = ast.unparse(tree(path))
    for stray in ("datetime.now(", "utcnow(", "date.today(", "time.time("):
        assert stray not in text, f"{name_of(path)} reads a clock of its own: {stray}"


@pytest.mark.parametrize("path", [p for p in SOURCES if "policy" not in p.parts and p.stem != "policy"], ids=name_of)
def test_roles_are_compared_in_policy_only(path):
    """A role may be stored, listed and shown elsewhere; who may do what is decided in `policy`."""
    roles = {"is_admin", "is_moderator"}
    text = tree(path)
    if path.parts[-2] in {"core", "accounts"}:  # where the attributes are made
        return
    used = {node.attr for node in ast.walk(text) if isinstance(node, ast.Attribute)} & roles
    assert not used, f"{name_of(path)} asks for {used}; ask a policy"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_sizes(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 420, f"{name_of(path)} has {lines} lines: cut it by subject"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 50, f"{name_of(path)}: {node.name} has {length} lines"


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=name_of)
def test_templates_are_short_and_plain(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 190, f"{name_of(path)} is too long"
    assert "|safe" not in text.replace(" ", ""), f"{name_of(path)} writes unescaped text"
    if not {"emails", "dev"} & set(path.parts):
        for forbidden in (" style=", "<style", "onclick=", "javascript:", "http://", "https://"):
            assert forbidden not in text, f"{name_of(path)}: {forbidden}"


def test_only_the_assembler_reads_the_settings():
    for path in SOURCES:
        imports = [n for n in ast.walk(tree(path)) if isinstance(n, ast.ImportFrom) and n.module == "config"]
        assert path.name == "app.py" or not imports, f"{name_of(path)} reads config"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_names(path):
    banned = {"utils", "helpers", "common", "misc", "manager", "service", "handler"}
    assert path.stem not in banned
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert not node.name.startswith(("do_", "handle_")), f"{name_of(path)}: {node.name}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_import_hides_in_a_function(path):
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef):
            hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{name_of(path)}: {function.name} hides an import"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem == "actions" or "actions" in p.parts[:-1]], ids=name_of)
def test_actions_swallow_nothing(path):
    """Nothing in the domain swallows an error it does not know."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert ast.unparse(node.type) != "Exception", f"{name_of(path)} catches everything"
