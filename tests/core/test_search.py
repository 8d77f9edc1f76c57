"""Names in every script and what finds them: the published table, and what holds for any name."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from alumni.core.search import (
    LONGEST_QUERY,
    LONGEST_WORD,
    MOST_TERMS,
    MOST_WANTED,
    finds,
    matching_form,
    name_terms,
    unspaced_text,
    wanted,
)
from alumni.core.spellings import other_spellings
from alumni.core.text import fold, slugify

TABLE = YAML(typ="safe").load(Path(__file__).parents[1] / "data" / "names.yaml")
NAMES = sorted({form for row in TABLE for form in row["forms"]})
names = st.sampled_from(NAMES)
# Letters of many scripts, marks, spaces and what a clipboard brings along.
anything = st.text(
    st.one_of(st.characters(max_codepoint=0x24F), st.characters(), st.sampled_from("ｱﾞｰ\u200b\u0301\u0e4d้าเŁßİ田김๐")),
    max_size=60,
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["forms"][0])
def test_the_table_of_names(row):
    assert [query for query in row["finds"] if not finds(query, *row["forms"])] == []
    assert [query for query in row["misses"] if finds(query, *row["forms"])] == []


def test_the_table_is_large_and_says_both():
    assert len(TABLE) >= 130
    assert all(row["finds"] and row["misses"] for row in TABLE)


@given(names)
def test_a_name_is_found_by_itself_and_by_each_of_its_words(name):
    for query in (name, *name.split()):
        assert finds(query, name) == bool(wanted(query)), query


@given(names, st.randoms(use_true_random=False))
def test_words_in_any_order(name, random):
    words = [word for word in name.replace("-", " ").split() if len(word) > 2]
    random.shuffle(words)
    assert finds(" ".join(words), name) == bool(wanted(" ".join(words)))


@given(names, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_written_differently_by_the_machine(name, form):
    written = unicodedata.normalize(form, name)
    assert name_terms(written) == name_terms(name)
    assert wanted(written) == wanted(name)
    for variant in (written.upper(), written.lower(), written.title(), f"  {written}\u200b ", f"\ufeff{written}"):
        assert finds(variant, name), variant


@given(names)
def test_full_width_letters(name):
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in name)
    assert finds(wide, name)


@given(names, st.integers(min_value=1, max_value=12))
def test_any_beginning_of_a_word_finds_it(name, length):
    for word in re.split("[-\\s.־་・]", fold(name)):
        beginning = word[:length]
        if len(beginning) > 1 and beginning[-1].isalnum() and wanted(beginning):
            assert finds(beginning, name), beginning


@given(anything, anything)
def test_any_text_is_safe(text, other):
    terms = name_terms(text, other)
    assert len(terms) <= MOST_TERMS
    for term in terms:
        assert term[:2] in {"n:", "b:"}
        assert len(term) > 2
        assert not {unicodedata.category(char) for char in term} & {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}, ascii(
            term
        )
    for part in wanted(text):
        assert part.terms or part.beginnings
    if not other and len(terms) < MOST_TERMS and len(wanted(text)) < MOST_WANTED:
        assert finds(text, text) == bool(wanted(text))
    assert matching_form(text, [other, text]) in {None, 0, 1}


@given(anything)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_nothing_is_asked_by_a_query_without_letters():
    for query in ("", " ", "-", "'", "🌸", "\u200b", "%", "…"):
        assert wanted(query) == ()
        assert not finds(query, "Anybody", "")
        assert matching_form(query, ["Anybody"]) is None


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "田" * 100_000, "ก้" * 50_000, "a " * 50_000, "\u0301" * 100_000, "ก" + "\u0e49" * 99_999]
)
def test_no_text_is_too_long(text):
    assert len(name_terms(text)) <= MOST_TERMS
    parts = wanted(text)
    assert len(parts) <= MOST_WANTED
    terms = {*name_terms(text), *(term for part in parts for term in (*part.terms, *part.beginnings))}
    assert all(len(term) <= 2 + LONGEST_WORD for term in terms)
    assert all(len(part.inside) <= LONGEST_QUERY for part in parts)


def test_few_terms_for_a_name():
    sizes = sorted(len(name_terms(*row["forms"])) for row in TABLE)
    assert sizes[len(sizes) // 2] <= 18
    assert sizes[-1] <= 40
    assert name_terms("Nguyễn Văn An") == frozenset(
        "n:nguyen b:n b:ng b:ngu n:van b:v b:va b:van n:an b:a b:an n:nguyenvan n:vanan".split()
    )
    assert name_terms("田中 太郎") == frozenset("n:田 n:中 n:太 n:郎 n:田中 n:中太 n:太郎".split())


def test_what_a_query_asks():
    """Short words are one exact term, long ones the beginning of a term, a run of clusters its pairs."""
    asked = {query: [(part.terms, part.beginnings, part.inside) for part in wanted(query)] for query in ASKED}
    assert asked == ASKED


ASKED = {
    "Ng": [(("b:ng",), (), "")],
    "NGU": [(("b:ngu",), (), "")],
    "nguyen": [((), ("n:nguyen",), "")],
    "j": [(("b:j",), (), "")],
    "Satoh": [(("n:sato",), ("n:satoh",), "")],
    "田": [(("n:田",), (), "")],
    "田中": [(("n:田中",), (), "")],
    "田中太": [(("n:田中",), (), ""), (("n:中太",), (), "田中太")],
    "た": [(("b:た",), (), "")],
    "สมช": [(("n:สม",), (), ""), ((), ("n:มช",), "สมช")],
}


def test_runs_must_stand_as_they_are():
    """Two names may hold the pairs of a query; only a name that holds the run is meant."""
    assert unspaced_text("田中 太郎", "Tanaka", "タナカ タロウ") == "田中太郎 たなかたろう"
    assert finds("中太郎", "田中 太郎")
    assert not finds("田中太", "田中", "中太")


def test_which_form_matched():
    forms = ["田中 太郎", "Tanaka Taro", "タナカ タロウ", "Suzuki Taro"]
    assert matching_form("田中", forms) == 0
    assert matching_form("tanaka", forms) == 1
    assert matching_form("たなか", forms) == 2
    assert matching_form("suzuki", forms) == 3
    assert matching_form("taro", forms) == 1
    assert matching_form("tanaka suzuki", forms) == 1
    assert matching_form("sato", forms) is None
    assert matching_form("sato", []) is None


def test_spellings_of_one_name_and_of_different_names():
    for same in (
        "muhammad mohd md",
        "sato satou satoh",
        "abdulrahman abdurrahman abdelrahman",
        "shinpei shimpei sinpei",
    ):
        assert len({(other_spellings(word) or [word])[0] for word in same.split()}) == 1
    for apart in (
        "wang wong",
        "hu fu",
        "tina china",
        "thu tu",
        "thuong tuong",
        "hana hanna",
        "kan khan",
        "sato saito",
        "ali la",
    ):
        assert len({(other_spellings(word) or [word])[0] for word in apart.split()}) == 2


def test_slugs_stay_latin():
    assert slugify("Tōkyō – Łódź: l’été 東京") == "tokyo-lodz-lete"
    assert slugify("東京 タワー") == ""
