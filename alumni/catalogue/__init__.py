"""The door through which the files of the catalogue come in: read, checked as a whole, then written in one go."""

from pathlib import Path

from alumni.catalogue import associations, meetings, programmes, records
from alumni.catalogue.checks import Catalogue, read_catalogue
from alumni.catalogue.files import CatalogueBroken
from alumni.catalogue.ledger import Ledger, Report
from alumni.core import audit
from alumni.core.db import db
from alumni.core.viewer import GUEST

__all__ = ["CatalogueBroken", "Report", "load", "read_catalogue", "write"]


def load(folder: Path) -> Report:
    """Loads the three files of `folder`; the caller commits.

    Raises CatalogueBroken, before anything is written, when something is wrong with a file. What is in the database
    and not in the files is left alone, and so is what an admin edited since the files last said something new of it.
    """
    return write(read_catalogue(folder))


def write(catalogue: Catalogue) -> Report:
    """Writes what was read and found in order; the caller commits."""
    ledger = Ledger()
    titles = programmes.load(catalogue, ledger)
    associations.load(catalogue, ledger, titles)
    meetings.load(catalogue, ledger)
    records.load(catalogue, ledger)
    if not ledger.report.is_quiet:
        audit.record(GUEST, "catalogue.load", "catalogue", reason="command line", **ledger.report.as_facts())
    db.session.flush()
    return ledger.report
