"""The database goes up, down and up again with rows in it, and says what the models say."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from portal.kernel.audit import AuditEvent
from portal.kernel.db import Base, db
from portal.kernel.ids import new_id
from tests.support import factories as make
from tests.support import postgresql

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def empty_app(request: pytest.FixtureRequest, make_app: Callable[..., Flask]):
    """An application whose database has no table yet."""
    variables = {}
    if request.param == "postgresql":
        worker = getattr(request.config, "workerinput", {}).get("workerid", "one")
        url = postgresql.create_database(request.getfixturevalue("server"), f"migrations_{worker}")
        variables["DATABASE_URL"] = url.render_as_string(hide_password=False)
    app = make_app(**variables)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_up_down_up_with_rows_in_place(empty_app):
    upgrade()
    make.closed_sprint(make.project())
    db.session.remove()
    downgrade(revision="base")
    left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade()
    make.closed_sprint(make.project())


def test_the_migrations_make_what_the_models_say(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("deed", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_keeps_the_trail(app, deed):
    db.session.add(
        AuditEvent(action="a", subject="s", subject_id=new_id(), facts={}, before={}, after={})
    )
    db.session.commit()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        db.session.execute(sa.text(deed))
    db.session.rollback()
