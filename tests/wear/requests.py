"""Requests that nobody means well: plausible ones, of which a part or two is hostile."""

from __future__ import annotations

import json
import random
import re
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from alumni.core.db import Base, db
from alumni.web.openapi import describe
from tests.browser import Browser
from tests.cast import Cast
from tests.permissions import World

SOURCES = Path(__file__).parents[2] / "alumni"
HOSTILE = [
    "", " ", "\0", "a\0b", "\ud800", "\udfff x", "\ufffe", "\ufffd", "\u202etxt.exe", "\u2066\u2069", "\u200b", "é",
    "𠮷野家", "👩‍👩‍👧‍👦" * 20, "Z\u0338" * 300, "x" * 20_000, "-1", "0", "-0", "1e9", "NaN", "Infinity", "9" * 18,
    "9" * 400, str(2**31),
    str(2**63), "-9223372036854775809", "٣", "²", "½", "1_000", "+1", "0x10", "0001-01-01", "9999-12-31",
    "9999-12-31T23:59",
    "0001-01-01T00:00", "10000-01-01", "2026-02-30", "2026-11-27T25:00", "2026-W10-1", "20260101",
    "2026-11-27T10:00+99:99",
    "9999-12", "0000-00", "0001", "24:00", "true", "null", "[]", "{}", "%", "%00", "_", "\\", "'", '"',
    "' OR 1=1 --", "../../etc/passwd",
    "//evil.example", "javascript:alert(1)", "https://[::1", "http://\ud800", "<script>alert(1)</script>",
    "{{ 7*7 }}", "%(x)s",
    "%s%n", "{0}", "\r\nSet-Cookie: a=b", "=1+1", "Asia/Tokyo", "Etc/../../passwd", "GMT+25", "XX", "xx-XX",
    "a@b", "a@[127.0.0.1]",
    "ü@ü.example", "@", "a" * 320 + "@example.org", "W10=", "bnVsbA", "WzFd", "W251bGxd", "WzEsMiwzXQ", "e30",
    "WyIyMDI2LTExLTI3IiwgMV0",
    "WyJhIiwgImIiXQ", "WzFlOTk5LCAxXQ", "WyJcdTAwMDAiLCAxXQ", "WyIiLCA5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTld",
    "2345abcdeh", "a" * 43,
    "IjEi.aaaa.bbbb", ".", "..", "()", "*", "\t", "\u2028", "\u0345", "ﷺ" * 200, "İ" * 50, "ß" * 100,
]  # fmt: skip
LIKELY = [
    "y", "1", "2", "going", "maybe", "no", "yes", "public", "members", "groups", "LA", "KH", "JP", "en", "ja",
    "2027-03-01",
    "2027-03-01T10:00", "2027-03-01T12:00", "Asia/Tokyo", "upcoming", "past", "Somebody", "somebody@example.org",
    "https://example.org/", "10:00", "2026", "2019-10", "FY2026", "weekly", "online", "spam", "name", "country",
]  # fmt: skip
BY_TYPE = {
    "date": ["2027-03-01", "2026-01-31", "1990-05-31"],
    "datetime-local": ["2027-03-01T10:00", "2027-03-01T12:00", "2026-03-01T10:00"],
    "time": ["10:00", "23:59"],
    "number": ["1", "3", "50"],
    "email": ["somebody@example.org"],
    "url": ["https://example.org/"],
    "month": ["2019-10"],
}
HEADERS = [
    "If-Match", "If-None-Match", "Idempotency-Key", "Accept-Language", "Range", "If-Modified-Since",
    "User-Agent", "Cookie",
    "X-Forwarded-For", "Origin", "Referer", "Accept", "Content-Type", "Authorization", "Accept-Encoding",
    "Save-Data",
]  # fmt: skip


class Sent(NamedTuple):
    """A form that a page showed to somebody: what its fields may hold."""

    who: str
    fields: dict[str, list[str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, list[str]]]] = []
        self._open: dict[str, list[str]] = {}
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        its = {name: value or "" for name, value in attrs}
        name = its.get("name", "")
        if tag == "form":
            self._open = {}
            self.found.append((its.get("action", ""), its.get("method", "get").upper(), self._open))
        elif tag in ("select", "textarea") and name:
            self._name = name
            self._open.setdefault(name, [] if tag == "select" else ["Some words."])
        elif tag == "option":
            self._open.setdefault(self._name, []).append(its.get("value", ""))
        elif tag in ("input", "button") and name and name != "csrf_token":
            values = [its["value"]] if its.get("value") else BY_TYPE.get(its.get("type", ""), LIKELY)
            self._open.setdefault(name, []).extend(values)


