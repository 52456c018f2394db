"""A database file that is moved away from a running portal and comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from portal.platform.kernel.database import db
from tests.support.databases import migrate


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    app = make_app(DATA_DIR=str(tmp_path))
    migrate(app)
    return app


def test_a_file_moved_away_is_a_503_until_it_is_back(app, tmp_path):
    browser, file = app.test_client(), tmp_path / "portal.db"
    assert browser.get("/sign-in").status_code == 200
    file.rename(tmp_path / "elsewhere.db")
    assert browser.get("/sign-in").status_code == 503
    assert browser.get("/health/ready").status_code == 503
    assert not file.exists(), "a request made an empty database"
    (tmp_path / "elsewhere.db").rename(file)
    assert browser.get("/sign-in").status_code == 200
    assert browser.get("/health/ready").status_code == 200


def test_a_file_put_in_its_place_is_the_one_that_is_read(app, tmp_path, make_app):
    browser = app.test_client()
    assert browser.get("/health/ready").status_code == 200
    other = make_app(DATA_DIR=str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    with other.app_context():
        upgrade(revision="0001")
        db.engine.dispose()
    for beside in ("-wal", "-shm"):  # what was written to the old file is not the new one's
        (tmp_path / f"portal.db{beside}").unlink(missing_ok=True)
    (tmp_path / "other" / "portal.db").replace(tmp_path / "portal.db")
    answer = browser.get("/health/ready")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.get_json()["why"]
