"""Who accepted or confirmed a recommendation undoes it within the hour."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.coaching.recommendations import commands, undo_commands
from portal.coaching.recommendations.commands import RecommendationFacts, RecommendationProof
from portal.coaching.recommendations.models import RecommendationStage
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, TooLate
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

ADVICE = RecommendationFacts(what="Annoter à deux", why="Les étiquettes divergent.")
PROOF = RecommendationProof(text="200 images")
undo = undo_commands.undo_acceptance_or_confirmation


def last_action():
    return db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first().action


def test_an_acceptance_is_undone_by_who_gave_it(project, coach, member, lead):
    row = commands.recommend(coach, project, ADVICE)
    commands.accept(member, project, row)
    colleague = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    for other in (colleague, coach, lead):
        with forbidden():
            undo(other, project, row, row.version)
    undo(member, project, row, row.version)
    assert (row.stage, row.answered_at, row.answered_by_id) == (RecommendationStage.PROPOSED, None, None)
    assert last_action() == "recommendation.acceptance_undone"
    with pytest.raises(Conflict):
        undo(member, project, row, row.version - 1)


def test_one_that_was_declined_is_declined_again_by_whom_and_why(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    colleague = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    commands.decline(colleague, project, row, "Trop cher.", row.version)
    commands.accept(member, project, row)
    undo(member, project, row, row.version)
    assert (row.stage, row.decline_reason) == (RecommendationStage.DECLINED, "Trop cher.")
    assert row.answered_by_id == colleague.person_id
    commands.accept(member, project, row)
    undo(member, project, row, row.version)
    assert (row.stage, row.decline_reason) == (RecommendationStage.DECLINED, "Trop cher.")


def test_a_confirmation_is_undone_by_who_gave_it(project, coach, member, lead):
    row = commands.recommend(coach, project, ADVICE)
    commands.accept(member, project, row)
    commands.complete(member, project, row, PROOF, row.version)
    commands.confirm(coach, project, row)
    for other in (member, lead):
        with forbidden():
            undo(other, project, row, row.version)
    undo(coach, project, row, row.version)
    assert (row.stage, row.confirmed_at, row.proof) == (RecommendationStage.COMPLETED, None, PROOF.text)
    assert row.done_by_id == member.person_id
    assert last_action() == "recommendation.confirmation_undone"
    commands.confirm(lead, project, row)


def test_it_is_undone_for_an_hour_and_while_nothing_followed(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    commands.accept(member, project, row)
    with clock.frozen_at(clock.now() + timedelta(minutes=61)), pytest.raises(TooLate):
        undo(member, project, row, row.version)
    commands.complete(member, project, row, PROOF, row.version)
    with forbidden():  # it is nobody's acceptance any more
        undo(member, project, row, row.version)
    commands.send_back(coach, project, row, "Sur combien d’images ?", row.version)
    with pytest.raises(TooLate, match="tant que rien n’a suivi"):
        undo(member, project, row, row.version)


def test_an_acceptance_is_not_undone_once_a_coach_changed_what_was_accepted(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    commands.accept(member, project, row)
    commands.change_recommendation(coach, project, row, replace(ADVICE, what="Annoter à trois"), row.version)
    with pytest.raises(TooLate, match="tant que rien n’a suivi"):
        undo(member, project, row, row.version)
    assert row.stage is RecommendationStage.ACCEPTED


def test_the_page_offers_it_to_that_person_alone(project, person, browser_for):
    team = browser_for(person)
    adviser = make.role(project.id, Role.COACH)
    row = commands.recommend(make.actor(adviser), project, ADVICE)
    db.session.commit()
    page = f"/projects/{project.slug}/recommendations/{row.number}"
    team.submit(f"{page}/accept", version=1)
    assert "Votre acceptation s’annule jusqu’à" in words_of(team.visit(page))
    assert not browser_for(adviser).visit(page).find("form", action=f"{page}/undo")
    shown = team.submit(f"{page}/undo", version=2)
    assert "Acceptation annulée." in words_of(shown)
    assert shown.find("form", action=f"{page}/accept")


def test_a_number_withdrawn_while_the_next_one_waits_for_the_project_is_not_given_again(
    project, coach, monkeypatch
):
    """The trail is read once the project is locked: until then another transaction may end."""
    row = commands.recommend(coach, project, ADVICE)
    number, next_number = row.number, commands.next_row_number

    def withdraw_meanwhile(model, of):
        undo_commands.withdraw(coach, project, row, "/")
        db.session.flush()
        return next_number(model, of)

    monkeypatch.setattr(commands, "next_row_number", withdraw_meanwhile)
    assert commands.recommend(coach, project, ADVICE).number == number + 1
