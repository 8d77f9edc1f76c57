"""English sentences made of the short notes in the files."""

from babel import Locale

_ENGLISH = Locale("en")


def sentence(text: str | None, about: str = "") -> str:
    """`text` with a capital and a full stop; `about` says first what it is of. Empty for nothing."""
    if not text:
        return ""
    text = f"{about}: {text}" if about else text[0].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."


def country(code: str) -> str:
    """The plain English name of a country, without what CLDR puts in brackets."""
    return str(_ENGLISH.territories.get(code, code)).split(" (")[0]


def countries(codes: list[str]) -> str:
    return ", ".join(country(code) for code in codes)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 24th."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
