"""Commands on a protocol lock it, so that a run and a replacement cannot cross."""

from datetime import date

from portal.platform.kernel.database import db
from portal.sprints.prototypes import evaluation_commands as evaluation
from tests.sprints.prototypes.test_commands import PLAN, facts
from tests.support import project_file
from tests.support.trail import is_locked


def test_runs_changes_and_replacements_lock_the_protocol(project, member):
    protocol, version = project_file.protocol(project), project_file.version(project)
    for command in (
        lambda: evaluation.change_protocol(member, project, protocol, PLAN, protocol.version),
        lambda: evaluation.note_run(member, project, protocol, facts(version)),
        lambda: evaluation.replace_protocol(member, project, protocol, PLAN),
    ):
        db.session.commit()
        assert not is_locked(protocol)
        command()
        assert is_locked(protocol)


def test_a_change_of_course_locks_the_project_before_it_looks_for_the_same(project, member):
    protocol = project_file.protocol(project)
    db.session.commit()
    day = date(2026, 3, 9)
    evaluation.note_pivot(member, project, protocol, decided_on=day, reason="Trop peu de lettres.")
    assert is_locked(project)
