"""Days, ranges and fiscal years as lists write them, and which of two numbers is the day."""

import pytest

from alumni.imports.queries.cells import CellProblem, Layout, date_orders
from alumni.imports.queries.dates import DateOrder, Unreadable, read_day, read_days, read_year
from alumni.imports.queries.headings import Column, guess_columns
from tests.imports.lists import award

UNCLEAR, DAY, MONTH = DateOrder.UNCLEAR, DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("iso", "written"),
    [
        ("2017-02-14", "2017-02-14|2017/2/14|2017.2.14|２０１７／２／１４|20170214|2017-02-14 10:00:00|42780"),
        ("2017-02-14", "2017年2月14日|2017年2月14日（火）|平成29年2月14日|H29.2.14|平成２９年２月１４日"),
        ("2017-02-14", "14 Feb 2017|14-Feb-17|Feb 14, 2017|February 14th, 2017 (Tue)|Tuesday, 14 February 2017"),
        ("2017-02-14", "14 février 2017|14 de febrero de 2017|14 Februari 2017|14/02/2017|02/14/2017|14/02/2560"),
        ("2019-05-01", "令和元年5月1日|R1/5/1|1 May 2019"),
        ("1985-01-02", "S60.1.2|昭和60年1月2日"),
        ("2017-02", "2017-02|2017年2月|February 2017|Feb. 2017|2017/2"),
        ("2017", "2017|2017年|平成29年"),
        ("2017-03-03", "03/03/2017|3.3.17"),
    ],
)
def test_days_as_they_are_written(iso, written):
    assert {text: read_day(text, UNCLEAR) for text in written.split("|")} == dict.fromkeys(written.split("|"), iso)


def test_the_order_of_day_and_month():
    assert (read_day("03/04/2017", DAY), read_day("03/04/2017", MONTH)) == ("2017-04-03", "2017-03-04")
    with pytest.raises(Unreadable, match="date-unclear"):
        read_day("03/04/2017", UNCLEAR)


@pytest.mark.parametrize(
    "text",
    ["31/02/2017", "30 Feb 2017", "2017-13-01", "99/99/9999", "soon", "1850", "7 Foo 2017", "12", "2017年2月30日"],
)
def test_what_is_no_day(text):
    with pytest.raises(Unreadable, match="date-wrong"):
        read_day(text, DAY)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (
            "2017-03-07",
            "2017-03-14",
            "2017/3/7-3/14|2017/3/7～2017/3/14|2017年3月7日～14日|2017年3月7日（火）～3月14日（火）",
        ),
        ("2017-03-07", "2017-03-14", "7-14 March 2017|March 7-14, 2017|March 7 - 14, 2017|7 Mar 2017 - 14 Mar 2017"),
        ("2017-03-07", "2017-03-14", "2017-03-07 to 2017-03-14|2017-03-07-2017-03-14|平成29年3月7日から14日"),
        ("2015-08-27", "2015-09-02", "27 August - 2 September 2015|Aug 27 – Sep 2, 2015|2015.8.27-9.2"),
        ("2017-12-28", "2018-01-05", "2017/12/28～2018/1/5|2017年12月28日～1月5日"),
        ("2017-05", "2018-03", "2017/5～2018/3|May 2017 to March 2018"),
        ("2017-02-14", "2017-02-14", "14 Feb 2017"),
        ("2017-02", "", "2017-02"),
    ],
)
def test_first_and_last_day_in_one_cell(first, last, written):
    expected = dict.fromkeys(written.split("|"), (first, last))
    assert {text: read_days(text, UNCLEAR) for text in written.split("|")} == expected


def test_a_stay_that_ends_before_it_begins():
    with pytest.raises(Unreadable, match="date-wrong"):
        read_days("2017/3/14-3/7", UNCLEAR)
    (problem,) = award("Name|From|To", "SOK Dara|2017-03-14|2017-03-07").problems
    assert problem == CellProblem(Column.TO_ON, "date-wrong", "2017-03-07")


@pytest.mark.parametrize(
    ("year", "written"),
    [
        (
            2016,
            "2016|FY2016|FY 2016|JFY2016|2016年度|平成28年度|H28|2016/17|2016-2017|FY2016/2017|16|２０１６|2559|2016.0",
        ),
        (2019, "令和元年度|R1|2019年"),
        (None, "abc|2016/19|99999|1|JENESYS|平成"),
    ],
)
def test_fiscal_years_as_they_are_written(year, written):
    assert {text: read_year(text) for text in written.split("|")} == dict.fromkeys(written.split("|"), year)


HEADINGS = "Name|From|To|Date of birth"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["a b|07/03/2017|14/03/2017|02/01/1995"], {1: DAY, 2: DAY, 3: UNCLEAR}),
        (["a b|03/07/2017|03/14/2017|21/01/1995"], {1: MONTH, 2: MONTH, 3: DAY}),
        (["a b|03/07/2017|03/08/2017|", "c d|03/07/2017|03/08/2017|"], {1: UNCLEAR, 2: UNCLEAR}),
        (["a b|13/07/2017|03/14/2017|", "c d|13/07/2017|01/02/2017|"], {1: DAY, 2: MONTH}),
        (["a b|13/07/2017||", "c d|07/13/2017||"], {1: UNCLEAR}),  # two hands: the officer is asked
        (["a b|2017-03-07|14 March 2017|1995年1月2日"], {}),
    ],
)
def test_one_date_tells_the_order_of_its_column(rows, expected):
    names = tuple(HEADINGS.split("|"))
    numbered = [(1, ["13/13/2013"] * 4), *enumerate([row.split("|") for row in rows], 3)]
    assert date_orders(numbered, Layout(2, names, guess_columns(names, {}))) == expected


def test_the_order_of_dates_in_a_range():
    names = ("Name", "Period")
    layout = Layout(1, names, guess_columns(names, {}))
    for written in ("07/03/2017 - 14/03/2017", "07.03.2017-14.03.2017", "14-03-2017", "07/03/2017~14/03/17"):
        assert date_orders([(2, ["x", written])], layout) == {1: DAY}, written
    assert date_orders([(2, ["x", "2017/3/7-3/14"]), (3, ["x", "2017.3.14-3.21"])], layout) == {}


def test_a_date_that_may_be_two_is_asked_about_and_kept():
    found = award("Name|Date of birth", "SOK Dara|03/04/1995")
    assert found.problems == (CellProblem(Column.BORN_ON, "date-unclear", "03/04/1995"),)
    assert (found.facts.born_on, found.facts.extra) == ("", {"Date of birth": "03/04/1995"})
    assert award("Name|Date of birth", "SOK Dara|03/04/1995", orders={1: DAY}).facts.born_on == "1995-04-03"
