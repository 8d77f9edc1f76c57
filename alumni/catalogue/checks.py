"""What must hold between entries: references lead somewhere, lines mirror each other, nothing goes in circles."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from alumni.catalogue.files import CatalogueBroken, Document, Problem, read
from alumni.catalogue.shapes import (
    AssociationsFile,
    CohortEntry,
    CountEntry,
    CountsFile,
    ProgrammeEntry,
    ProgrammeFigure,
    ProgrammesFile,
    Seed,
    shape,
)
from alumni.programmes.models import fiscal_year

EntryT = TypeVar("EntryT")
FILES = ("programmes.yaml", "associations.yaml", "published_counts.yaml")

# What the founding documents are called in a `source`, followed by "(seed)".
SEED_LABELS = {
    "MOFA February 2016": "mofa_2016",
    "JAIF JENESYS Programme": "jaif_jenesys",
    "Expert Panel report 2023": "expert_panel_2023",
    "WA Project 2.0": "jf_wa2",
    "White Paper on Development Cooperation 2023": "oda_white_paper_2023",
}
_SEED = "(seed)"


@dataclass(frozen=True)
class Catalogue:
    """The three files, read and found in order."""

    programmes: ProgrammesFile
    associations: AssociationsFile
    counts: CountsFile

    def cite(self, *sources: str | None) -> str:
        """Sources as they are shown: founding documents by title and address, the rest as given, each once."""
        cited = []
        for piece in pieces(*sources):
            seed = self.seed_of(piece)
            cited.append(cite_seed(seed) if seed else piece)
        return "; ".join(dict.fromkeys(cited))

    def seed_of(self, piece: str) -> Seed | None:
        key = seed_key(piece)
        return self.counts.seeds.get(key) if key else None


def pieces(*sources: str | None) -> list[str]:
    return [piece.strip() for source in sources if source for piece in source.split(";") if piece.strip()]


def seed_key(piece: str) -> str | None:
    """The key of a founding document that is named in a source, None for anything else."""
    if not piece.endswith(_SEED):
        return None
    return SEED_LABELS.get(piece.removesuffix(_SEED).strip(), "")


def cite_seed(seed: Seed) -> str:
    return f"{seed.title} {seed.url}" if seed.url else seed.title


def read_catalogue(folder: Path) -> Catalogue:
    """Reads and checks the three files. Raises CatalogueBroken, naming everything that is wrong."""
    documents, problems = [], []
    for name in FILES:
        try:
            documents.append(read(folder / name))
        except CatalogueBroken as error:
            problems += error.problems
    if problems:
        raise CatalogueBroken(problems)
    programmes = shape(documents[0], ProgrammesFile, problems)
    associations = shape(documents[1], AssociationsFile, problems)
    counts = shape(documents[2], CountsFile, problems)
    if programmes is None or associations is None or counts is None:
        raise CatalogueBroken(problems)
    catalogue = Catalogue(programmes, associations, counts)
    problems += _Checker(catalogue, *documents).problems()
    if problems:
        raise CatalogueBroken(problems)
    return catalogue


class _Checker:
    def __init__(self, catalogue: Catalogue, programmes: Document, associations: Document, counts: Document) -> None:
        self.catalogue = catalogue
        self.documents = {"programmes": programmes, "associations": associations, "counts": counts}
        self.families = {family.id for family in catalogue.programmes.families}
        self.programmes = {entry.id: entry for entry in catalogue.programmes.programmes}
        self.associations = {entry.id: entry for entry in catalogue.associations.associations}
        self.found: list[Problem] = []

    def problems(self) -> list[Problem]:
        self._ids()
        self._programmes()
        self._cohorts()
        self._associations()
        self._meetings()
        self._counts()
        self._sources()
        return self.found

    def say(self, file: str, path: tuple[str | int, ...], reason: str) -> None:
        self.found.append(self.documents[file].problem(path, reason))

    def known(self, file: str, path: tuple[str | int, ...], key: str | None, among: Iterable[str], what: str) -> bool:
        """Says so when `key` names nothing; True when it names something."""
        if key is None:
            return False
        if key not in among:
            self.say(file, path, f"{key} is not {what} of the catalogue")
            return False
        return True

    def _ids(self) -> None:
        files = self.catalogue
        lists: list[tuple[str, str, list[str]]] = [
            ("programmes", "families", [entry.id for entry in files.programmes.families]),
            ("programmes", "programmes", [entry.id for entry in files.programmes.programmes]),
            ("associations", "meetings", [entry.id for entry in files.associations.meetings]),
            ("counts", "counts", [entry.id for entry in files.counts.counts]),
        ]
        # Cohorts and associations become groups, which share their addresses.
        groups: list[tuple[str, str, list[str]]] = [
            ("programmes", "cohorts", [entry.id for entry in files.programmes.cohorts]),
            ("associations", "associations", [entry.id for entry in files.associations.associations]),
            ("associations", "unnamed_members", [entry.id for entry in files.associations.unnamed_members]),
        ]
        for several in (*([one] for one in lists), groups):
            seen: set[str] = set()
            for file, name, ids in several:
                for place, key in enumerate(ids):
                    if key in seen:
                        self.say(file, (name, place, "id"), f"the id {key} is used twice")
                    seen.add(key)

    def _programmes(self) -> None:
        for place, entry in enumerate(self.catalogue.programmes.programmes):
            at = ("programmes", place)
            self.known("programmes", (*at, "family"), entry.family, self.families, "a family")
            self._parent(entry, at)
            self._editions(entry, at)
            self._mirror(entry, at)
        self._circles("programmes", "programmes", self.programmes, lambda entry: entry.parent, "parent")
        self._circles("programmes", "programmes", self.programmes, lambda entry: entry.predecessor, "predecessor")

    def _parent(self, entry: ProgrammeEntry, at: tuple[str, int]) -> None:
        if entry.kind == "edition" and entry.series is None:
            self.say("programmes", at, f"{entry.id} is an edition and names no series")
        if entry.kind == "batch" and entry.programme is None:
            self.say("programmes", at, f"{entry.id} is a batch and names no programme")
        if entry.series and entry.programme:
            self.say("programmes", at, f"{entry.id} names a series and a programme; it can belong to one only")
        for name, key in (("series", entry.series), ("programme", entry.programme)):
            if not self.known("programmes", (*at, name), key, self.programmes, "a programme"):
                continue
            parent = self.programmes[str(key)]
            if name == "series" and parent.kind != "series":
                self.say("programmes", (*at, name), f"{key} is no series")
            if parent.family != entry.family:
                self.say("programmes", (*at, name), f"{key} belongs to the family {parent.family}, not {entry.family}")

    def _editions(self, entry: ProgrammeEntry, at: tuple[str, int]) -> None:
        if entry.editions and entry.kind != "series":
            self.say("programmes", (*at, "editions"), f"{entry.id} is no series and cannot have editions")
        for place, key in enumerate(entry.editions):
            path = (*at, "editions", place)
            if not self.known("programmes", path, key, self.programmes, "a programme"):
                continue
            if self.programmes[key].series != entry.id:
                self.say("programmes", path, f"{key} does not name {entry.id} as its series")
            if key in entry.editions[:place]:
                self.say("programmes", path, f"{key} stands here twice")

    def _mirror(self, entry: ProgrammeEntry, at: tuple[str, int]) -> None:
        for name, back in (("predecessor", "successor"), ("successor", "predecessor")):
            key = getattr(entry, name)
            if self.known("programmes", (*at, name), key, self.programmes, "a programme"):
                answer = getattr(self.programmes[key], back)
                if answer != entry.id:
                    has = f"has {answer}" if answer else "has none"
                    self.say("programmes", (*at, name), f"{key} is the {name} of {entry.id}, but as {back} it {has}")

    def _circles(
        self, file: str, name: str, entries: Mapping[str, EntryT], up: Callable[[EntryT], str | None], word: str
    ) -> None:
        for place, start in enumerate(entries):
            seen, key = {start}, up(entries[start])
            while key is not None and key in entries and key not in seen:
                seen.add(key)
                key = up(entries[key])
            if key == start:
                self.say(file, (name, place), f"{start} is, over its {word}, its own {word}")

    def _cohorts(self) -> None:
        for place, entry in enumerate(self.catalogue.programmes.cohorts):
            at = ("cohorts", place)
            self.known("programmes", (*at, "programme"), entry.programme, self.programmes, "a programme")
            self.known("programmes", (*at, "edition"), entry.edition, self.programmes, "a programme")
            if entry.total and entry.total.value is None:
                self.say("programmes", (*at, "total"), "the total of a cohort is one value, not a range")
            if entry.programme in self.programmes and year_of(entry, self.programmes) is None:
                self.say("programmes", at, f"nothing says in which year {entry.id} was")

    def _associations(self) -> None:
        for place, entry in enumerate(self.catalogue.associations.associations):
            at = ("associations", place)
            for name in ("umbrella", "section_of", "merged_into"):
                self.known("associations", (*at, name), getattr(entry, name), self.associations, "an association")
            for key in entry.merged_from:
                self.known("associations", (*at, "merged_from"), key, self.associations, "an association")
            self.known("associations", (*at, "programme"), entry.programme, self.programmes, "a programme")
        for place, member in enumerate(self.catalogue.associations.unnamed_members):
            at = ("unnamed_members", place)
            self.known("associations", (*at, "umbrella"), member.umbrella, self.associations, "an association")
        self._circles("associations", "associations", self.associations, lambda entry: entry.parent, "umbrella")

    def _meetings(self) -> None:
        for place, entry in enumerate(self.catalogue.associations.meetings):
            at = ("meetings", place)
            self.known("associations", (*at, "association"), entry.association, self.associations, "an association")
            self.known("associations", (*at, "host"), entry.host, self.associations, "an association")
            self.known("associations", (*at, "programme"), entry.programme, self.programmes, "a programme")
            for name in ("attendance", "resolutions"):
                value = getattr(entry, name)
                if value and value.value is None:
                    self.say("associations", (*at, name), f"{name} of a meeting is one value, not a range")

    def _counts(self) -> None:
        for place, entry in enumerate(self.catalogue.counts.counts):
            at = ("counts", place)
            self.known("counts", (*at, "source", "seed"), entry.source.seed, self.catalogue.counts.seeds, "a document")
            for key in entry.programmes:
                self.known("counts", (*at, "programmes"), key, self.programmes, "a programme")
            for key in entry.associations:
                is_known = self.known("counts", (*at, "associations"), key, self.associations, "an association")
                if is_known and self.associations[key].programme is None:
                    self.say("counts", (*at, "associations"), f"{key} names no programme to show the figure with")
            if not (entry.programmes or entry.associations or entry.kind == "context"):
                self.say("counts", at, f"{entry.id} is of no programme; say so with kind: context")
        self._agreement()

    def _agreement(self) -> None:
        """A figure that both files take from one document is read in one way."""
        for place, entry in enumerate(self.catalogue.programmes.programmes):
            for name in ("participants", "budget"):
                for number, figure in enumerate(getattr(entry, name)):
                    count = same_figure(self.catalogue, entry.id, figure)
                    if count and (count.read_as, count.planned) != (figure.read_as, figure.planned):
                        reason = f"published_counts.yaml reads this figure differently ({count.id})"
                        self.say("programmes", ("programmes", place, name, number), reason)

    def _sources(self) -> None:
        """Every founding document that a source names is one of those that the catalogue knows."""
        for file, document in self.documents.items():
            for path, source in _sources_in(document.data):
                for piece in pieces(source):
                    key = seed_key(piece)
                    if key is not None and key not in self.catalogue.counts.seeds:
                        self.say(file, path, f"{piece} is not one of the documents in published_counts.yaml")


def _sources_in(data: object, path: tuple[str | int, ...] = ()) -> Iterable[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name in ("source", "note_source") and isinstance(value, str):
                yield (*path, name), value
            else:
                yield from _sources_in(value, (*path, name))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from _sources_in(value, (*path, place))


def same_figure(catalogue: Catalogue, programme: str, figure: ProgrammeFigure) -> CountEntry | None:
    """The published count that is the same figure: same programme, value and unit, from the same document."""
    seeds = {key for piece in pieces(figure.source) if (key := seed_key(piece))}
    for count in catalogue.counts.counts:
        is_same = (count.programmes, count.value, count.unit) == ([programme], figure.value, figure.unit)
        if is_same and count.source.seed in seeds:
            return count
    return None


def year_of(cohort: CohortEntry, programmes: Mapping[str, ProgrammeEntry]) -> int | None:
    """The fiscal year of a cohort: of its first day, else of its edition, else of the date of its figures."""
    if cohort.from_:
        return fiscal_year(cohort.from_)
    edition = programmes[cohort.edition or cohort.programme]
    if edition.kind in ("edition", "batch") and edition.years:
        return edition.years.from_
    if cohort.as_of:
        return fiscal_year(cohort.as_of)
    return edition.years.from_ if edition.years else None
