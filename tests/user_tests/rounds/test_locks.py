"""Who ends a round, and which commands lock it against a session that begins meanwhile."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import TooLate
from portal.user_tests.rounds import commands, queries
from portal.user_tests.rounds import consent_commands as consents
from portal.user_tests.rounds.consent_commands import ConsentParts
from tests.support import factories as make
from tests.support.refusals import forbidden
from tests.support.trail import is_locked
from tests.user_tests.rounds.test_commands import SAID


@pytest.mark.parametrize("role", [Role.COACH, Role.PROGRAMME_LEAD])
def test_only_the_team_of_a_project_under_way_ends_and_reopens_a_round(project, round_, member, role):
    other = make.actor(make.holder(role, project))
    for is_over in (True, False):
        with forbidden():
            commands.end_or_reopen_round(other, project, round_, is_over=is_over)
    assert not is_locked(round_)
    commands.end_or_reopen_round(member, project, round_, is_over=True)
    assert (round_.ended_on, is_locked(round_)) == (clock.today(), True)
    project.paused_on = clock.today() - timedelta(days=1)
    with pytest.raises(TooLate):
        commands.end_or_reopen_round(member, project, round_, is_over=False)
    assert round_.ended_on is not None


def test_a_changed_consent_locks_the_round(project, round_, member):
    consent = queries.get_consent_text(round_, "fr")
    db.session.commit()
    assert not is_locked(round_)
    parts = ConsentParts(**SAID)
    version = consent.version
    consents.change_consent_text(member, project, round_, consent, parts, expected_version=version)
    assert is_locked(round_)


def test_only_the_team_changes_tasks_and_consent(project, round_, member):
    coach = make.actor(make.role(project.id, Role.COACH))
    consent, parts = queries.get_consent_text(round_, "fr"), ConsentParts(**SAID)
    with forbidden():
        commands.require_tasks_editable(coach, project, round_)
    with forbidden():
        consents.change_consent_text(coach, project, round_, consent, parts, expected_version=1)
    commands.require_tasks_editable(member, project, round_)
    project.paused_on = clock.today()
    with pytest.raises(TooLate) as refused:
        commands.require_tasks_editable(member, project, round_)
    assert refused.value.page == "/projects/heron"
