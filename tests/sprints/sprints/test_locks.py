"""Commands that check other sprints of the project lock it first."""

import pytest
import sqlalchemy as sa

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import AlreadyDeleted, RuleBroken
from portal.sprints.sprints import commands
from portal.sprints.sprints.models import Sprint
from tests.sprints.sprints.test_commands import LOG, PLAN
from tests.support import factories as make
from tests.support.trail import is_locked


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def test_a_plan_locks_the_project_before_its_dates_are_compared(project, member):
    make.sprint(project, starts_on=PLAN.starts_on, ends_on=PLAN.ends_on)
    db.session.commit()
    assert not is_locked(project)
    with pytest.raises(RuleBroken):
        commands.plan_sprint(member, project, PLAN)
    assert is_locked(project)


def test_a_changed_plan_locks_the_project(project, member):
    sprint = commands.plan_sprint(member, project, PLAN)
    db.session.commit()
    commands.edit_plan(member, project, sprint, PLAN, sprint.version)
    assert is_locked(project)


def test_a_start_locks_the_project_before_it_looks_for_an_active_sprint(project, member):
    make.active_sprint(project)
    sprint = make.sprint(project, number=2)
    db.session.commit()
    with pytest.raises(RuleBroken):
        commands.start_sprint(member, project, sprint)
    assert is_locked(project)


def test_dropping_and_closing_lock_the_project(project, member):
    planned = commands.plan_sprint(member, project, PLAN)
    db.session.commit()
    commands.drop_sprint(member, project, planned)
    assert is_locked(project)
    active = make.active_sprint(project, number=2)
    db.session.commit()
    commands.close_sprint(member, project, active, LOG, active.version)
    assert is_locked(project)


def test_a_sprint_that_somebody_just_deleted_is_said_to_be_deleted(project, member):
    acts = (
        lambda sprint: commands.edit_plan(member, project, sprint, PLAN, 1),
        lambda sprint: commands.drop_sprint(member, project, sprint),
        lambda sprint: commands.start_sprint(member, project, sprint),
    )
    for number, act in enumerate(acts, start=1):
        sprint = make.sprint(project, number=number)
        db.session.flush()
        deletion = sa.delete(Sprint).where(Sprint.id == sprint.id)
        db.session.execute(deletion, execution_options={"synchronize_session": False})
        with pytest.raises(AlreadyDeleted, match="Ce sprint vient d’être supprimé"):
            act(sprint)
