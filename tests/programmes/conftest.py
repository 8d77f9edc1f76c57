"""The real catalogue, read once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from alumni import catalogue
from alumni.catalogue.checks import Catalogue
from alumni.core.db import db

FOLDER = Path(__file__).parents[2] / "catalogue"


@pytest.fixture(scope="session")
def files() -> Catalogue:
    return catalogue.read_catalogue(FOLDER)


@pytest.fixture
def loaded(app, files) -> catalogue.Report:
    """The whole catalogue is in the database."""
    with app.app_context():
        report = catalogue.write(files)
        db.session.commit()
        return report
