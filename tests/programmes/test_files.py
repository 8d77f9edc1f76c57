"""A broken file of the catalogue is refused with file, line and reason, before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from alumni.catalogue.checks import read_catalogue
from alumni.catalogue.files import CatalogueBroken
from alumni.programmes.models import CatalogueEntry, Family

SMALL = Path(__file__).parent / "small"  # a catalogue of a few lines; the tests break one of them at a time
P, A, C = "programmes.yaml", "associations.yaml", "published_counts.yaml"
FILES = {name: (SMALL / name).read_text(encoding="utf-8") for name in (P, A, C)}


@pytest.fixture
def write(tmp_path):
    """`write(name, old, new)` makes a folder with the small catalogue, one of its files changed."""

    def run(name: str = "", old: str = "", new: str = "") -> Path:
        for file, text in FILES.items():
            assert file != name or old in text
            (tmp_path / file).write_text(text.replace(old, new, 1) if file == name else text, encoding="utf-8")
        return tmp_path

    return run


def test_the_small_catalogue_is_in_order(write):
    catalogue = read_catalogue(write())
    assert catalogue.programmes.programmes[3].countries == ["NO", "NA"]
    assert catalogue.programmes.cohorts[0].countries == {"NO": 3, "LA": 4}
    assert catalogue.programmes.cohorts[0].to == "2016-02-09"


BROKEN = [
    # file, what is changed, into what, line, words of the reason
    (P, "family: jenesys, kind: programme", "family: nobody, kind: programme", 6, "nobody is not a family"),
    (P, "kind: programme", "kind: course", 6, "kind"),
    (P, "successor: series", "successor: nowhere", 6, "nowhere is not a programme"),
    (P, "predecessor: first, ", "", 6, "as predecessor it has none"),
    (P, "successor: series, ", "", 7, "as successor it has none"),
    (P, "editions: [e1, e2]", "editions: [e1, first]", 7, "first does not name series as its series"),
    (P, "editions: [e1, e2]", "editions: [e1, e1]", 7, "e1 stands here twice"),
    (P, "id: e1,", "id: first,", 8, "the id first is used twice"),
    (P, "kind: edition, series: series, name: E1", "kind: edition, name: E1", 8, "names no series"),
    (P, "family: jenesys, kind: edition", "family: abe, kind: edition", 8, "belongs to the family jenesys"),
    (P, "{from: 2015, to: 2016}", "{from: 2016, to: 2015}", 8, "years run backwards"),
    (P, "{from: 2015, to: 2016}", "{from: soon}", 8, "integer"),
    (P, "name: E2", "", 9, "name is missing"),
    (P, 'countries: [NO, "NA"]', 'countries: [NO, "XX"]', 15, "XX is not a country"),
    (P, 'countries: [NO, "NA"]', "countries: NO", 15, "list"),
    (P, "value: 1900, about: true", 'value: "1900", about: true', 17, "integer"),
    (P, "value: 1900, about: true", "value: 1900, about: true, bound: more_than", 17, "contradicts"),
    (P, "value: 1900, about: true", "value: 1900", 17, "reads this figure differently"),
    (P, "value: 1900, about: true, ", "", 17, "a value"),
    (P, ', source: "MOFA February 2016 (seed)"}\n    source', "}\n    source", 17, "source is missing"),
    (P, 'invited, source: "MOFA February', 'invited, source: "MOFA April', 17, "MOFA April 2016 (seed) is not one"),
    (P, "short: E2", "short: E2\n    colour: red", 15, "colour is not a field"),
    (P, "short: E2", "short: E2\n    short: E2", 15, "short stands here twice"),
    (P, "short: E2", f"short: {'E' * 100_000}", 14, "120 characters"),
    (P, "short: E2", 'short: "E\\u202e2"', 14, "direction of writing"),
    (P, "short: E2", "short: &e E2", 14, "anchors"),
    (P, "short: E2", "short: !!python/object:os.system E2", 14, "tags"),
    (P, "short: E2", "short: 'E2", 21, "that begins in line 14"),
    (P, "short: E2", "short: [E2", 15, "that begins in line 14"),
    (P, "programme: e1", "programme: e9", 20, "e9 is not a programme"),
    (P, "NO: 3", "NO: 30", 20, "add up to 34, its total is 7"),
    (P, "to: 2016-02-09", "to: 2016-01-09", 20, "before its beginning"),
    (P, 'from: "2016-02-01"', 'from: "2016-02-31"', 20, "2016-02-31 is not a date"),
    (P, "direction: inbound", "direction: sideways", 20, "direction"),
    (A, "umbrella: top", "umbrella: bottom", 4, "bottom is not an association"),
    (A, "kind: umbrella, source", "kind: umbrella, umbrella: below, source", 3, "its own umbrella"),
    (A, "programme: e1", "programme: e9", 4, "e9 is not a programme"),
    (A, "id: below", "id: c1", 4, "the id c1 is used twice"),
    (A, "association: top", "association: none", 6, "none is not an association"),
    (A, "host_country: ID", "host_country: Indonesia", 6, "Indonesia is not a country"),
    (A, "year: 2019", "year: 2018", 6, "not in 2018"),
    (A, "kind: RLF", "kind: party", 6, "kind"),
    (C, "programmes: [e2]", "programmes: [e9]", 5, "e9 is not a programme"),
    (C, ", programmes: [e2]", "", 5, "of no programme"),
    (C, "seed: mofa_2016", "seed: elsewhere", 5, "elsewhere is not a document"),
    (C, ", source: {seed: mofa_2016, line: 3}", "", 5, "source is missing"),
    (C, "unit: persons", "unit: bananas", 5, "unit"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "reason"), BROKEN, ids=[f"{b[0]}-{b[2][:30]}" for b in BROKEN])
def test_a_broken_file_is_refused_with_its_line(write, file, old, new, line, reason):
    with pytest.raises(CatalogueBroken) as refused:
        read_catalogue(write(file, old, new))
    found = [problem for problem in refused.value.problems if problem.file == file and reason in problem.reason]
    assert [problem.line for problem in found][:1] == [line], str(refused.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"- a\n- b\n", 1),
        (b"schema: 2\nfamilies: []\nprogrammes: []\n", 1),
        (b"schema: 1\n\xff\xfe\n", 2),
        (b"schema: 1\n\nname: \x00\n", 3),
        (b"schema: 1\n---\nschema: 1\n", 2),
        (b"a: " + b"[" * 100_000, 1),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(write, content, line):
    folder = write()
    (folder / P).write_bytes(content)
    with pytest.raises(CatalogueBroken) as refused:
        read_catalogue(folder)
    assert (refused.value.problems[0].file, refused.value.problems[0].line) == (P, line)


def test_everything_that_is_wrong_is_named_at_once(write):
    folder = write(P, "family: jenesys, kind: programme", "family: nobody, kind: programme")
    (folder / A).write_text(FILES[A].replace("umbrella: top", "umbrella: bottom"))
    (folder / C).write_text(FILES[C].replace("[e2]", "[e9]"))
    with pytest.raises(CatalogueBroken) as refused:
        read_catalogue(folder)
    assert {problem.file for problem in refused.value.problems} == {P, A, C}


def test_a_broken_file_writes_nothing(app, read, write):
    folder = write(P, "programme: e1", "programme: e9")
    result = app.test_cli_runner().invoke(args=["catalogue", "load", str(folder)])
    assert result.exit_code == 1
    assert "Nothing was loaded." in result.output
    assert "programmes.yaml, line 20: e9 is not a programme of the catalogue" in result.output
    assert read(sa.select(Family.id)) == []
    assert read(sa.select(CatalogueEntry.slug)) == []


def test_a_folder_that_is_not_there(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["catalogue", "load", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "the file cannot be read" in result.output


def test_the_command_says_what_it_did_and_twice_does_nothing(app, write, read):
    runner = app.test_cli_runner()
    first = runner.invoke(args=["catalogue", "load", str(write())])
    again = runner.invoke(args=["catalogue", "load", str(write())])
    assert first.output.splitlines() == [
        "family: 2 new",
        "programme: 4 new",
        "cohort: 1 new",
        "figure: 1 new",
        "cohort group: 1 new",
        "association: 2 new",
        "meeting: 1 new",
        "series: 1 new",
        "record: 1 new",
    ]
    assert again.output == first.output.replace("new", "unchanged")
    assert len(read(sa.select(Family.id))) == 2
