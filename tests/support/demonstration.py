"""The demonstration data, loaded once per test run and copied for each user."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from portal.platform.kernel.database import db


def copy_to(data: Path, make_app: Callable[..., Flask], factory: pytest.TempPathFactory) -> None:
    """Fill a data folder: the first process loads the demonstration, others wait and copy it."""
    base = factory.getbasetemp()
    together = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    loaded, done = together / "demonstration", together / "demonstration.done"
    with (together / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(loaded, ignore_errors=True)  # left by a process that failed
            _load(loaded, make_app)
            done.touch()
    shutil.copytree(loaded, data, dirs_exist_ok=True)


def _load(data: Path, make_app: Callable[..., Flask]) -> None:
    data.mkdir()
    app = make_app(DATA_DIR=str(data))
    with app.app_context():
        upgrade()
        result = app.test_cli_runner().invoke(args=["demo", "load"])
        assert result.exit_code == 0, result.exception
        assert "24 demonstration projects loaded." in result.output
        db.engine.dispose()
