"""Every visible string goes through the catalogue, and every catalogue is complete."""

import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from babel.core import Locale
from babel.dates import get_timezone_location

from alumni.core.db import Base, db
from alumni.core.places import zones
from tests import translations
from tests.cast import Cast
from tests.permissions import make_world

WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"title", "alt", "placeholder", "aria-label", "value", "data-label"}
SILENT = {"script", "style", "code", "time"}
# Names of addresses, of formats and of entries in the log: the same in every language.
KNOWN = set(
    "utf rows https http www org html openapi json ics GET POST PUT DELETE api security txt account suspend".split()
)


class Visible(HTMLParser):
    """The words that a reader sees or hears, outside of people's own text."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        is_own = (
            tag == "bdi"
            or (tag != "html" and "lang" in values)
            or (values.get("dir") == "auto" and tag not in ("input", "textarea"))
        )
        if tag not in ("input", "meta", "link", "img", "br", "hr") and (self.silent or is_own or tag in SILENT):
            self.silent.append(tag)
        if not self.silent:
            is_button = tag == "input" and values.get("type") in ("submit", "button")
            for name in SPOKEN - ({"value"} if not is_button else set()):
                if values.get(name):
                    self.words.append(values[name])

    def handle_endtag(self, tag):
        if self.silent and tag in self.silent:
            while self.silent.pop() != tag:
                pass

    def handle_data(self, data):
        if not self.silent:
            self.words.append(data)


def outside_brackets(text: str) -> str:
    """What does not stand between ⟦ and ⟧, at any depth."""
    depth, kept = 0, []
    for char in text:
        depth += {"⟦": 1, "⟧": -1}.get(char, 0)
        kept.append(char if depth == 0 and char != "⟧" else " ")
    return "".join(kept)


def is_initials(word: str) -> bool:
    """What stands for a face."""
    return len(word) == 2 and (word.isupper() or not word.isascii())


def data_words() -> set[str]:
    """Words of the rows, of CLDR and of the languages' own names: they are no strings of ours."""
    found = set(KNOWN)
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            found.update(w for value in row if isinstance(value, str | list | dict) for w in WORD.findall(str(value)))
    for code in ("en", "ja"):
        found.update(WORD.findall(Locale.parse(code).get_display_name() or ""))
    locale = Locale.parse("en_GB")
    for names in (
        locale.territories,
        locale.languages,
        *locale.months["format"].values(),
        *locale.days["format"].values(),
    ):
        found.update(word for name in names.values() for word in WORD.findall(name))
    found.update(word for zone in locale.time_zones.values() for word in WORD.findall(str(zone)))
    for zone in zones():
        found.update(WORD.findall(f"{zone} {get_timezone_location(zone, locale=locale, return_city=True)}"))
    return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["guest", "nia", "bob", "alice", "mona", "sam"])
def test_no_string_escapes_the_catalogue(app, browse, who):
    with app.app_context():
        world = make_world()
        known = data_words()
    browser = browse(getattr(Cast, who))
    paths = [r.rule for r in app.url_map.iter_rules() if "GET" in r.methods and not r.arguments]
    paths = [p for p in paths if not p.startswith(("/dev", "/api/v1", "/.well")) and not p.endswith((".ics", "z"))]
    paths += [
        f"/groups/{world.group}", f"/groups/{world.group}/members", f"/groups/{world.group}/posts",
        f"/posts/{world.post}", "/programmes/jenesys2016/posts", f"/groups/{world.group}/leave",
        f"/groups/{world.group}/events", f"/groups/{world.group}/about", f"/events/{world.open_event}",
        f"/events/{world.event}", f"/events/{world.event}/edit", f"/events/{world.event}/cancel",
        f"/events/new?group={world.group}", f"/members/{world.bob}", f"/claims/{world.claim}", f"/desk/{world.claim}",
        f"/moderation/{world.report}", f"/groups/{world.group}/reports", f"/groups/{world.group}/log",
        f"/moderation/{world.taken}", f"/report?post={world.post}",
        "/programmes/jenesys2016", "/claims/new?family=jenesys", "/claims/new?programme=jenesys2016&country=LA",
        *(f"/groups/{world.group}/{part}" for part in ("meetings", "resolutions", "associations", "register")),
        f"/groups/{world.group}/meetings/new", f"/groups/{world.group}/meetings/{world.meeting}",
        f"/groups/{world.group}/meetings/{world.meeting}/delegations", f"/groups/{world.group}/seats/{world.seat}",
        f"/groups/{world.group}/meetings/{world.meeting}/minutes", f"/groups/{world.group}/seats/new",
        f"/groups/{world.group}/meetings/{world.meeting}/minutes/versions",
        f"/groups/{world.group}/resolutions/{world.resolution}",
        f"/groups/{world.group}/resolutions/{world.resolution}/sign",
        f"/groups/{world.group}/resolutions/{world.resolution}/follow-up",
        f"/groups/{world.group}/elections", f"/groups/{world.group}/elections/new",
        *(f"/elections/{world.election}/{part}" for part in ("stand", "name", "officer", "move", "cancel")),
        *(f"/elections/{key}" for key in (world.election, world.vote, world.counted)), f"/elections/{world.vote}/vote",
        f"/elections/{world.counted}/ballots", f"/elections/{world.election}/candidates/{world.candidate}/strike",
        *(f"/foundings/{world.founding}/{part}" for part in ("edit", "confirm", "invite", "officers", "charter")),
        *(f"/foundings/{world.founding}/{part}" for part in ("plan", "funds", "decide", "papers/founders")),
        f"/foundings/{world.founding}", f"/foundings/{world.founding}/papers/plan",
        f"/groups/{world.group}/settings", f"/groups/{world.group}/settings/place", f"/groups/{world.group}/ask",
        f"/groups/new?parent={world.group}", f"/groups/proposals/{world.proposal}/decline",
        *(f"/events/{world.open_event}/{part}" for part in ("programme", "recommendations", "delegations")),
        f"/events/{world.open_event}/companies",
        *(f"/events/{world.open_event}/{part}/new" for part in ("programme", "recommendations", "companies")),
        f"/events/{world.open_event}/programme/{world.session}/edit", f"/events/{world.open_event}/meetings",
        f"/events/{world.open_event}/recommendations/{world.recommendation}/answer",
        f"/events/{world.open_event}/recommendations/{world.recommendation}/hand-over",
        f"/events/{world.open_event}/companies/{world.company}",
        f"/events/{world.open_event}/meetings/{world.request}/decline",
        "/nothing/here",
    ]  # fmt: skip
    escaped = []
    for path in paths:
        answer = browser.get(path + ("&" if "?" in path else "?") + "lang=en-XA")
        if "text/html" not in answer.content_type or answer.status_code in (301, 302, 303):
            continue
        reader = Visible()
        reader.feed(answer.text)
        left = {w for text in reader.words for w in WORD.findall(outside_brackets(text)) if not is_initials(w)}
        left -= known
        if left:
            escaped.append((path, sorted(left)[:8]))
    assert escaped == [], "\n".join(map(str, escaped))


def test_every_catalogue_is_complete():
    assert set(translations.catalogues()) == {"ja"}
    assert translations.problems() == []


def test_the_check_itself_finds_a_missing_string(monkeypatch):
    monkeypatch.setattr(translations, "strings", lambda: {"A string that nobody translated", "Sign in"})
    assert translations.problems() == ["ja: not translated: 'A string that nobody translated'"]
