"""What is measured: each operation, the figure it has to reach, and its requests in a scene."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bench.scene import Scene, Visitor


@dataclass(frozen=True)
class Ask:
    """One request: who asks, for what, and the form that is sent along with a POST."""

    visitor: Visitor
    path: str
    form: bytes | None = None


@dataclass(frozen=True)
class Operation:
    """`asks(scene, n)` is the n-th request of a run; the goal is in multiples of the reference's CPU."""

    name: str
    goal: float | None
    asks: Callable[[Scene, int], Ask]
    status: int = 200
    shows: bytes = b""  # what an answer holds that is not empty


GUEST = Visitor("")


def _viewer(scene: Scene, n: int) -> Visitor:
    return scene.viewers[n % len(scene.viewers)]


def _at(path: str) -> Callable[[Scene, int], Ask]:
    return lambda scene, n: Ask(_viewer(scene, n), path.format(group=scene.group))


def _profile(scene: Scene, n: int) -> Ask:
    return Ask(_viewer(scene, n), f"/members/{scene.handles[n % len(scene.handles)]}")


def _event(scene: Scene, n: int) -> Ask:
    return Ask(_viewer(scene, n), f"/events/{scene.events[n % len(scene.events)]}")


def _answer(scene: Scene, n: int) -> Ask:
    """Going, and back again: every request writes."""
    turn, is_back = divmod(n, 2)
    visitor = _viewer(scene, turn)
    form = visitor.form(answer="not_going" if is_back else "going")
    return Ask(visitor, f"/events/{scene.events[turn % len(scene.events)]}/answer", form)


def _search(kind: str) -> Callable[[Scene, int], Ask]:
    return lambda scene, n: Ask(_viewer(scene, n), f"/members?q={quote(getattr(scene.searches, kind))}")


def _middle(scene: Scene, n: int) -> Ask:
    return Ask(_viewer(scene, n), f"/members?after={quote(scene.searches.middle)}")


OPERATIONS = (
    Operation("profile", 2.0, _profile, shows=b"</h1>"),
    Operation("group", 2.5, _at("/groups/{group}"), shows=b"/members/"),
    Operation("group-members", 2.5, _at("/groups/{group}/members"), shows=b"/members/"),
    Operation("group-feed", None, _at("/groups/{group}/posts"), shows=b"</article>"),
    Operation("events", 2.0, _at("/events"), shows=b"/events/"),
    Operation("event", 2.0, _event, shows=b"/answer"),
    Operation("answer", 3.0, _answer, status=303),
    Operation("members-json", 2.0, _at("/api/v1/members"), shows=b'"handle"'),
    Operation("directory", 2.5, _at("/members"), shows=b"/members/"),
    Operation("directory-middle", 2.5, _middle, shows=b"/members/"),
    Operation("search-rare", 2.5, _search("rare"), shows=b"/members/"),
    Operation("search-common", 3.0, _search("common"), shows=b"/members/"),
    Operation("search-cjk", 3.0, _search("cjk"), shows=b"/members/"),
    Operation("landing", None, _at("/"), shows=b"</h1>"),
    Operation("landing-guest", None, lambda _scene, _n: Ask(GUEST, "/"), shows=b"</h1>"),
)
NAMES = tuple(operation.name for operation in OPERATIONS)


def named(names: str) -> list[Operation]:
    """The operations of a list like `profile,group`, all of them for an empty one."""
    wanted = [name for name in names.split(",") if name]
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        raise SystemExit(f"No operation {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    return [operation for operation in OPERATIONS if not wanted or operation.name in wanted]
