"""The real catalogue, read once for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from alumni import catalogue
from alumni.app import create_app
from alumni.catalogue.checks import Catalogue
from alumni.core.db import db
from tests.conftest import Databases, config_for, forgetting

FOLDER = Path(__file__).parents[2] / "catalogue"


@pytest.fixture(scope="session")
def files() -> Catalogue:
    return catalogue.read_catalogue(FOLDER)


@pytest.fixture(scope="session")
def stocked(databases: Databases, files: Catalogue) -> Iterator[tuple[Flask, catalogue.Report]]:
    """An app with the whole catalogue in its database, and what loading said: done once, for it takes a second."""
    made = create_app(config_for(databases.fresh(), databases.folder))
    with made.app_context():
        report = catalogue.write(files)
        db.session.commit()
    yield made, report
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def app(request: pytest.FixtureRequest, shared_app: Flask) -> Iterator[Flask]:
    """The app on a database that forgets everything after the test; with the catalogue where it is `loaded`."""
    name = next(
        (name for need, name in (("loaded", "stocked"), ("cast", "peopled")) if need in request.fixturenames), ""
    )
    with forgetting(request.getfixturevalue(name)[0] if name else shared_app) as made:
        yield made


@pytest.fixture
def loaded(app, stocked) -> catalogue.Report:
    """The whole catalogue is in the database."""
    report: catalogue.Report = stocked[1]
    return report
