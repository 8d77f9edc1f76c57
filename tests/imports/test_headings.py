"""Where the table begins, and what its columns are."""

import pytest

from alumni.imports.queries.headings import Column, find_headings, guess_columns, heading_key, headings_twice
from tests.imports.lists import HEADINGS, cohorts, table


def named(*headings, **remembered):
    return [column.value for column in guess_columns(headings, remembered).values()]


WHOLE = (
    "number family_name given_name native_name country programme year batch part theme role from_on to_on institution "
    "host_town born_on email extra"
).split()


@pytest.mark.parametrize("language", HEADINGS)
def test_a_whole_list(language):
    assert named(*HEADINGS[language].split("|")) == WHOLE


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("氏　名|フリガナ|Name (as in passport)|派遣国", "native_name reading full_name country"),
        (
            "No.|Name|Nationality|Univ./School|D.O.B.|E-Mail Address",
            "number full_name country institution born_on email",
        ),
        ("NAME|氏名|Country/国名|Dates of stay", "full_name native_name country dates"),
        ("Name|Surname|期|期間", "given_name family_name batch dates"),
        ("Family Name|First Name|氏名|フリガナ", "family_name given_name native_name reading"),
        ("姓|名|セイ|学校名", "family_name given_name extra institution"),
        ("参加者氏名|都道府県|団長/引率|備考", "full_name host_town role note"),
        ("1. Full name|2. Sending country (nationality)|3. Batch", "full_name country batch"),
        ("Nombre completo|País|Correo electrónico|Fecha de nacimiento", "full_name country email born_on"),
        ("Nom de famille|Prénoms|Pays|Date de naissance", "family_name given_name country born_on"),
        ("Họ và tên|Quốc gia|Ngày sinh", "full_name country born_on"),
        ("ชื่อ-นามสกุล|ประเทศ|อีเมล", "full_name country email"),
        ("Ｅ－ｍａｉｌ|ＤＯＢ|ｸﾞﾙｰﾌﾟ", "email born_on part"),
        ("Name|Emergency contact name|Father's name|Passport No.|Parent e-mail", "full_name extra extra extra extra"),
        ("Year|FY|Batch No.|Batch", "year extra batch extra"),
        ("Name of University|Name of participant", "institution full_name"),
        ("Shoe size||好きな食べ物", "extra extra extra"),
    ],
)
def test_headings_as_they_are_written(headings, expected):
    assert named(*headings.split("|")) == expected.split()


def test_what_an_officer_said_once_comes_first():
    remembered = {heading_key("Kokumei"): "country", heading_key("Country"): "extra", heading_key("X"): "no_such"}
    assert list(guess_columns(["KOKUMEI ", "Country", "X"], remembered).values()) == [
        Column.COUNTRY, Column.EXTRA, Column.EXTRA,
    ]  # fmt: skip


def test_each_column_is_given_once_and_the_same_heading_twice_is_told():
    headings = ["Name", "E-mail", "Remarks", "e-mail", "Note", "", ""]
    assert named(*headings) == ["full_name", "email", "note", "extra", "extra", "extra", "extra"]
    assert headings_twice(headings) == ["E-mail"]
    assert headings_twice(["Name", "氏名"]) == []


@pytest.mark.parametrize("language", HEADINGS)
@pytest.mark.parametrize("name", cohorts())
def test_the_heading_row_is_found_below_titles(name, language):
    rows = [(number, row) for number, row in enumerate(table(name, language, dirt=True), 1) if any(row)]
    found = find_headings(rows)
    assert found.row == 3
    assert found.names == tuple(HEADINGS[language].split("|"))
    assert found.titles == (cohorts()[name]["title"],)


def test_headings_in_two_rows():
    rows = [(2, ["No.", "Name", "", "Period", "", "Country"]), (3, ["", "Family", "Given name", "From", "To"])]
    assert find_headings([*rows, (4, ["1", "SOK", "Dara", "", "", "KH"])]).names == (
        "No.", "Family", "Given name", "From", "To", "Country",
    )  # fmt: skip


def test_headings_in_two_rows_of_which_both_are_known():
    rows = [
        (2, ["No.", "Name", "", "Country"]),
        (3, ["", "Family name", "Given name"]),
        (4, ["1", "SOK", "Dara", "KH"]),
    ]
    found = find_headings(rows)
    assert (found.row, found.names) == (3, ("No.", "Family name", "Given name", "Country"))


def test_people_are_no_headings():
    assert find_headings([(1, ["SOK Dara", "KH"]), (2, ["Leader", "University of Tokyo"])]) is None
    assert find_headings([]) is None
    assert find_headings([(1, ["Name"]), (2, ["SOK Dara"])]).row == 1
    assert find_headings((n, ["x"] if n < 41 else ["Name", "Country"]) for n in range(1, 60)) is None
