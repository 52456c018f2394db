"""Deleting a demonstration: allowed on the day it was noted, refused from the next day on."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.sprints.ceremonies import commands, queries
from portal.sprints.ceremonies.models import Demonstration
from tests.sprints.ceremonies.test_commands import facts
from tests.support import factories as make
from tests.support import project_file
from tests.support.refusals import forbidden


def test_a_demonstration_noted_by_mistake_goes_that_day_and_leaves_its_trace(member, project, sprint):
    made = commands.note_demonstration(member, project, sprint, facts(feedback="Mauvais sprint"))
    commands.delete_demonstration(member, project, queries.get_demonstration(member, project, 1))
    assert db.session.query(Demonstration).count() == 0
    line = db.session.query(AuditEvent).filter_by(action="demonstration.deleted").one()
    assert (line.actor_id, line.subject_id) == (member.person_id, made.id)
    assert line.before == {"held_on": "2026-03-12", "feedback": "Mauvais sprint", "agents": 3}
    assert line.after == dict.fromkeys(line.before)


def test_a_demonstration_is_evidence_from_the_day_after(member, project, sprint):
    commands.note_demonstration(member, project, sprint, facts())
    shown = queries.get_demonstration(member, project, 1)
    with clock.frozen_at(clock.now() + timedelta(days=1)), pytest.raises(TooLate):
        commands.delete_demonstration(member, project, shown)


def test_only_the_team_deletes_and_only_what_nothing_hangs_on(member, person, project, sprint):
    made = commands.note_demonstration(member, project, sprint, facts())
    shown = queries.get_demonstration(member, project, 1)
    for role in (Role.COACH, Role.PROGRAMME_LEAD):
        with forbidden():
            commands.delete_demonstration(make.actor(make.role(project.id, role)), project, shown)
    file = project_file.attachment(project, made, person)
    with pytest.raises(RuleBroken, match="fichiers"):
        commands.delete_demonstration(member, project, shown)
    db.session.delete(file)
    make.comment(made.discussion_id, person)
    with pytest.raises(RuleBroken, match="messages"):
        commands.delete_demonstration(member, project, shown)
    project.paused_on = clock.today()
    with pytest.raises(TooLate):
        commands.delete_demonstration(member, project, shown)
