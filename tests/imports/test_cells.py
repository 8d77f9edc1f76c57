"""A file of an agency becomes awards: what each cell says, what is unclear, and what is no person."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alumni.core.alike import name_key
from alumni.core.sheets import read_sheet, rows_of
from alumni.imports.queries.cells import DateOrder, Layout, Skipped, date_orders, read_awards
from alumni.imports.queries.countries import country_code, section_country
from alumni.imports.queries.headings import Column, find_headings, guess_columns
from alumni.imports.queries.people import read_name
from alumni.imports.queries.readings import read_batch, read_email, read_part, read_role
from alumni.members.models import ParticipationRole
from tests.imports.lists import award, awards, cohorts, csv_bytes, encodable, people_of, table, xlsx_file

UNCLEAR, DAY = DateOrder.UNCLEAR, DateOrder.DAY_FIRST


def layout_of(rows):
    """How a file is to be read, with nobody to ask."""
    found = find_headings(rows_of(rows))
    layout = Layout(found.row, found.names, guess_columns(found.names, {}))
    return replace(layout, date_orders=date_orders(rows_of(rows), layout))


def answered(layout):
    """The same, after the officer said that days come first."""
    return replace(
        layout, date_orders={at: DAY if order is UNCLEAR else order for at, order in layout.date_orders.items()}
    )


# Whole lists

FORMS = {
    "utf-8": ("utf-8", ",", b""),
    "utf-8 marked": ("utf-8", ";", b"\xef\xbb\xbf"),
    "utf-16": ("utf-16-le", "\t", b"\xff\xfe"),
    "shift jis": ("cp932", ",", b""),
    "windows": ("windows-1252", ";", b""),
    "latin-1": ("latin-1", "\t", b""),
}
CASES = [
    (name, language, form)
    for place, name in enumerate(cohorts())
    for language in ("en", "ja")
    for form in (list(FORMS)[(place + (language == "ja")) % len(FORMS)], "xlsx")
    if language == "en" or form not in ("windows", "latin-1")
]


@pytest.mark.parametrize(("name", "language", "form"), CASES)
def test_a_list_of_each_cohort_is_read_as_it_was_meant(tmp_path, name, language, form):
    rows, path = table(name, language, dirt=True), tmp_path / "list"
    if form == "xlsx":
        xlsx_file(path, rows)
    else:
        path.write_bytes(csv_bytes(rows, FORMS[form][0], FORMS[form][1], mark=FORMS[form][2]))
    read_sheet(path, tmp_path / "rows")
    layout = layout_of(tmp_path / "rows")
    asked = {layout.columns[at].value for at, order in layout.date_orders.items() if order is UNCLEAR}
    assert asked == ({"from_on", "to_on"} if (name, language) == ("jenesys2019-outbound-6", "en") else set())
    read = list(read_awards(rows_of(tmp_path / "rows"), answered(layout)))
    people = people_of(name)
    facts = [row.facts for row in read if row.facts]
    assert len(facts) == len(people) + 1  # one of them stands there twice
    encoding = "utf-8" if form == "xlsx" else FORMS[form][0]
    assert [told(one) for one in facts[:-1]] == [meant(one, encoding) for one in people]
    assert [row.problems for row in read if row.problems] == []
    assert name_key(facts[-1].name_printed) == name_key(facts[0].name_printed)
    assert facts[2].extra["note"] == ("withdrawn" if language == "en" else "辞退")
    assert [row.skipped.value for row in read if row.skipped] == [
        "heading",
        "total",
        "note" if language == "en" else "total",
    ]


def told(facts):
    names = (facts.number, facts.family_name, facts.given_name, facts.name_printed, facts.name_native)
    cohort = (facts.country, facts.programme, facts.year, facts.batch, facts.part, facts.theme, facts.role)
    return (
        names,
        cohort,
        (
            facts.from_on,
            facts.to_on,
            facts.born_on,
            facts.email,
            facts.extra.get("T-shirt size", facts.extra.get("服のサイズ")),
        ),
    )


def meant(one, encoding):
    native = one.native if encodable(one.native, encoding) else ""
    names = (str(one.number), one.family, one.given, f"{one.family} {one.given}".strip(), native)
    cohort = (one.country, one.programme, one.year, one.batch, one.part, one.theme, one.role)
    return names, cohort, (one.from_on, one.to_on, one.born_on, one.email, "M")


# Names


@pytest.mark.parametrize(
    ("full", "family", "given", "printed"),
    [
        ("NGUYEN Van An", "NGUYEN", "Van An", "NGUYEN Van An"),
        ("Van An NGUYEN", "NGUYEN", "Van An", "Van An NGUYEN"),
        ("DELA CRUZ Maria", "DELA CRUZ", "Maria", "DELA CRUZ Maria"),
        ("Nguyen, Van An", "Nguyen", "Van An", "Nguyen, Van An"),
        ("SUHARTO", "", "", "SUHARTO"),
        ("Aung Kyaw Moe", "", "", "Aung Kyaw Moe"),
        ("Sai - Kham Absentia", "", "", "Sai - Kham Absentia"),
        ("ＳＯＫ　Ｄａｒａ", "SOK", "Dara", "SOK Dara"),
        ("3. SOK Dara", "SOK", "Dara", "SOK Dara"),
        ("田中 太郎", "田中", "太郎", "田中 太郎"),
    ],
)
def test_a_full_name_is_taken_apart_where_the_list_tells(full, family, given, printed):
    name = read_name("", "", full, "", "")
    assert (name.family, name.given, name.printed, name.note, name.title) == (family, given, printed, "", "")


@pytest.mark.parametrize(
    ("full", "printed", "note", "title"),
    [
        ("SOK Dara (辞退)", "SOK Dara", "辞退", ""),
        ("SOK Dara（欠席）", "SOK Dara", "欠席", ""),
        ("SOK Dara *withdrawn", "SOK Dara", "withdrawn", ""),
        ("SOK Dara *", "SOK Dara", "*", ""),
        ("* SOK Dara", "SOK Dara", "*", ""),
        ("◎SOK Dara ※途中帰国", "SOK Dara", "◎; 途中帰国", ""),
        ("SOK Dara - cancelled", "SOK Dara", "cancelled", ""),
        ("SOK Dara withdrawn in May", "SOK Dara", "withdrawn in May", ""),
        ("田中 太郎　辞退", "田中 太郎", "辞退", ""),
        ("Mr. SOK Dara (Nick)", "SOK Dara", "Nick", "Mr."),
        ("Dr.SOK Dara", "SOK Dara", "", "Dr."),
        ("田中太郎様", "田中太郎", "", ""),
    ],
)
def test_what_stands_around_a_name_is_kept_beside_it(full, printed, note, title):
    name = read_name("", "", full, "", "")
    assert (name.printed, name.note, name.title) == (printed, note, title)


def test_a_name_in_two_scripts():
    assert read_name("", "", "山田太郎 (YAMADA Taro)", "", "")[:4] == ("YAMADA", "Taro", "YAMADA Taro", "山田太郎")
    assert read_name("山田", "太郎", "", "", "ﾔﾏﾀﾞ")[:5] == ("山田", "太郎", "山田 太郎", "山田 太郎", "ヤマダ")
    assert read_name("", "", "", "ສົມພອນ", "").printed == "ສົມພອນ"
    assert read_name("Sok", "", "", "", "").printed == "Sok"


def test_notes_titles_and_remarks_stand_beside_each_other():
    facts = award("Name|Remarks|Title", "Ms. SOK Dara (辞退)|early return|Teacher").facts
    assert facts.extra == {"note": "辞退; early return", "title": "Ms.", "Title": "Teacher"}


@pytest.mark.parametrize("row", ["|Cambodia|a@example.org", "123|Cambodia|a@example.org", "-|Cambodia|a@example.org"])
def test_a_row_without_a_name(row):
    (problem,) = award("Name|Country|E-mail", row).problems
    assert (problem.column, problem.reason) == (Column.FULL_NAME, "name-missing")


# Countries


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("LA", "Lao PDR|Laos|LAOS|Lao People's Democratic Republic|ラオス|ラオス人民民主共和国|ﾗｵｽ|Lào|la|LAO"),
        ("VN", "Viet Nam|VIETNAM|Việt Nam|Vietnã|ベトナム|ヴィエトナム|เวียดนาม|Socialist Republic of Viet Nam"),
        ("BN", "Brunei|Brunei Darussalam|ブルネイ・ダルサラーム国|Brunéi"),
        ("TL", "Timor-Leste|East Timor|Timor-Leste/East Timor|東ティモール|Timor oriental"),
        ("MM", "Myanmar|Burma|Myanmar (Burma)|ビルマ|ミャンマー|Birmanie|Republic of the Union of Myanmar"),
        ("KH", "Cambodia|Cambodge|Camboya|Kamboja|Campuchia|กัมพูชา|カンボジア王国|Kingdom of Cambodia|KHM"),
        ("CI", "Ivory Coast|Côte d’Ivoire|Cote d'Ivoire|コートジボワール|Costa do Marfim"),
        ("KR", "Republic of Korea|Korea, Republic of|South Korea|韓国|大韓民国|ROK"),
        ("PH", "The Philippines|Philippines (the)|フィリピン共和国|Filipinas"),
        ("CD", "DR Congo|Congo, The Democratic Republic of the|コンゴ民主共和国"),
        ("JP", "Japan|日本|日本人|Jepang|Nhật Bản"),
        ("FM", "Micronesia|Federated States of Micronesia"),
        ("NE", "Niger"),
        ("NG", "Nigeria"),
        ("", "Congo|Atlantis|ASEAN|-|Tokyo|"),
    ],
)
def test_countries_as_they_are_written(code, names):
    assert {name: country_code(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), code)


def test_a_country_alone_over_its_people():
    written = "Cambodia (11)|ラオス：11名|Thailand - 11 participants|Timor-Leste （１０名）|Viet Nam|Total 25|Group A"
    assert [section_country(text) for text in written.split("|")] == ["KH", "LA", "TH", "TL", "VN", "", ""]


# The other cells


@pytest.mark.parametrize(
    ("batch", "written"),
    [
        (16, "16|１６|16th Batch|第16回|第１６回|第十六回|Batch 16|16期|16 batch|JENESYS2016 16th Batch|16.0|16陣"),
        (8, "ABE 8 batch|8th|eighth batch|８期生"),
        (2, "2nd Batch|Second batch|JENESYS2016 Peace Building 2nd Batch|第二陣|Indonesia 2nd Batch: Culture"),
        (None, "2016|first and second|2/3|A|0"),
    ],
)
def test_batches_as_they_are_written(batch, written):
    assert {text: read_batch(text).value for text in written.split("|")} == dict.fromkeys(written.split("|"), batch)


def test_what_a_batch_says_beside_its_number_is_kept():
    assert award("Name|Batch", "SOK Dara|Philippines 2nd batch").facts.extra == {"Batch": "Philippines 2nd batch"}
    assert award("Name|Batch", "SOK Dara|第2回").facts.extra == {}


@pytest.mark.parametrize(
    ("role", "written"),
    [
        ("participant", "Participant|PARTICIPANTS|参加者|団員|student"),
        ("supervisor", "Supervisor|引率|引率者|引率教員|随行|Accompanying teacher|Chaperone"),
        (
            "leader",
            "Leader|National Leader|Second Leader|Sub-leader|Deputy Leader|団長|副団長|リーダー|Leader (Group A)",
        ),
        ("facilitator", "Facilitator|ファシリテーター"),
        ("observer", "Observer|オブザーバー"),
        (None, "Astronaut|A"),
    ],
)
def test_roles_as_they_are_written(role, written):
    assert role is None or role in set(ParticipationRole)
    assert {text: read_role(text).value for text in written.split("|")} == dict.fromkeys(written.split("|"), role)


def test_a_second_leader_is_a_leader_of_whom_more_is_kept():
    facts = award("Name|Role", "SOK Dara|Second Leader").facts
    assert (facts.role, facts.extra) == ("leader", {"Role": "Second Leader"})


def test_groups_have_letters_or_names():
    written = "A|Group A|Ａグループ|a|A班|グループＡ|Climate Change|1"
    assert [read_part(text).value for text in written.split("|")] == [*["A"] * 6, "Climate Change", "1"]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (
            "sok@example.org",
            "sok@example.org|SOK@Example.ORG|ｓｏｋ＠ｅｘａｍｐｌｅ．ｏｒｇ|<sok@example.org>|mailto:sok@example.org",
        ),
        ("sok@example.org", "sok@example.org; other@example.org|sok@example.org / x@y.org"),
        ("用户@例子.中国", "用户@例子.中国"),
        (None, "sok|sok@|@example.org|sok@example|sok@@example.org|a b@example.org|sok..a@example.org|.a@example.org"),
    ],
)
def test_addresses_by_their_form(address, written):
    assert {text: read_email(text).value for text in written.split("|")} == dict.fromkeys(written.split("|"), address)


def test_what_is_not_understood_is_told_and_kept():
    found = award(
        "Name|Country|Role|FY|Batch|E-mail|No.|University",
        f"SOK Dara|Atlantis|Pilot|soon|many|no address|{'9' * 61}|{'x' * 301}",
    )
    assert [problem.reason for problem in found.problems] == [
        "country-unknown", "role-unknown", "year-unclear", "batch-unclear", "email-wrong", "number-long", "text-long",
    ]  # fmt: skip
    assert found.facts.extra["Country"] == "Atlantis"
    assert len(found.facts.extra) == 7
    long = award("Name|Country", f"{'SOK ' * 51}|KH")
    assert [problem.reason for problem in long.problems] == ["name-long"]


def test_what_has_no_column_is_kept_under_its_heading():
    facts = award("Name|Diet|Diet||Country", "SOK Dara|halal|no nuts|x|KH|beyond").facts
    assert facts.extra == {"Diet": "halal", "Diet (3)": "no nuts", "(4)": "x", "(6)": "beyond"}


def test_a_dash_says_nothing():
    found = award("Name|Country|E-mail|Diet", "SOK Dara|-|N/A|なし")
    assert (found.facts.country, found.facts.email, found.facts.extra, found.problems) == ("", "", {}, ())


# Rows that are no people


def test_countries_over_their_people_where_there_is_no_column_of_countries():
    rows = awards("No.|Name|Role", "|Cambodia (2)", "1|SOK Dara|Leader", "2|CHAN Bopha", "ラオス|1名", "3|VONGSA Boun")
    assert [row.facts.country if row.facts else row.skipped for row in rows] == [
        Skipped.SECTION, "KH", "KH", Skipped.SECTION, "LA",
    ]  # fmt: skip
    with_column = awards("Name|Country", "Cambodia", "SOK Dara|", "VONGSA Boun|LA")
    assert [row.facts.country if row.facts else row.skipped for row in with_column] == [Skipped.SECTION, "", "LA"]


@pytest.mark.parametrize(
    ("row", "skipped"),
    [
        ("Total|25", Skipped.TOTAL),
        ("Total 25", Skipped.TOTAL),
        ("|合計||25", Skipped.TOTAL),
        ("合計 25名", Skipped.TOTAL),
        ("以上", Skipped.TOTAL),
        ("Total|11|14|25|50", Skipped.TOTAL),
        ("No.|Name|Country|E-mail", Skipped.HEADING),
        ("NO.|NAME|COUNTRY|E-MAIL", Skipped.HEADING),
        ("26", Skipped.NOTE),
        ("|※ 2017年3月現在", Skipped.NOTE),
        ("* as of March 2017", Skipped.NOTE),
    ],
)
def test_rows_that_are_no_people_are_skipped_with_their_text(row, skipped):
    found = award("No.|Name|Country|E-mail", row)
    assert (found.facts, found.skipped, found.problems) == (None, skipped, ())
    assert found.text == " ".join(filter(None, row.split("|")))


@pytest.mark.parametrize("row", ["|Total Andre|BR|", "1|Suharto||", "|SOK Dara||", "1|Georgia Brown||"])
def test_people_are_not_skipped(row):
    assert award("No.|Name|Country|E-mail", row).skipped is None


def test_a_list_of_names_alone():
    rows = awards("Name", "Georgia", "SOK Dara", "Cambodia (11)", "Total 2")
    assert [row.facts.name_printed if row.facts else row.skipped for row in rows] == [
        "Georgia", "SOK Dara", Skipped.SECTION, Skipped.TOTAL,
    ]  # fmt: skip


def test_rows_are_read_as_they_come():
    """Nothing is held: the first row is there before the second is asked for."""
    names = ("Name",)

    def endless():
        yield 2, ["SOK Dara"]
        raise AssertionError("asked for more")

    rows = read_awards(chain([(1, list(names))], endless()), Layout(1, names, {0: Column.FULL_NAME}))
    assert next(rows).facts.name_printed == "SOK Dara"


ANY_CELL = st.one_of(
    st.text(max_size=30),
    st.text("0123456789０１２３④五元年月日平成令和HR/.-~～ :第回期FYthbatch", max_size=20),
    st.text("abcXYZ ()（）*※,.@;-'田中さん様", max_size=20),
)


@given(st.lists(st.lists(ANY_CELL, min_size=1, max_size=24), max_size=4), st.sampled_from(DateOrder))
def test_no_cell_stops_the_reading_of_a_list(rows, order):
    columns = dict(enumerate(Column))
    names = tuple(column.value for column in columns.values())
    orders = dict.fromkeys(columns, order)
    numbered = list(enumerate(rows, 2))
    read = list(read_awards(numbered, Layout(1, names, columns, orders)))
    assert [row.number for row in read] == [number for number, cells in numbered if any(cells)]
    for row in read:
        assert (row.facts is None) == (row.skipped is not None)
        assert all(problem.value or problem.reason == "name-missing" for problem in row.problems)
    assert set(date_orders(numbered, Layout(1, names, columns))) <= set(columns)


@pytest.mark.parametrize("text", ["1", "1 ", "(", "((a)", "人民", "st", "a@", "1/", "* ", "- ", "A", "፩", "第", "Mr. "])
def test_cells_of_ten_thousand_characters_take_no_time(text):
    """None of the patterns goes over a text more than once; the run would end at its limit of time."""
    names = tuple(column.value for column in Column)
    layout = Layout(1, names, dict(enumerate(Column)))
    for cell in (text, text * 50, (text * 10_000)[:10_000], (text * 10_000)[:9_999] + "!"):
        rows = [(2, [cell] * len(names))]
        assert find_headings([(1, [cell] * 2)]) is None
        assert set(guess_columns([cell, f"{cell} x"], {}).values()) <= set(Column)
        assert date_orders(rows, layout).keys() <= set(range(len(names)))
        (row,) = read_awards(rows, layout)
        assert row.number == 2
