"""Which new passwords are taken: long ones that nobody has on a list."""

import pytest

from alumni.accounts.policy import is_guessable

TAKEN = (
    "four quiet words here",
    "another four quiet words",
    "kokoro no tomodachi",
    "purple kettle under seven umbrellas",
    "ບັນໄດ ສີຂຽວ ຢູ່ເທິງນ້ຳ",
    "静かな猫と緑の自転車が走る",
    "b7Kq-x2Zw-91Lm-pQ4t",
)
REFUSED = (
    "aaaaaaaaaaaaaaaaaaaa",
    "123456789012345678",
    "passwordpassword",
    "P@ssw0rd-P@ssw0rd!",
    "qwertyuiopasdfghjkl",
    "qwerty1234567890qwerty",
    "JENESYS alumni 2016!",
    "I love you forever 2020",
    "Japan Japan Japan Japan",
    "日本日本日本日本日本日本日本日本",
    "January February March",
    "correct horse battery staple",
)


@pytest.mark.parametrize("password", TAKEN)
def test_words_that_do_not_belong_together_are_taken(password):
    assert not is_guessable(password)


@pytest.mark.parametrize("password", REFUSED)
def test_what_stands_on_every_list_is_refused(password):
    assert is_guessable(password)


def test_ones_own_address_is_no_password(browse):
    form = {"email": "somchai.jaidee@university.example", "password": "somchai jaidee university", "terms": "y"}
    answer = browse("").post("/signup", form)
    assert answer.status_code == 422
    assert "This is easy to guess." in answer.text
    assert browse("").post("/signup", form | {"password": "seven lanterns on a slow river"}).status_code == 303
