"""A coach and a team who act on one request at the same moment: one comes first, and nothing is lost.

On PostgreSQL both have read the request before either acts; on SQLite they take turns.
"""

from dataclasses import replace
from threading import Barrier, Event
from time import sleep

import pytest

from portal.coaching.clinics import assignment_commands, commands, request_commands
from portal.coaching.clinics.models import Clinic
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import TooLate
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints import undo_commands
from portal.sprints.sprints.models import BlockerKind, Sprint
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make
from tests.support.hands import at_once
from tests.support.trail import is_locked

WORDS, LATER = "Les clés manquent.", "Deux annotateurs."
OTHER_WORDS = replace(LOG, help_wanted=True, blocker_text=LATER)
EMPTIED = replace(LOG, help_wanted=False, blocker_text="")
HOLDS = 0.3  # seconds that the first keeps its locks, for the second to wait


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def coach(project):
    return make.actor(make.role(project.id, Role.COACH))


@pytest.fixture
def race(app, project):
    """Run an act of a coach and one of the team on a sprint, the first given first; what each returned."""

    def run(sprint, *acts):
        person = make.role(project.id, Role.TEAM_MEMBER)
        id_, is_postgresql = sprint.id, db.engine.dialect.name == "postgresql"
        both_read, first_acted = Barrier(2), Event()

        def act(actor, theirs, n):
            row = db.session.get_one(Sprint, id_)
            clinic = db.session.query(Clinic).first()
            if is_postgresql:
                both_read.wait()
            if n:
                first_acted.wait(5 if is_postgresql else 0)
                return acts[n](actor, theirs, row, clinic)
            result = acts[n](actor, theirs, row, clinic)
            db.session.flush()
            first_acted.set()
            sleep(HOLDS if is_postgresql else 0)
            return result

        results = at_once(app, project, person, act, hands=2)
        db.session.expire_all()
        return results

    return run


def test_a_log_that_withdraws_a_request_leaves_its_words_to_whoever_took_it_meanwhile(project, coach, race):
    sprint = make.closed_sprint(project, help_wanted=True, blocker_text=WORDS)
    results = race(
        sprint,
        lambda _actor, theirs, row, _clinic: commands.claim_request(coach, theirs, row, 0).id,
        lambda actor, theirs, row, _clinic: sprints.edit_log(actor, theirs, row, EMPTIED, 1),
    )
    if isinstance(results[0], TooLate):
        assert db.session.query(Clinic).count() == 0
    else:
        assert db.session.get_one(Sprint, sprint.id).request_text == WORDS


def test_a_request_that_a_log_withdrew_meanwhile_is_not_taken(project, coach, race):
    sprint = make.closed_sprint(project, help_wanted=True, blocker_text=WORDS)
    results = race(
        sprint,
        lambda actor, theirs, row, _clinic: sprints.edit_log(actor, theirs, row, EMPTIED, 1),
        lambda _actor, theirs, row, _clinic: commands.claim_request(coach, theirs, row, 0).id,
    )
    assert results[0] is None
    row = db.session.get_one(Sprint, sprint.id)
    assert isinstance(results[1], TooLate) or row.request_text == WORDS


def test_a_request_is_closed_with_the_words_that_it_has_then(project, coach, race):
    sprint = make.closed_sprint(project, help_wanted=True, blocker_text=WORDS)
    commands.claim_request(coach, project, sprint, 0)
    db.session.commit()
    race(
        sprint,
        lambda actor, theirs, row, _clinic: sprints.edit_log(actor, theirs, row, OTHER_WORDS, 1),
        lambda _actor, theirs, row, clinic: commands.close_request(
            coach, theirs, (clinic, row), "Vu.", clinic.version
        ),
    )
    (clinic,) = db.session.query(Clinic)
    assert clinic.closed_at
    assert clinic.blocker_text == WORDS  # those that were taken, whatever the log says since


def test_whoever_changes_a_sprint_or_its_request_locks_the_project_then_the_sprint(
    project, coach, statements
):
    person = make.role(project.id, Role.TEAM_MEMBER)
    member = Actor(person.id, {project.id: frozenset({Role.TEAM_MEMBER})})
    lead = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    sprint = make.active_sprint(project)

    def claim():
        return db.session.query(Clinic).first(), sprint

    acts = [
        lambda: request_commands.request_help(
            member, project, sprint, BlockerKind.IT, WORDS, expected_version=sprint.version
        ),
        lambda: request_commands.withdraw_help(member, project, sprint),
        lambda: sprints.close_sprint(member, project, sprint, LOG, sprint.version),
        lambda: sprints.edit_log(member, project, sprint, OTHER_WORDS, sprint.version),
        lambda: undo_commands.undo_start_or_close(member, project, sprint, sprint.version),
        lambda: sprints.save_log_draft(member, project, sprint, LOG, sprint.version),
        lambda: sprints.close_sprint(member, project, sprint, LOG, sprint.version),
        lambda: commands.claim_request(coach, project, sprint, 0),
        lambda: assignment_commands.assign_request(lead, project, sprint, lead.person_id, 1),
        lambda: assignment_commands.remind_of_request(lead, project, sprint),
        lambda: commands.close_request(lead, project, claim(), "Vu.", claim()[0].version),
    ]
    for place, act in enumerate(acts):
        del statements[:]
        if place == 9:
            with pytest.raises(TooLate):  # one's own
                act()
        else:
            act()
        assert is_locked(project), place
        assert is_locked(sprint), place
        first_lock = next((sql for sql in statements if sql.endswith("FOR UPDATE")), "FROM project ")
        assert "FROM project " in first_lock, place
        db.session.commit()
