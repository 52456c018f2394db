"""Recommendations are proposed, answered, proved and confirmed; unanswered ones are shown."""

from datetime import UTC, datetime, time, timedelta

import pytest

from portal.coaching.recommendations import commands, queries
from portal.coaching.recommendations.commands import RecommendationFacts, RecommendationProof
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from tests.support import coaching, project_file
from tests.support import factories as make
from tests.support.refusals import forbidden

ADVICE = RecommendationFacts(what="Annoter à deux", why="Les étiquettes divergent.", gate=4)


def deeds():
    lines = db.session.query(AuditEvent).order_by(AuditEvent.id)
    return [line.action.removeprefix("recommendation.") for line in lines]


def test_advice_becomes_action_step_by_step(project, coach, member, lead, person):
    row = commands.recommend(coach, project, ADVICE)
    commands.accept(member, project, row)
    commands.accept(member, project, row)
    with pytest.raises(RuleBroken) as refused:
        commands.complete(member, project, row, RecommendationProof(), row.version)
    assert refused.value.field == "proof"
    file = project_file.attachment(project, row, person)
    commands.complete(member, project, row, RecommendationProof(), row.version)
    commands.send_back(coach, project, row, "Sur combien d’images ?", row.version)
    assert (row.stage, row.done_at) == (RecommendationStage.ACCEPTED, None)
    commands.complete(member, project, row, RecommendationProof(text="200 images, kappa 0,8"), row.version)
    commands.confirm(lead, project, row)
    commands.confirm(coach, project, row)
    told = queries.read_recommendation(member, project, row.number)
    assert (told.row.stage, told.done_by, told.files) == (RecommendationStage.CONFIRMED, person.name, 1)
    assert told.has_proof
    assert file.subject_id == row.id
    assert deeds() == ["proposed", "accepted", "done", "sent_back", "done", "confirmed"]


def test_what_is_declined_says_why_and_may_be_thought_better_of(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    with pytest.raises(RuleBroken):
        commands.decline(member, project, row, "", row.version)
    commands.decline(member, project, row, "Trop cher.", row.version)
    for deed in (
        lambda: commands.change_recommendation(coach, project, row, ADVICE, row.version),
        lambda: commands.complete(member, project, row, RecommendationProof(text="t"), row.version),
        lambda: commands.confirm(coach, project, row),
        lambda: commands.decline(member, project, row, "r", row.version),
    ):
        with pytest.raises(TooLate, match="est devenue\u00a0: déclinée"):
            deed()
    commands.accept(member, project, row)
    assert (row.stage, row.decline_reason) == (RecommendationStage.ACCEPTED, "")


def test_each_side_does_its_own_part(project, coach, member, lead):
    row = commands.recommend(lead, project, ADVICE)
    for deed in (
        lambda: commands.recommend(member, project, ADVICE),
        lambda: commands.accept(coach, project, row),
        lambda: commands.decline(lead, project, row, "r", 1),
        lambda: commands.confirm(member, project, row),
        lambda: commands.send_back(member, project, row, "m", 1),
    ):
        with forbidden():
            deed()
    stranger = make.actor(make.role(make.project().id, Role.TEAM_LEAD))
    assert queries.read_recommendations_page(stranger, project).count == 0


def test_a_stale_save_is_refused_and_a_date_is_to_come(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    for deed in (
        lambda: commands.change_recommendation(coach, project, row, ADVICE, 0),
        lambda: commands.decline(member, project, row, "r", 0),
    ):
        with pytest.raises(Conflict):
            deed()
    gone = RecommendationFacts(what="w", why="w", due_on=clock.today() - timedelta(days=1))
    with pytest.raises(RuleBroken) as refused:
        commands.recommend(coach, project, gone)
    assert refused.value.field == "due_on"


def test_what_a_comment_said_keeps_the_way_back_to_it(project, coach, person):
    comment = make.comment(project.discussion_id, person)
    row = commands.recommend(coach, project, ADVICE, comment=comment)
    told = queries.read_recommendation(coach, project, row.number)
    assert (row.comment_id, told.about) == (comment.id, f"/projects/{project.slug}/discussions")
    assert row.about_id == project.discussion_id


@pytest.mark.parametrize(("days", "step"), [(0, 0), (6, 0), (7, 7), (13, 7), (14, 14), (40, 21)])
def test_silence_has_three_steps(days, step):
    today = clock.today()
    then = datetime.combine(today - timedelta(days=days), time(9), UTC)
    row = Recommendation(stage=RecommendationStage.PROPOSED, created_at=then)
    assert queries.find_silence_step(queries.count_days_unanswered(row, today)) == step
    row.stage = RecommendationStage.ACCEPTED
    assert queries.count_days_unanswered(row, today) == 0


def test_the_basket_holds_all_that_is_open_what_is_done_or_silent_first_then_by_date(project, coach):
    by = make.role(project.id, Role.COACH)
    long_ago, before = clock.now() - timedelta(days=22), clock.now() - timedelta(days=8)
    new = coaching.recommendation(project, by)
    soon = coaching.recommendation(project, by, due_on=clock.today() + timedelta(days=3))
    silent = coaching.recommendation(project, by, created_at=before)
    longest = coaching.recommendation(project, by, created_at=long_ago)
    late = coaching.accepted(project, by, due_on=clock.today() - timedelta(days=1))
    done = coaching.done(project, by)
    coaching.done(make.project(), by)
    found = [one.row for one in queries.list_recommendations_needing_coach(coach)]
    assert found == [longest, silent, done, late, soon, new]
    assert not queries.list_recommendations_needing_coach(make.actor(make.role(project.id, Role.TEAM_MEMBER)))
    project.paused_on = clock.today()
    db.session.flush()
    assert [one.row for one in queries.list_recommendations_needing_coach(coach)] == [done]
