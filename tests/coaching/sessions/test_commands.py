"""Sessions are logged with decisions; each becomes a recommendation or an item, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.coaching.recommendations import commands as recommendations
from portal.coaching.recommendations.models import Recommendation
from portal.coaching.recommendations.undo_commands import undo_acceptance_or_confirmation
from portal.coaching.sessions import commands, policy, queries
from portal.coaching.sessions.commands import SessionFacts
from portal.coaching.sessions.models import Decision, SessionFormat
from portal.communication.notifications.models import Notification
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.projects.queries import list_tracks
from portal.sprints.backlog.models import Item
from tests.support import coaching as some
from tests.support import factories as make
from tests.support import project_file
from tests.support.refusals import forbidden


def facts(**given):
    return SessionFacts(**{"held_on": clock.today(), "format": SessionFormat.WEEKLY} | given)


def test_a_session_is_read_with_its_track_and_what_it_decided(project, coach, member):
    track = next(one for one in list_tracks(project) if one.key == "technical")
    row = commands.log_session(coach, project, facts(track_id=track.id, minutes="**Vu**"), ["Une", "Deux"])
    held = queries.get_session(member, project, row.number)
    assert (held.track, held.decisions) == (track, 2)
    assert [one.row.what for one in queries.list_session_decisions(row)] == ["Une", "Deux"]
    later = commands.log_session(coach, project, facts(format=SessionFormat.CALL))
    found = queries.read_sessions_page(member, project)
    assert [one.row for one in found.rows] == [later, row]
    line = db.session.query(AuditEvent).filter_by(action="coaching.logged").first()
    assert "Vu" not in str(line.after)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"held_on": clock.today() + timedelta(days=2)}, "held_on"),
        ({"held_on": clock.today() - timedelta(days=91)}, "held_on"),
        ({"next_on": clock.today()}, "next_on"),
        ({"next_on": clock.today() + timedelta(days=400)}, "next_on"),
        ({"track_id": "elsewhere"}, "track"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(project, coach, given, field):
    if "track_id" in given:
        given = {"track_id": make.track(make.programme()).id}
    with pytest.raises(RuleBroken) as refused:
        commands.log_session(coach, project, facts(**given))
    assert refused.value.field == field


def test_a_decision_becomes_one_thing_once(project, coach, member, coaching):
    held = some.session(project, coaching)
    first, second, third = (some.decision(project, held) for _number in range(3))
    made = commands.make_recommendation_of_decision(coach, project, (first, held))
    assert commands.make_recommendation_of_decision(coach, project, (first, held)) is made
    assert (made.what, made.about_id) == (first.what, held.discussion_id)
    item = commands.make_backlog_item_of_decision(member, project, (second, held))
    assert commands.make_backlog_item_of_decision(member, project, (second, held)) is item
    assert item.origin == f"/projects/{project.slug}/coaching/{held.number}"
    for deed in (
        lambda: commands.make_backlog_item_of_decision(member, project, (first, held)),
        lambda: commands.make_recommendation_of_decision(coach, project, (second, held)),
        lambda: commands.delete_decision(coach, project, (first, held)),
        lambda: commands.reword_decision(coach, project, (second, held), "w", second.version),
    ):
        with pytest.raises(TooLate, match="déjà une suite"):
            deed()
    commands.reword_decision(coach, project, (third, held), "Mieux dit", third.version)
    commands.delete_decision(coach, project, (third, held))
    assert db.session.query(Decision).count() == 2
    assert (db.session.query(Recommendation).count(), db.session.query(Item).count()) == (1, 1)


def test_a_recommendation_made_of_a_decision_is_undone_for_an_hour_while_nothing_followed(
    project, coach, lead, member, coaching
):
    session = some.session(project, coaching)
    decision = some.decision(project, session)
    undo = commands.undo_recommendation_of_decision
    made = commands.make_recommendation_of_decision(coach, project, (decision, session))
    made_number = made.number
    for other in (member, lead):
        with forbidden():
            undo(other, project, (decision, session))
    with (
        clock.frozen_at(clock.now() + timedelta(minutes=61)),
        pytest.raises(TooLate, match="l’heure est passée"),
    ):
        undo(coach, project, (decision, session))
    db.session.commit()
    assert unread_by(member) == [recommendations.PROPOSED.code]
    undo(coach, project, (decision, session))
    undo(coach, project, (decision, session))  # pressed twice
    db.session.commit()
    assert unread_by(member) == []  # nor is the withdrawal told to who did not learn of it
    assert (decision.recommendation_id, db.session.get(Recommendation, made.id)) == (None, None)
    followed = (("message", "un message"), ("change", "l’a modifiée"), ("file", "un fichier"))
    assert (
        commands.make_recommendation_of_decision(coach, project, (decision, session)).number
        == made_number + 1
    )
    for follow, why in (*followed, ("answer", "déjà répondu"), ("undone answer", "l’avait acceptée, puis")):
        decision = some.decision(project, session)
        again = commands.make_recommendation_of_decision(coach, project, (decision, session))
        if follow == "message":
            make.comment(again.discussion_id, coaching)
        elif follow == "file":
            project_file.attachment(project, again, coaching)
        elif follow == "answer":
            recommendations.accept(member, project, again)
        elif follow == "undone answer":
            recommendations.accept(member, project, again)
            undo_acceptance_or_confirmation(member, project, again, again.version)
        else:
            advice = recommendations.RecommendationFacts(what="Autrement", why="Mieux")
            recommendations.change_recommendation(lead, project, again, advice, again.version)
        with pytest.raises(TooLate, match=why):
            undo(coach, project, (decision, session))


def unread_by(reader):
    own = (Notification.person_id == reader.person_id) & Notification.read_at.is_(None)
    return [row.action for row in db.session.scalars(select(Notification).where(own))]


def test_coaches_log_and_the_team_plans(project, coach, member, lead, coaching):
    held = some.session(project, coaching)
    made = commands.add_decision(lead, project, held, "Une")
    for deed in (
        lambda: commands.log_session(member, project, facts()),
        lambda: commands.change_session(member, project, held, facts(), 1),
        lambda: commands.add_decision(member, project, held, "w"),
        lambda: commands.make_recommendation_of_decision(member, project, (made, held)),
        lambda: commands.make_backlog_item_of_decision(coach, project, (made, held)),
    ):
        with forbidden():
            deed()
    assert policy.can_recommend_from_decision(coach, project, made)
    assert policy.can_make_backlog_item_from_decision(member, project, made)
    with pytest.raises(Conflict):
        commands.change_session(coach, project, held, facts(), 0)
    stranger = make.actor(make.role(make.project().id, Role.COACH))
    assert queries.read_sessions_page(stranger, project).count == 0


def test_a_session_decides_a_bounded_number_of_things(project, coach):
    with pytest.raises(RuleBroken):
        commands.log_session(coach, project, facts(), ["w"] * (commands.DECISIONS_MAX + 1))
    row = commands.log_session(coach, project, facts(), ["w"] * commands.DECISIONS_MAX)
    with pytest.raises(RuleBroken):
        commands.add_decision(coach, project, row, "w")
