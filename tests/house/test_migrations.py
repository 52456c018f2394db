"""Migrations run up, down and up again with rows, and end with the schema of the models."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from migrations.columns import is_mapped
from portal.collaboration.discussions.models import Discussion
from portal.oversight.decisions.models import AwaitedDecision, DecisionStage
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Base, db
from portal.sprints.backlog.commands import ItemFacts, add_items
from portal.sprints.prototypes.evaluation_models import Pivot
from portal.sprints.sprints import commands as sprints
from tests.platform.kernel.tampering import write_lines
from tests.sprints.sprints.test_commands import LOG
from tests.support import coaching, decisions, gates, health, postgresql, project_file, user_tests
from tests.support import factories as make

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(params=ENGINES)
def empty_app(request: pytest.FixtureRequest, make_app: Callable[..., Flask]):
    """An application with an empty database."""
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
    _fill()
    decision = AwaitedDecision.__table__
    reasons = sa.update(decision).values(why="Nature du blocage\u00a0: Informatique")
    db.session.execute(reasons.where(decision.c.number == 1))
    db.session.commit()
    db.session.remove()
    downgrade(revision="0061")  # and again from there, as an installation of 0.13.0 upgrades
    upgrade()
    asked_as_help = db.session.scalars(sa.select(decision.c.number).where(decision.c.asks_for_help)).all()
    assert asked_as_help == [1]
    db.session.remove()
    downgrade(revision="base")
    left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade()
    _fill()


def _fill() -> None:
    """Create a sprint closed by the commands, with events and snapshots, and a full test round."""
    project = make.project()
    person = make.role(project.id, Role.TEAM_MEMBER)
    member = make.actor(person)
    tested = user_tests.one_of_each(project, person)
    user_tests.tallied(tested, user_tests.task(tested, 3), project_file.group(project))
    coaching.one_of_each(project, make.role(project.id, Role.COACH))
    coaching.held_gathering(project, person)
    direction = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    gates.one_of_each(project, make.closed_sprint(project, number=19), person, direction)
    health.one_of_each(project, person, direction)
    decisions.one_of_each(project, person, direction)
    sprint = make.sprint(project)
    add_items(member, project, [ItemFacts(title="Annoter")], make.iteration_of(sprint))
    sprints.start_sprint(member, project, sprint)
    sprints.close_sprint(member, project, sprint, LOG, sprint.version)
    db.session.commit()


@pytest.mark.parametrize("empty_app", ["sqlite"], indirect=True)
def test_no_migration_replaces_a_table_to_which_others_refer(empty_app):
    """SQLite's batches drop the table: with rows that refer to it, the upgrade fails."""
    upgrade()
    replaced: set[str] = set()

    @sa.event.listens_for(db.engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, *_more):
        if renamed := re.match(r'ALTER TABLE "?_alembic_tmp_\w+"? RENAME TO "?(\w+)', statement):
            replaced.add(renamed[1])

    downgrade(revision="0059")
    upgrade()
    tables = Base.metadata.tables.values()
    assert replaced & {key.column.table.name for table in tables for key in table.foreign_keys} == set()


def test_texts_of_closed_sprints_become_decisions(empty_app):
    """Only the text of the last closed sprint is still asked; earlier ones had no answer."""
    upgrade()
    project = make.project(slug="heron")
    project_id = project.id
    for number in (1, 2, 3):
        make.closed_sprint(project, number=number)
    make.closed_sprint(make.project(), number=1)
    db.session.commit()
    db.session.remove()
    downgrade(revision="0011")
    connection = db.session.connection()
    for number, text in ((1, "Qui héberge ?"), (3, "Ouvrir le réseau ?")):
        awaited = sa.text("UPDATE sprint SET decision_awaited = :text WHERE number = :number")
        connection.execute(awaited, {"text": text, "number": number})
    db.session.commit()
    db.session.remove()
    for _twice in range(2):
        upgrade()
        rows = db.session.query(AwaitedDecision).order_by(AwaitedDecision.project_id)
        rows = [row for row in rows if row.project_id == project_id]
        assert sorted((row.number, row.question, row.stage) for row in rows) == [
            (1, "Qui héberge ?", DecisionStage.UNANSWERED),
            (2, "Ouvrir le réseau ?", DecisionStage.REQUESTED),
        ]
        pages = [f"/projects/heron/decisions/{row.number}" for row in rows]
        talks = [db.session.get_one(Discussion, row.discussion_id).page for row in rows]
        assert talks == pages
        db.session.remove()
        downgrade(revision="0011")


def test_the_migrations_make_what_the_models_say(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_mapped}
        )
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("deed", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_database_itself_keeps_the_trail(app, table, deed):
    if "TRUNCATE" in deed and db.engine.dialect.name == "sqlite":
        deed = "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"  # SQLite's way around a trigger
    write_lines(1)
    column = {"audit_event": "action", "audit_seal": "hash"}[table]
    with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
        db.session.execute(sa.text(deed.format(table, column)))
    db.session.rollback()


def test_the_database_itself_keeps_the_dated_facts_of_a_file(app):
    """Access steps, metric definitions and pivots, which gates use as evidence, are immutable."""
    project = make.project()
    project_file.source(project)
    project_file.metric(project)
    protocol = project_file.protocol(project)
    project_file.of(
        project,
        Pivot,
        protocol_id=protocol.id,
        decided_on=protocol.dated_on,
        reason="Les lettres manquent.",
        reason_sha256="ab" * 32,
    )
    db.session.commit()
    for table, column in {"access_step": "note", "metric_definition": "unit", "pivot": "reason"}.items():
        deeds = [f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"]
        if db.engine.dialect.name == "sqlite":
            deeds.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        for deed in deeds:
            with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
                db.session.execute(sa.text(deed))
            db.session.rollback()


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
def test_no_line_is_replaced_by_its_hidden_number(app, table):
    """SQLite has hidden row ids; an insert with an existing one would replace that row."""
    write_lines(1)
    columns = [column.name for column in Base.metadata.tables[table].columns]
    fresh = {"id": "'another'", "event_id": "'another'", "number": "999"}
    given = ", ".join(fresh.get(name, name) for name in columns)
    replaced = f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(columns)})"
    replaced += f" SELECT rowid, {given} FROM {table}"
    with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
        db.session.execute(sa.text(replaced))
    db.session.rollback()


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_row_that_would_be_replaced_is_looked_up_by_each_of_its_keys(app):
    """One lookup with OR reads all rows, by statistics of a day when there were few."""
    apart = ") OR EXISTS (SELECT 1 FROM pivot WHERE "
    before = _read_replacement_triggers()
    assert before["pivot_no_replace"].count(apart) == 2
    assert not [code for code in before.values() if ") OR (" in code]
    downgrade(revision="0052")
    db.session.execute(sa.text("DROP TRIGGER pivot_no_replace"))
    db.session.execute(sa.text(before["pivot_no_replace"].replace(apart, " OR ")))
    db.session.commit()
    upgrade()
    assert _read_replacement_triggers() == before


def _read_replacement_triggers() -> dict[str, str]:
    triggers = "SELECT name, sql FROM sqlite_master WHERE name LIKE '%no_replace'"
    codes = {row.name: row.sql for row in db.session.execute(sa.text(triggers))}
    db.session.commit()
    return codes
