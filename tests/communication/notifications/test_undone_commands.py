"""Notifications of acts that were undone: whoever did not read them yet has them as read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.coaching.clinics.request_commands import request_help, withdraw_help
from portal.coaching.recommendations import commands as recommendations
from portal.coaching.recommendations.commands import RecommendationFacts
from portal.coaching.recommendations.notifications import ANSWERED
from portal.coaching.recommendations.undo_commands import (
    undo_acceptance_or_confirmation as undo_advice,
)
from portal.communication.notifications.commands import mark_all_read
from portal.communication.notifications.models import Channel, Notification, Preference
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints import undo_commands
from portal.sprints.sprints.models import BlockerKind
from tests.communication.notifications.conftest import letters, run_post
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make

PLAIN = replace(LOG, help_wanted=False)
EMPTIED = replace(PLAIN, blocker=BlockerKind.NONE, blocker_text="")


@pytest.fixture
def lea(team):
    return make.actor(team.lea)


def unread() -> set[str]:
    """The kinds of what somebody did not read yet."""
    db.session.commit()
    return {row.kind for row in db.session.query(Notification).filter(Notification.read_at.is_(None))}


def undo(lea, team, sprint):
    undo_commands.undo_start_or_close(lea, team.project, sprint, sprint.version)


def ask(lea, team, sprint):
    request_help(
        lea, team.project, sprint, BlockerKind.IT, "Les clés", expected_version=sprint.version, replaces=True
    )


def test_a_start_that_is_undone_is_news_no_more(team, lea):
    sprint, other = make.sprint(team.project), make.closed_sprint(make.project(), number=1)
    sprints.start_sprint(lea, team.project, sprint)
    assert unread() == {"sprint_started"}
    undo(lea, team, sprint)
    assert not unread()
    assert {row.subject_id for row in db.session.query(Notification)} == {sprint.id}
    assert other.closed_at


def test_a_close_that_is_undone_is_news_no_more_with_the_help_that_it_asked_for(team, lea):
    sprint = make.active_sprint(team.project)
    sprints.close_sprint(lea, team.project, sprint, LOG, sprint.version)
    assert unread() >= {"sprint_closed", "help_wanted"}
    undo(lea, team, sprint)
    assert not unread() & {"sprint_closed", "help_wanted"}


def test_help_that_still_waits_after_the_undo_stays_news(team, lea):
    sprint = make.active_sprint(team.project)
    ask(lea, team, sprint)
    sprints.close_sprint(lea, team.project, sprint, replace(LOG, blocker_text="Les clés"), sprint.version)
    undo(lea, team, sprint)
    assert "help_wanted" in unread()


@pytest.mark.parametrize("way", ["button", "close", "log"])
def test_help_that_is_withdrawn_is_news_no_more(team, lea, way):
    sprint = make.closed_sprint(team.project) if way == "log" else make.active_sprint(team.project)
    ask(lea, team, sprint)
    assert "help_wanted" in unread()
    if way == "button":
        withdraw_help(lea, team.project, sprint)
    elif way == "close":
        sprints.close_sprint(lea, team.project, sprint, EMPTIED, sprint.version)
    else:
        sprints.edit_log(lea, team.project, sprint, EMPTIED, sprint.version)
    assert "help_wanted" not in unread()
    if way == "close":  # which is news itself
        told = db.session.query(Notification).filter_by(kind="sprint_closed", read_at=None)
        assert team.coach.id in {row.person_id for row in told}


def test_an_acceptance_that_is_undone_before_its_mail_is_neither_mailed_nor_told_undone(team):
    """What was advised before stays news; whoever read of the acceptance reads that it was undone."""
    nour, coach = make.actor(team.nour), make.actor(team.coach)
    row = recommendations.recommend(coach, team.project, RecommendationFacts(what="Annoter", why="Mieux"))
    db.session.add(Preference(person_id=team.coach.id, kind=ANSWERED.code, channel=Channel.AT_ONCE))
    for is_read in (False, True):
        recommendations.accept(nour, team.project, row)
        db.session.commit()
        if is_read:
            mark_all_read(coach, clock.now())
        undo_advice(nour, team.project, row, row.version)
        db.session.commit()
        acts = {
            each.action for each in db.session.query(Notification).filter_by(kind=ANSWERED.code, read_at=None)
        }
        assert acts == ({"recommendation.acceptance_undone"} if is_read else set())
        if not is_read:
            with clock.frozen_at(clock.now() + timedelta(days=7)):
                run_post()
            assert team.coach.email not in {letter.address for letter in letters()}
    assert "recommended" in unread()
