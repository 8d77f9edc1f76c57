"""Random keys for addresses and cookies, and signed tokens for links in mail."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o 1 l i: people read these aloud

_LETTER_OF_BYTE = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


def new_key(length: int = 10) -> str:
    """An opaque public id: never sequential, safe in an address. 10 letters hold 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_keys(count: int, length: int = 10) -> list[str]:
    """Many of them at once, for rows in bulk: all random bytes in one draw."""
    letters = secrets.token_bytes(count * length).translate(_LETTER_OF_BYTE).decode()
    return [letters[at : at + length] for at in range(0, count * length, length)]


def is_key(text: object, length: int = 10) -> bool:
    return isinstance(text, str) and len(text) == length and set(text) <= set(ALPHABET)


def new_secret() -> str:
    """A bearer secret of 256 bits for a cookie. Only `digest` of it is stored."""
    return secrets.token_urlsafe(32)


def link_secret(derived: bytes) -> str:
    """A derived secret of 256 bits as a part of an address: 43 letters."""
    return base64.urlsafe_b64encode(derived).decode().rstrip("=")


def is_link_secret(text: str) -> bool:
    return len(text) == 43


def paper_code(derived: bytes) -> str:
    """A derived secret as ten letters to type: 49 bits, for what limits the tries."""
    number, letters = int.from_bytes(derived), []
    for _ in range(10):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def digest(secret: str) -> bytes:
    """What is stored of a secret: 32 bytes. Any text is allowed, valid or not."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Signer:
    """Signs facts into a link for one purpose; several keys let an old one retire slowly."""

    def __init__(self, keys: list[str]) -> None:
        # itsdangerous signs with the last key and accepts all of them
        self._keys = list(reversed(keys))

    def sign(self, purpose: str, facts: Any) -> str:
        return str(URLSafeTimedSerializer(self._keys, salt=purpose).dumps(facts))

    def read(self, purpose: str, token: str, *, max_age_s: int) -> Any | None:
        """The signed facts, or None when the token is forged, foreign to the purpose or too old."""
        try:
            return URLSafeTimedSerializer(self._keys, salt=purpose).loads(token, max_age=max_age_s)
        except (BadData, UnicodeError, ValueError):
            return None

    def derive(self, purpose: str, facts: str) -> list[bytes]:
        """A secret that nobody has to keep: made again from the facts, by the newest key first, then by older ones."""
        text = f"{purpose}|{facts}".encode()
        return [hmac.digest(key.encode(), text, "sha256") for key in reversed(self._keys)]
