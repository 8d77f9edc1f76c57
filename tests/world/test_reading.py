"""A broken file is refused with the path of each value and the reason. No database is asked."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from alumni.world import reading
from alumni.world.reading import BrokenWorld, read_world
from config import ROOT

NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)


def read(data: Any) -> Any:
    return read_world(data if isinstance(data, bytes) else json.dumps(data).encode())


def refused(data: Any) -> dict[str, str]:
    with pytest.raises(BrokenWorld) as caught:
        read(data)
    return {problem.path: problem.reason for problem in caught.value.problems}


def put(data: Any, path: list[Any], value: Any) -> Any:
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe{", "not UTF-8 (byte 0)"),
        (b'{"schema": 1,', "line 1 column 13"),
        (b"[" * 10_000, "recursion limit"),
        (b"[]", "should be an object"),
        (b'{"schema": 1, "people": [], "people": []}', "'people' stands twice"),
        (b'{"schema": 1, "note": "\\ud800"}', "hex escape"),
    ],
)
def test_what_is_no_world_at_all(data, reason):
    assert reason in "; ".join(refused(data).values())


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (["schema"], 2, "should be 1"),
        (["peoples"], [], "there is no such name here"),
        (["people", 3, "country"], "ZZ", "'ZZ' is no country"),
        (["people", 3, "country"], 81, "valid string"),
        (["people", 1, "zone"], "Mars/Olympus", "is no time zone"),
        (["people", 0, "email"], "nobody", "is no e-mail address"),
        (["people", 0, "password"], "short", "at least 15"),
        (["people", 0, "id"], "Not An Id", "match pattern"),
        (["people", 0, "state"], "closed", "'active', 'unconfirmed' or 'suspended'"),
        (["people", 0, "staff"], "king", "'none', 'moderator' or 'admin'"),
        (["people", 0, "audiences", "contact"], "public", "contact is never public"),
        (["people", 0, "audiences", "name"], "world", "should be 'only_me'"),
        (["people", 0, "name"], "a" * 201, "at most 200"),
        (["people", 0, "name"], "nul \0", "control characters"),
        (["people", 0, "headline"], "\u202egnp.exe", "direction of writing"),
        (["people", 0, "nickname"], "Al", "there is no such name here"),
        (["cohorts", 0, "countries", "LA"], -1, "greater than or equal to 0"),
        (["cohorts", 0, "countries"], {}, "at least 1"),
        (["cohorts", 0, "year"], "2016", "valid integer"),
        (["groups", 0, "kind"], "cohort", "a cohort comes with its group"),
        (["groups", 0, "organisers", 0, "until"], "2026-02-30", "day"),
        (["participations", 0, "role"], "boss", "should be 'participant'"),
        (["events", 0, "capacity"], -1, "greater than or equal to 1"),
        (["events", 0, "capacity"], 10**40, "less than or equal to 1000000"),
        (["events", 0, "starts"], "next week", "'next week' is no time"),
        (["events", 0, "starts"], "+7d 25:00", "hour"),
        (["events", 0, "ends"], 5, "write a time as"),
        (["events", 0, "zone"], "CET+1", "is no time zone"),
        (["events", 0, "answers", "bob"], "perhaps", "'going', 'maybe' or 'not_going'"),
        (["events", 1, "online_url"], "javascript:alert(1)", "match pattern"),
        (["posts", 0, "body"], "", "at least 1"),
        (["reports", 0, "reason"], "dislike", "should be 'abuse'"),
        (["people"], {}, "valid array"),
    ],
)
def test_a_wrong_value_is_named(described, path, value, reason):
    problems = refused(put(described, path, value))
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    assert list(problems) == [steps]
    assert reason in problems[steps]


def test_every_wrong_value_is_named_at_once(described):
    described["people"][3]["country"] = "ZZ"
    described["events"][0]["zone"] = "Nowhere"
    assert list(refused(described)) == ["people[3].country", "events[0].zone"]


def test_texts_are_cleaned_like_those_of_a_form(described):
    described["people"][0]["name"] = "  Ame\u0301lie   Tan "
    assert read(described).people[0].name == "Amélie Tan"


@pytest.mark.parametrize(
    ("text", "zone", "wall"),
    [
        ("2026-12-04T19:00", "Asia/Tokyo", "2026-12-04 19:00"),
        # In Vientiane it is the 11th already.
        ("+7d 19:00", "Asia/Vientiane", "2026-03-18 19:00"),
        ("+7d 19:00", "America/Sao_Paulo", "2026-03-17 19:00"),
        ("-30d 08:05", "UTC", "2026-02-08 08:05"),
        ("-3h", "Asia/Tokyo", "2026-03-11 04:30"),
    ],
)
def test_times_are_absolute_or_counted_from_now(described, text, zone, wall):
    described["events"][0] |= {"starts": text, "zone": zone}
    assert read(described).events[0].starts.wall_in(zone, NOW).isoformat(" ", "minutes") == wall


@pytest.mark.parametrize("part", [reading.World, *reading.Part.__subclasses__()], ids=lambda part: part.__name__)
def test_the_document_names_everything_that_a_file_may_hold(part):
    document = (ROOT / "docs" / "world.md").read_text(encoding="utf-8")
    names = [field.alias or name for name, field in part.model_fields.items()]
    assert [name for name in names if not re.search(rf"[`\"]{name}[`\"]|^### .*\b{name}\b", document, re.M)] == []


def test_the_example_of_the_document_is_a_world():
    document = (ROOT / "docs" / "world.md").read_text(encoding="utf-8")
    example = document.split("```json\n")[1].split("```")[0]
    assert read(example.encode()).people[0].id == "bob"
