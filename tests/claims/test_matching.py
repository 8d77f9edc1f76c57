"""Which entry somebody is: names as people have them, facts, and that at most one is found."""

from types import SimpleNamespace

import pytest

from alumni.claims.models import Basis
from alumni.claims.queries.matching import Facts, best_of, compare
from alumni.members.models import ParticipationRole


def entry(name, *, id=1, **values):
    blank = {
        "name_native": "", "name_reading": "", "number": "", "institution": "", "host_town": "", "born_on": None,
        "email": "", "mark": None, "duplicate_of_id": None, "participation_id": None,
    }  # fmt: skip
    return SimpleNamespace(**{"id": id, "name_printed": name, "role": ParticipationRole.PARTICIPANT, **blank, **values})


@pytest.mark.parametrize(
    ("printed", "names", "least", "most"),
    [
        ("LESTARI Dewi", ("Dewi Lestari",), 100, 100),  # the other order
        ("ＬＥＳＴＡＲＩ　Ｄｅｗｉ", ("dewi lestari",), 100, 100),  # full width
        ("NGUYỄN Thị Lan", ("Lan Nguyen Thi",), 100, 100),  # without its marks
        ("SANTOS Maria", ("Maria Santos Reyes",), 80, 99),  # one name more
        ("SANTOS M.", ("Maria Santos",), 80, 99),  # an initial
        ("SANTOS Maria", ("Maria Reyes", "Maria Santos"), 100, 100),  # married; the former name is in the profile
        ("KIM Minjun", ("Kim Min-jun",), 80, 100),  # written together
        ("SATO Yuko", ("Satou Yuuko",), 100, 100),  # romanised differently
        ("嬉野 花子", ("嬉野花子",), 100, 100),  # no space
        ("SOK Dara", ("Chan Bopha",), 0, 54),  # somebody else
    ],
)
def test_names(printed, names, least, most):
    assert least <= compare(entry(printed), Facts(names)).score <= most


def test_the_own_script_of_the_roster_counts_as_well():
    kept = entry("SATO Hanako", name_native="佐藤 花子")
    assert compare(kept, Facts(("佐藤花子",))).score == 100


@pytest.mark.parametrize(
    ("kept", "said", "answer"),
    [
        ({"number": "A-017"}, {"number": "ａ０１７"}, "agrees"),
        ({"number": "A-017"}, {"number": "A-018"}, "differs"),
        ({"number": "A-017"}, {}, ""),
        ({"number": "-"}, {"number": "/"}, ""),  # a dash for none
        ({"number": "17"}, {"number": "17"}, "agrees"),
        ({}, {"number": "A-017"}, ""),
        ({"born_on": "1994"}, {"born_on": "1994-03-02"}, "agrees"),
        ({"born_on": "1994-03-02"}, {"born_on": "1994-02-03"}, "differs"),
        ({"institution": "Universitas Indonesia, Depok"}, {"institution": "universitas indonesia"}, "agrees"),
        ({"institution": "National University of Laos"}, {"institution": "Ministry of Health"}, "differs"),
        ({"host_town": "嬉野市"}, {"host_town": "嬉野市"}, "agrees"),
        ({"email": "a@example.org"}, {"email": "a@example.org"}, "agrees"),
        ({"email": "a@example.org"}, {"email": "b@example.org"}, ""),  # addresses change
        ({"role": ParticipationRole.LEADER}, {"role": "participant"}, "differs"),
    ],
)
def test_facts(kept, said, answer):
    match = compare(entry("LESTARI Dewi", **kept), Facts(("Dewi Lestari",), **said))
    (name,) = kept or said
    assert (name in match.agrees, name in match.differs) == (answer == "agrees", answer == "differs")


@pytest.mark.parametrize(
    ("kept", "said", "proof"),
    [
        ({"number": "A-017"}, {"number": "A-017"}, Basis.NUMBER),
        ({"number": "17"}, {"number": "17"}, None),  # guessed in a week
        ({"number": "--"}, {"number": "--"}, None),
        ({"email": "a@example.org"}, {"email": "a@example.org"}, Basis.EMAIL),
        ({"born_on": "1994-03-02"}, {"born_on": "1994-03-02"}, None),  # many know it
        (
            {"number": "A-017", "born_on": "1994"},
            {"number": "A-017", "born_on": "1995-01-01"},
            None,
        ),  # something differs
        ({}, {}, None),
    ],
)
def test_what_proves_it_at_once(kept, said, proof):
    assert compare(entry("LESTARI Dewi", **kept), Facts(("Dewi Lestari",), **said)).proof == proof
    assert compare(entry("SOK Dara", **kept), Facts(("Dewi Lestari",), **said)).proof is None


def found(entries, *names, **said):
    match = best_of(entries, Facts(names, **said))
    return match.entry.id if match.entry else None


def test_at_most_one_is_found():
    twins = [entry("SOUK Dara", id=1, born_on="1990-01-01"), entry("SOUK Dara", id=2, born_on="1991-01-01")]
    assert found(twins, "Dara Souk") is None
    assert found(twins, "Dara Souk", born_on="1991-01-01") == 2
    assert found([*twins, entry("SOUK Darani", id=3)], "Darani Souk") == 3
    assert found(twins, "Somebody Else") is None
    assert found([], "Dara Souk") is None


def test_the_name_on_the_papers_decides_between_two_names_of_one_person():
    entries = [entry("SANTOS Maria", id=1), entry("REYES Maria", id=2)]
    assert found(entries, "Maria Reyes", "Maria Santos") == 2


def test_a_number_finds_whoever_has_another_name_today():
    entries = [entry("SANTOS Maria", id=1, number="A-1"), entry("LOPEZ Ana", id=2, number="A-2")]
    assert found(entries, "Zarah Abdullah", number="A-2") == 2


def test_a_duplicate_stands_for_the_one_that_was_kept():
    kept = entry("VONGSA Bounmy", id=1)
    double = entry("VONGSAVANH Bunmee", id=2, duplicate_of_id=1)
    assert found([kept, double], "Bunmee Vongsavanh") == 1
    assert found([double], "Bunmee Vongsavanh") is None  # kept on another roster
    circle = [entry("A B", id=1, duplicate_of_id=2), entry("A B", id=2, duplicate_of_id=1)]
    assert found(circle, "A B") is None