def names_of_sources() -> list[str]:
    """Every name that a form or an address may have."""
    found = {"after", "before", "limit", "q", "lang", "next"}
    for path in SOURCES.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"request\.(?:args|form|values)(?:\.get(?:list)?\(|\[)\"([\w-]+)\"", text))
        if "forms" in str(path):
            found |= set(re.findall(r"^    (\w+) = \w*\.?\w*Field\(", text, re.MULTILINE))
    return sorted(found)


def keys_of_world(app: Flask) -> list[str]:
    """What addresses can name: the public keys of all that is there."""
    found: set[str] = set()
    with app.app_context():
        columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
        for column in columns:
            if column.name in ("key", "slug", "handle"):
                found |= set(db.session.scalars(sa.select(column).limit(20)))
        db.session.remove()
    return sorted(found)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass
class Wear:
    """Makes requests for the routes of one world."""

    app: Flask
    world: World
    chance: random.Random
    addresses: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, list[Sent]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rules = [rule for rule in self.app.url_map.iter_rules() if not rule.endpoint.startswith("dev.")]
        self.names, self.keys = names_of_sources(), keys_of_world(self.app)
        with self.app.test_request_context():
            self.paths = describe(self.app)["paths"]

    def value(self, hostile: float = 0.5) -> str:
        if self.chance.random() < hostile:
            text = self.chance.choice(HOSTILE)
            return text + self.chance.choice(HOSTILE) if self.chance.random() < 0.2 else text
        return self.chance.choice(self.chance.choice((LIKELY, self.keys)))

    def likely_paths(self, rule: Rule) -> list[str]:
        """The addresses of this rule that lead to what is there."""
        w, cohort = self.world, "jenesys2016-batch-16"
        keys = {
            "programmes": ["jenesys2016"], "groups": [w.group], "events": [w.open_event, w.event, w.past],
            "moderation": [w.report], "claims": [w.claim], "desk": [w.claim], "cohorts": [cohort],
            "posts": [w.post, w.own_post],
            "members": [w.bob], "requests": [w.request, w.nia], "rules": ["jenesys2016"], "entries": [w.entry],
            "meetings": [w.meeting, w.request], "resolutions": [w.resolution], "seats": [w.seat],
            "foundings": [w.founding],
            "papers": ["plan", "charter"], "elections": [w.election, w.vote, w.counted],
            "candidates": [w.candidate],
            "outreach": [w.outreach], "proposals": [w.proposal], "month": ["2027-02"],
            "programme": [w.session], "sessions": [w.session],
            "recommendations": [w.recommendation], "companies": [w.company], "slots": [w.slot],
            "duplicates": [w.entry],
            "participations": [w.claim], "reports": [w.report], "answers": [w.bob], "delegations": ["LA"],
        }  # fmt: skip
        paths = [""]
        for is_dynamic, part in rule._trace:
            if is_dynamic:
                choices = [(path, keys.get(path.rstrip("/").rpartition("/")[2], ["x"])) for path in paths]
                paths = [path + key for path, found in choices for key in found]
            else:
                paths = [path + part for path in paths]
        return [path.removeprefix("|") for path in paths]

    def learn(self, readers: dict[str, Browser]) -> None:
        """Opens every page, and reads its forms, so that what is sent back is nearly right."""
        for rule in self.rules:
            if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/api/", "/static")):
                continue
            for path in self.likely_paths(rule):
                for who, reader in readers.items():
                    page = reader.get(path)
                    if page.status_code == 200 and page.mimetype == "text/html":
                        forms = _Forms()
                        forms.feed(page.text)
                        for action, method, fields in forms.found:
                            self._keep(action or path, method, Sent(who, fields))
                        break

    def _keep(self, address: str, method: str, sent: Sent) -> None:
        with suppress(HTTPException, RequestRedirect):
            path = address.partition("?")[0]
            rule, _ = self.app.url_map.bind("localhost").match(path, method=method, return_rule=True)
            self.addresses.setdefault(rule.rule, []).append(address)
            self.forms.setdefault(rule.rule, []).append(sent)

    def path_of(self, rule: Rule) -> str:
        chance = self.chance.random()
        if chance < 0.6 and (known := self.addresses.get(rule.rule)):
            return self.chance.choice(known)
        if chance < 0.8:
            return self.chance.choice(self.likely_paths(rule))
        parts = [
            quote(_bytes(self.value(0.5)[:300] or "x"), safe="") if is_dynamic else part
            for is_dynamic, part in rule._trace
        ]
        return "".join(parts).removeprefix("|")

    def _described(self, rule: Rule, method: str) -> dict[str, Any]:
        path = "".join(f"{{{part}}}" if is_dynamic else part for is_dynamic, part in rule._trace).removeprefix("|")
        body = self.paths.get(path, {}).get(method.lower(), {}).get("requestBody")
        return body["content"]["application/json"]["schema"]["properties"] if body else {}

    def _fitting(self, schema: dict[str, Any]) -> Any:
        """A value that the description of a field allows."""
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "array":
            return [self._fitting(schema.get("items", {})) for _ in range(self.chance.randrange(3))]
        if kind == "object":
            return {name: self._fitting(inner) for name, inner in schema.get("properties", {}).items()}
        if kind == "integer":
            return self.chance.choice([schema.get("minimum", 0), schema.get("maximum", 9), 1])
        if kind == "boolean":
            return self.chance.random() < 0.5
        return self.chance.choice(BY_TYPE["date"] if schema.get("format") == "date" else [*LIKELY, *self.keys[:5]])

    def body_of(self, rule: Rule, method: str, sent: Sent | None) -> dict[str, Any]:
        if described := self._described(rule, method):
            data = {name: self._fitting(schema) for name, schema in described.items()}
        elif sent:
            data = {name: self.chance.choice(values or [""]) for name, values in sent.fields.items()}
        else:
            data = {self.chance.choice(self.names): self.value(0.2) for _ in range(self.chance.randrange(12))}
        for name in self.chance.sample(sorted(data), min(len(data), self.chance.choice((0, 0, 1, 1, 2)))):
            data[name] = self.value(0.9)
        return data

    def any_json(self, depth: int = 0) -> Any:
        kind = self.chance.randrange(10)
        if kind < 4 or depth > 2:
            return self.value()
        if kind == 4:
            return self.chance.choice([None, True, False, 0, -1, 1.5, 1e308, 2**70, -(2**63)])
        if kind < 7:
            return [self.any_json(depth + 1) for _ in range(self.chance.randrange(4))]
        return {self.chance.choice(self.names): self.any_json(depth + 1) for _ in range(self.chance.randrange(4))}

    def request(self, rule: Rule, method: str) -> tuple[str, str, dict[str, Any]]:
        """Who sends it, where to, and what."""
        sent = self.chance.choice(known) if (known := self.forms.get(rule.rule)) else None
        who = self.chance.choice((*Cast.everybody, Cast.alice, Cast.bob, Cast.sam, Cast.olga))
        if sent and self.chance.random() < 0.7:
            who = sent.who
        path = self.path_of(rule)
        if self.chance.random() < (0.8 if method == "GET" else 0.1):
            pairs = [(self.chance.choice(self.names), _bytes(self.value())) for _ in range(self.chance.randrange(4))]
            path += ("&" if "?" in path else "?") + urlencode(pairs)
        headers: dict[str, str] = {}
        if self.chance.random() < 0.1:
            text = re.sub(r"[\r\n]", "", self.value(0.9))[:4000]
            headers[self.chance.choice(HEADERS)] = _bytes(text).decode("latin-1")
        more: dict[str, Any] = {"headers": headers}
        if method in ("GET", "HEAD", "OPTIONS"):
            return who, path, more
        data = self.body_of(rule, method, sent)
        if rule.rule.startswith("/api/") or self.chance.random() < 0.05:
            if data and self.chance.random() < 0.2:
                data[self.chance.choice(sorted(data))] = self.any_json()
            headers.setdefault("Content-Type", "application/json")
            more["data"] = json.dumps(data)
        elif self.chance.random() < 0.1:
            more["data"] = {name: _bytes(str(value)).decode("utf-8", "replace") for name, value in data.items()}
            more["content_type"] = "multipart/form-data"
        else:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            more["data"] = urlencode({name: _bytes(str(value)) for name, value in data.items()})
        return who, path, more
