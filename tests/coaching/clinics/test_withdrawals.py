"""A second request for help that its team withdraws: the first, which was closed, counts again."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from portal.coaching.clinics.commands import close_request
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import list_project_requests
from portal.coaching.clinics.request_commands import request_help, withdraw_help
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.sprints.sprints import commands
from portal.sprints.sprints.models import BlockerKind
from tests.sprints.sprints.test_help_again import (
    NEW,
    PLAIN,
    change,
    close,
    take,
    undo,
    waiting_texts,
)
from tests.support import factories as make


@pytest.fixture
def sprint(project, member, coach):
    """A running one, with a request that its coach closed."""
    sprint = make.active_sprint(project)
    _ask(member, project, sprint, "Le chef est parti.")
    _take_and_close(coach, project, sprint)
    return sprint


def _ask(member, project, sprint, text="Les clés.") -> None:
    request_help(member, project, sprint, BlockerKind.IT, text, expected_version=sprint.version)
    db.session.commit()


def _take_and_close(coach, project, sprint) -> None:
    take(coach, project, sprint)
    clinic = db.session.scalars(sa.select(Clinic)).one()
    close_request(coach, project, (clinic, sprint), "Vu ensemble.", clinic.version)
    db.session.commit()


def _check_that_closed_request_counts(member, coach, project, sprint) -> None:
    db.session.expire_all()
    assert sprint.helped_at is not None
    assert not waiting_texts(coach)
    assert [each.clinic.outcome for each in list_project_requests(member, project)] == ["Vu ensemble."]


def test_the_withdrawal_of_a_second_request_leaves_the_first_and_what_came_of_it(
    project, member, coach, sprint
):
    first_asked_at = sprint.help_asked_at
    _ask(member, project, sprint)
    for _twice in range(2):
        withdraw_help(member, project, sprint)
        db.session.commit()
        _check_that_closed_request_counts(member, coach, project, sprint)
    assert sprint.help_asked_at == first_asked_at  # so a planned sprint is not deleted with it
    _ask(member, project, sprint)
    assert waiting_texts(coach) == ["Les clés."]


def test_a_log_that_withdraws_a_second_request_leaves_the_first(project, member, coach, sprint):
    close(member, project, sprint, NEW)
    change(member, project, sprint, replace(NEW, help_wanted=False))
    _check_that_closed_request_counts(member, coach, project, sprint)


def test_a_close_that_withdraws_a_second_request_leaves_the_first_until_it_is_undone(
    project, member, coach, sprint
):
    _ask(member, project, sprint)
    close(member, project, sprint, PLAIN)
    _check_that_closed_request_counts(member, coach, project, sprint)
    undo(member, project, sprint)
    assert waiting_texts(coach) == [PLAIN.blocker_text]
    close(member, project, sprint, PLAIN)
    _check_that_closed_request_counts(member, coach, project, sprint)


def test_a_planned_sprint_whose_second_request_was_withdrawn_is_not_deleted(project, member, coach):
    planned = make.sprint(project)
    _ask(member, project, planned)
    _take_and_close(coach, project, planned)
    _ask(member, project, planned, "Deux clés.")
    withdraw_help(member, project, planned)
    db.session.commit()
    with pytest.raises(RuleBroken, match="De l’aide y est demandée"):
        commands.drop_sprint(member, project, planned)
