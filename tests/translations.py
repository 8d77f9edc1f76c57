"""Is every string of the product in every catalogue, with the same placeholders? `python -m tests.translations`"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
METHODS = [("alumni/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def strings() -> set[str | tuple[str, ...]]:
    """Every string of the source, a plural as a pair."""
    found = extract_from_dir(
        str(ROOT),
        METHODS,
        {"**": {"trimmed": "true"}},
        KEYWORDS,
        directory_filter=lambda d: "/." not in d and "venv" not in d,
    )
    return {message for _file, _line, message, _comments, _context in found if message}


def catalogues() -> dict[str, Catalog]:
    return {
        file.parts[-3]: read_po(BytesIO(file.read_bytes()))
        for file in sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
    }


def problems() -> list[str]:
    found = []
    for language, catalogue in catalogues().items():
        for message in sorted(strings(), key=str):
            key = message[0] if isinstance(message, tuple) else message
            entry = catalogue.get(key)
            texts = [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string)
            if not texts or not all(texts):
                found.append(f"{language}: not translated: {key!r}")
                continue
            if entry.fuzzy:
                found.append(f"{language}: fuzzy: {key!r}")
            allowed = set(PLACEHOLDER.findall(" ".join(message) if isinstance(message, tuple) else message))
            for text in texts:
                used = set(PLACEHOLDER.findall(text))
                missing = allowed - used - {"%(num)s", "%(num)d"}
                if used - allowed or missing:
                    found.append(f"{language}: placeholders differ: {key!r} -> {text!r}")
    return found


if __name__ == "__main__":
    found = problems()
    print("\n".join(found))
    sys.exit(1 if found else 0)
