"""Fixture: a portal to serve with gunicorn, on either engine."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.support import postgresql, server
from tests.support.databases import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def portal(
    request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path: Path
) -> tuple[Flask, dict[str, str]]:
    """An application on an empty migrated database, and the environment that serves it."""
    variables = {}
    if request.param == "postgresql":
        worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
        url = postgresql.create_database(request.getfixturevalue("durable_server"), f"served_{worker}")
        variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
    env = server.variables(tmp_path, **variables)
    app = make_app(DATA_DIR=str(tmp_path), **variables)
    migrate(app)
    return app, env
