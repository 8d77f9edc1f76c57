"""Which passwords keep an account, and which are refused with a reason."""

import unicodedata
from pathlib import Path

import pytest

from alumni.accounts import policy
from alumni.accounts.actions import check_password, entering, hash_password
from alumni.accounts.policy import is_easily_guessed


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaa", "abababababababab", "sakura sakura sakura", "1234567890123456", "qwertyuiopasdfghjkl",
        "abcdefghijklmnopqrs", "correct horse battery staple", "Password 1234 5678", "jenesys japan 2016",
        "alumni network 2026", "bounmy.vongsa 1999", "thisismypassword", "ｐａｓｓｗｏｒｄ１２３４５６",
        "                ", "P@ssw0rd-P@ssw0rd!", "I love you forever 2020", "日本日本日本日本日本日本日本日本",
        "January February March", "qwerty1234567890qwerty",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password):
    assert is_easily_guessed(password, email="bounmy.vongsa@example.org")


def test_what_leaked_elsewhere_is_refused_whole():
    leaked = Path(policy.__file__).with_name("leaked.txt").read_text(encoding="utf-8").split()
    assert len(leaked) > 3000
    assert all(len(word) >= policy.SHORTEST_WITH_CODE for word in leaked)
    assert is_easily_guessed(leaked[0].upper())
    assert not is_easily_guessed(leaked[0] + " beside the river")


@pytest.mark.parametrize(
    "password",
    [
        "kokoro no tomodachi", "four quiet words here", "three quiet words", "four words in a row",
        "other words in a row",
        "ຂ້ອຍມັກກິນເຂົ້າໜຽວ", "私の猫は窓辺で眠っています", "tamarind bridge 1987 umbrella",
    ],
)  # fmt: skip
def test_words_that_do_not_belong_together_are_fine(password):
    assert not is_easily_guessed(password, email="bounmy.vongsa@example.org")


def test_the_same_letters_from_another_keyboard_open_the_account():
    password = "café au lait à midi"
    stored = hash_password(password)
    assert check_password(stored, unicodedata.normalize("NFD", password))
    assert not check_password(stored, "cafe au lait a midi")


def test_what_was_kept_as_typed_still_opens():
    typed = unicodedata.normalize("NFD", "café au lait à midi")
    assert check_password(entering._hasher.hash(typed), typed)


def test_the_page_says_what_to_do(app, cast, browse):
    joining = {"email": "thida@example.org", "terms": "y"}
    answer = browse("").post("/signup", joining | {"password": "1234567890123456"})
    assert answer.status_code == 422
    assert "Choose a few words that do not belong together" in answer.text
    assert "Use at least 15" in browse("").post("/signup", joining | {"password": "quiet otter"}).text
    assert "Choose a few words" in browse(cast.bob).post("/me/security", {"old": "x", "new": "jenesys japan 2016"}).text
