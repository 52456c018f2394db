"""Database constraints of rounds and sessions, on both engines."""

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.user_tests.findings.models import FindingClosingKind, Sighting
from portal.user_tests.rounds.session_models import ParticipantLink, ScaleAnswer, TaskResult, TestSession
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.project_file import version


@pytest.fixture
def observer(project):
    return make.role(project.id, Role.TEAM_MEMBER)


def test_all_that_a_session_holds_goes_with_it(project, observer):
    made = tests.one_of_each(project, observer)
    other = tests.session(made, observer)
    tests.answers(other, 3)
    gone = db.session.scalars(select(TestSession.id).where(TestSession.id != other.id)).one()
    db.session.execute(delete(TestSession).where(TestSession.id == gone))
    db.session.commit()
    for model in (TaskResult, ParticipantLink, Sighting):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    assert db.session.scalars(select(ScaleAnswer.session_id)).all() == [other.id]


def test_a_round_has_one_primary_task(project):
    made = tests.round_(project, version(project))
    tests.task(made)
    tests.task(made, 2)
    with pytest.raises(IntegrityError):
        tests.task(made, 3, is_primary=True)


def test_nothing_starts_without_consent(project, observer):
    made = tests.round_(project, version(project))
    with pytest.raises(IntegrityError):
        tests.session(made, observer, consent_on=None)


@pytest.mark.parametrize("severity", [3, 4, None])
def test_no_code_settles_a_severe_finding(project, severity):
    made = tests.round_(project, version(project))
    now = clock.now()
    with pytest.raises(IntegrityError):
        tests.finding(made, severity=severity, closing=FindingClosingKind.SETTLED, closed_at=now)


def test_nobody_accepts_a_finding_without_a_name_and_a_reason(project, observer):
    made = tests.round_(project, version(project))
    given = {"closing": FindingClosingKind.ACCEPTED, "closed_at": clock.now(), "closed_by_id": observer.id}
    assert tests.finding(made, severity=4, closing_reason="Le guide l’explique.", **given)
    with pytest.raises(IntegrityError):
        tests.finding(made, severity=4, **given)
