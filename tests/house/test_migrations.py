"""The database goes up, down and up again with rows in it, and says what the models say."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from portal.backlog.commands import ItemText, add_items
from portal.backlog.models import Iteration
from portal.data_sources.models import SourceTalk
from portal.discussions.models import Discussion
from portal.framing.models import TargetGroup
from portal.kernel import clock
from portal.kernel.access import Role
from portal.kernel.db import Base, db
from portal.projects.models import ProjectFigures
from portal.prototypes.evaluation import Pivot
from portal.sprints import commands as sprints
from tests.kernel.tampering import walk, write_lines
from tests.sprints.test_commands import LOG
from tests.support import (
    coaching,
    concerns,
    gates,
    health,
    postgresql,
    project_file,
    rereviews,
    reviews,
    risks,
    transparency,
    user_tests,
)
from tests.support import factories as make
from tests.support.databases import migrate

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


@pytest.fixture
def migrated_app(empty_app):
    migrate(empty_app)
    return empty_app


def test_up_down_up_with_rows_in_place(empty_app):
    upgrade()
    _fill()
    db.session.remove()
    downgrade(revision="base")
    left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade()
    _fill()


def _fill() -> None:
    """A sprint with items that was closed through the commands: events and snapshots; and a round
    of tests with all that points to it."""
    project = make.project()
    person = make.role(project.id, Role.TEAM_MEMBER)
    member = make.actor(person)
    tested = user_tests.one_of_each(project, person)
    user_tests.tallied(tested, user_tests.task(tested, 3), project_file.group(project))
    coaching.one_of_each(project, make.role(project.id, Role.COACH))
    direction = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    gates.one_of_each(project, make.closed_sprint(project, number=19), person, direction)
    health.one_of_each(project, person, direction)
    sprint = make.sprint(project)
    add_items(member, project, [ItemText(title="Annoter")], make.iteration_of(sprint))
    sprints.start_sprint(member, project, sprint)
    sprints.close_sprint(member, project, sprint, LOG, sprint.version)
    db.session.commit()


def test_sprints_that_were_there_before_the_backlog_may_take_items(migrated_app):
    sprint = make.sprint(make.project())
    known = sprint.id, sprint.number
    db.session.remove()
    downgrade(revision="0008")
    upgrade()
    found = db.session.scalars(sa.select(Iteration)).one()
    assert (found.id, found.number) == known


def test_a_source_that_was_there_before_gets_its_discussion(migrated_app):
    source = project_file.source(make.project(slug="heron"))
    known = source.id, source.project_id, f"/projects/heron/file/data/{source.number}"
    db.session.remove()
    downgrade(revision="0046")
    upgrade()
    talk = sa.select(SourceTalk.source_id, Discussion.scope_id, Discussion.page).join(Discussion)
    assert db.session.execute(talk).one() == known


def test_a_project_that_was_written_down_late_is_silent_no_longer_than_that(migrated_app):
    began, written = clock.today() - timedelta(days=90), clock.now() - timedelta(days=2)
    known = make.project(starts_on=began, created_at=written).id
    db.session.commit()
    db.session.remove()
    for revision, days in (("0018", 90), ("0019", 2)):
        downgrade(revision="0018") if revision == "0018" else upgrade(revision="0019")
        mine = ProjectFigures.project_id == known
        silent = db.session.scalars(sa.select(ProjectFigures.silent_since).where(mine)).one()
        assert (clock.today() - clock.day_of(silent)).days == days
        db.session.remove()


def test_findings_that_are_severe_and_open_already_are_counted(migrated_app):
    project = make.project()
    tried = user_tests.round_(project, project_file.version(project))
    for severity in (4, 3, 2, None):
        user_tests.finding(tried, severity=severity)
    downgrade(revision="0030")
    upgrade()
    counted = ProjectFigures.severe_open, ProjectFigures.gravest_open
    assert db.session.execute(sa.select(*counted)).one() == (2, 1)


def test_what_is_open_already_is_told_as_the_portal_tells_it(migrated_app):
    project = make.project()
    person, carrier = make.role(project.id, Role.TEAM_MEMBER), make.role(project.id, Role.TEAM_LEAD)
    direction = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    tried = user_tests.round_(project, project_file.version(project))
    for severity in (4, 3, 2, None):
        user_tests.finding(tried, severity=severity)
    risks.one_of_each(project, person)
    risks.late(risks.risk(project, likelihood=4, severity=4), person)
    by = reviews.reviewer(project)
    reviews.one_of_each(project, person, carrier, by)
    rereviews.one_of_each(project, by, person)
    transparency.published(project, carrier)
    gates.one_of_each(project, make.closed_sprint(project), carrier, direction)
    concerns.known(project)
    id_ = project.id
    told = concerns.kept(id_)
    assert all(told[name] for name in ("severe_since", "reviews", "triggers", "high", "measures"))
    assert all(told[name] for name in ("waived", "conditions", "sheet"))
    db.session.remove()
    downgrade(revision="0045")
    upgrade()
    assert concerns.kept(id_) == told


def test_groups_of_one_name_that_were_there_before_keep_it_and_are_told_apart(migrated_app):
    project = make.project()
    known = [project_file.group(project).id for _ in range(3)]
    db.session.remove()
    downgrade(revision="0022")
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE target_group SET name = 'Les élus'"))
    upgrade()
    groups = db.session.scalars(sa.select(TargetGroup).order_by(TargetGroup.number)).all()
    assert [group.id for group in groups] == known
    assert {group.name for group in groups} == {"Les élus"}
    assert [group.name_fold for group in groups] == ["les elus", "2#les elus", "3#les elus"]


def test_the_migrations_make_what_the_models_say(empty_app):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_lines_of_the_trail_that_are_there_get_their_seals(migrated_app):
    write_lines(4)
    db.session.remove()
    downgrade(revision="0003")
    upgrade()
    assert walk()[0] == []
    write_lines(1)
    faults, taken = walk()
    assert (faults, taken.seals) == ([], 5)


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("deed", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_the_database_itself_keeps_the_trail(app, table, deed):
    if "TRUNCATE" in deed and db.engine.dialect.name == "sqlite":
        deed = "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"  # its own way past a guard
    write_lines(1)
    column = {"audit_event": "action", "audit_seal": "hash"}[table]
    with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
        db.session.execute(sa.text(deed.format(table, column)))
    db.session.rollback()


def test_the_database_itself_keeps_the_dated_facts_of_a_file(app):
    """What gates read as evidence: steps of access, definitions of metrics, changes of course."""
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
    for table, column in {
        "access_step": "note",
        "metric_definition": "unit",
        "pivot": "reason",
    }.items():
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
    """SQLite numbers rows besides their keys; a new line of an old number would take its place."""
    write_lines(1)
    columns = [column.name for column in Base.metadata.tables[table].columns]
    fresh = {"id": "'another'", "event_id": "'another'", "number": "999"}
    given = ", ".join(fresh.get(name, name) for name in columns)
    replaced = f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(columns)})"
    replaced += f" SELECT rowid, {given} FROM {table}"
    with pytest.raises(sa.exc.DBAPIError, match=f"{table} is append-only"):
        db.session.execute(sa.text(replaced))
    db.session.rollback()
