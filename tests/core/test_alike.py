"""Two names and whether they are one person's."""

import pytest

from alumni.core.alike import LIKELY, POSSIBLE, name_key, name_score

SAME = [
    ("NGUYEN Van An", "Nguyễn Văn An"),
    ("NGUYEN Van An", "Van An Nguyen"),
    ("ＮＧＵＹＥＮ　Ｖａｎ　Ａｎ", "nguyen, van an"),
    ("SATO Kohji", "Koji Satou"),
    ("MOHD Ali bin Hassan", "Muhammad Ali Hasan"),
    ("KUMAR a/l Raju", "Kumar Raju"),
    ("Ms. SOK Dara", "Dara Sok"),
    ("田中　太郎", "田中太郎"),
    ("渡邉　花子", "渡辺花子"),
    ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ たろう"),
    ("O’Connor-Lee Mary", "Mary Oconnor Lee"),
]
OTHERS = [
    ("NGUYEN Thi Hoa", "NGUYEN Thi Lan"),
    ("田中太郎", "太郎田中"),
    ("SUHARTO", "Budi Suharto"),
    ("KIM Min-jun", "KIM Min"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_have_one_key(one, other):
    assert name_key(one) == name_key(other) != ""
    assert name_score(one, [other]) == 1


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_words_have_another_key(one, other):
    assert name_key(one) != name_key(other)
    assert name_score(one, [other]) < 1


def test_a_word_that_is_only_a_title_stays_where_it_is_the_name():
    assert name_key("Bin") == "bin"
    assert name_key("") == name_key(" ・ ") == ""


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [
        ("GARCIA Maria Luz", "Maria Garcia"),  # a middle name that one of them lacks
        ("PHOMMACHANH Somsak", "S. Phommachan"),  # an initial
        ("KIM Min-jun", "Minjun Kim"),  # written together
        ("CHANTHAVONG Bounmy", "Bounmy Chantavong"),
        ("NGUYEN Thi Phuong Thao", "Thao Nguyen"),
        ("RODRIGUES Ana", "Ana Rodriguez"),
    ],
)
def test_what_is_likely_one_person(printed, claimed):
    assert LIKELY <= name_score(printed, ["Somebody Else", claimed]) <= 1


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [("SOK Dara", "Dara Chan"), ("SMITH Anna Maria", "Anna Maria Jones"), ("Suharto", "Budi Suharto")],
)
def test_after_a_marriage_somebody_has_to_look(printed, claimed):
    assert POSSIBLE <= name_score(printed, [claimed]) < LIKELY


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [
        ("NGUYEN Thi Hoa", "Nguyen Thi Lan"),
        ("SMITH Anna", "Smith Peter"),
        ("CRUZ Maria", "Mario Cruz"),
        ("田中太郎", "田中次郎"),
        ("SOK Dara", "Chan Bopha"),
        ("A. B.", "A. C."),
        ("SOK Dara", ""),
        ("", "Sok Dara"),
    ],
)
def test_another_person(printed, claimed):
    assert name_score(printed, [claimed]) < POSSIBLE


def test_a_person_who_uses_no_name_yet():
    assert name_score("SOK Dara", []) == 0
