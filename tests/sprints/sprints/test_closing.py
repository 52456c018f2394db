"""Closing a sprint locks the project once and reads the roles of the person once."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db, lock_row
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item
from portal.sprints.sprints import commands
from portal.sprints.sprints.models import Sprint
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make

CLOSE = {"outcome": "met", "summary": "100 lettres lues.", "blocker": "none", "version": "1"}
PROJECT_LOCK = "SELECT project.id FROM project WHERE project.id ="


@pytest.fixture
def sprint(project) -> Sprint:
    """In progress for three more days, with an open item: the close moves both."""
    sprint = make.active_sprint(project, ends_on=clock.today() + timedelta(days=3))
    make.item(project, sprint)
    db.session.commit()
    return sprint


def project_locks(statements: list[str]) -> list[str]:
    sent = [" ".join(statement.split()) for statement in statements]
    return [statement for statement in sent if statement.startswith(PROJECT_LOCK)]


def test_a_request_that_closes_locks_the_project_once(sprint, browser, statements):
    statements.clear()
    answer = browser.client.post("/projects/heron/sprints/1/close", data=CLOSE)
    assert answer.status_code == 303
    locks = project_locks(statements)
    assert len(locks) == 1
    assert locks[0].endswith("FOR UPDATE") or db.engine.dialect.name == "sqlite"
    db.session.expire_all()
    assert db.session.query(Sprint).one().closed_at
    assert db.session.query(Item).one().iteration_id is None  # returned to the backlog


def test_a_request_that_closes_reads_the_persons_roles_once(sprint, browser, statements):
    statements.clear()
    browser.client.post("/projects/heron/sprints/1/close", data=CLOSE)
    assert len([sent for sent in statements if "open_session" in sent and "SELECT" in sent]) == 1
    # The loaded project and these roles say who sees it: no statement asks again.
    assert not [sent for sent in statements if "parent_id IN" in sent]


@pytest.mark.parametrize("command", [commands.close_sprint, commands.save_log_draft])
def test_the_command_checks_the_role_once(project, sprint, command):
    asked: list[tuple[Role, ...]] = []

    class CountingActor(Actor):
        def has_role_in(self, *roles: Role, in_: object) -> bool:
            asked.append(roles)
            return super().has_role_in(*roles, in_=in_)

    member = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    command(CountingActor(member.person_id, member.roles), project, sprint, LOG, sprint.version)
    assert len(asked) == 1


def test_a_lock_is_sent_once_a_transaction(project, statements):
    other = make.project(slug="other")
    for _transaction in range(2):  # a commit releases the locks
        statements.clear()
        for locked in (project, project, other, project):
            lock_row(Project, locked.id)
        assert len(project_locks(statements)) == 2
        db.session.commit()


def test_a_lock_within_a_savepoint_is_sent_again_after_its_rollback(project, statements):
    lock_row(Project, make.project(slug="other").id)
    statements.clear()
    savepoint = db.session.begin_nested()
    lock_row(Project, project.id)
    savepoint.rollback()
    lock_row(Project, project.id)
    assert len(project_locks(statements)) == 2
