"""The files of the catalogue as they stand on the disk: YAML 1.2 in which every value remembers its line.

The values are built here from the parsed nodes, by the core schema of YAML 1.2: `NO` and `NA` are text, and so is a
date. Anchors, tags and second documents are refused: the catalogue needs none.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

LARGEST = 5_000_000  # bytes of one file
INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
TAGS = {f"tag:yaml.org,2002:{name}" for name in "str int float bool null timestamp seq map merge value".split()}
WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where."""

    file: str
    line: int  # from 1
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class CatalogueBroken(Exception):
    """The files cannot be loaded; nothing was written. `problems` says everything that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Document:
    """One file: its plain values, and the line of each."""

    name: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)

    def problem(self, path: Path_, reason: str) -> Problem:
        """A problem with the value at `path`, or with the nearest one around it that is there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return Problem(self.name, self.lines[path[:length]], reason)
        return Problem(self.name, 1, reason)


def read(file: Path) -> Document:
    """Reads one file. Raises CatalogueBroken when it is not there, not UTF-8 or not YAML."""
    document = Document(file.name)
    node = _parse(document, _text(file))
    problems: list[Problem] = []
    if node is not None:
        document.data = _value(node, (), document, problems)
    if problems:
        raise CatalogueBroken(problems)
    return document


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CatalogueBroken([Problem(file.name, 1, f"the file cannot be read ({error.strerror})")]) from error
    if len(raw) > LARGEST:
        raise CatalogueBroken([Problem(file.name, 1, f"the file is larger than {LARGEST} bytes")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CatalogueBroken([Problem(file.name, line, "these bytes are not UTF-8")]) from error


def _parse(document: Document, text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "this is not YAML"
        if error.context and error.context_mark:
            reason += f", {error.context} that begins in line {error.context_mark.line + 1}"
        problem = Problem(document.name, mark.line + 1 if mark else 1, reason)
    except YAMLError as error:
        position = getattr(error, "position", 0)
        problem = Problem(document.name, text.count("\n", 0, position) + 1, "a character that YAML does not allow")
    except RecursionError:
        problem = Problem(document.name, 1, "nested too deeply")
    raise CatalogueBroken([problem])


def _value(node: Any, path: Path_, document: Document, problems: list[Problem]) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if node.anchor:
        problems.append(document.problem(path, "anchors (&) and references (*) are not used here"))
        return None
    if str(node.tag) not in TAGS:
        problems.append(document.problem(path, f"tags like {node.tag} are not used here"))
        return None
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_value(item, (*path, place), document, problems) for place, item in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        raise TypeError(f"YAML has no such node: {node}")
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, ScalarNode) else ""
        document.lines.setdefault((*path, key), key_node.start_mark.line + 1)
        if key in mapping or not key:
            reason = f"{key} stands here twice" if key else "a key must be a word"
            problems.append(Problem(document.name, key_node.start_mark.line + 1, reason))
        mapping[key] = _value(value_node, (*path, key), document, problems)
    return mapping


def _scalar(node: ScalarNode) -> Any:
    text = str(node.value)
    if node.style is not None or str(node.tag).endswith(":str"):  # quoted, a block, or marked as text
        return text
    if text in WORDS:
        return WORDS[text]
    return int(text) if INTEGER.fullmatch(text) else text
