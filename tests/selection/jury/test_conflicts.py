"""Likely conflicts, and leads in conflict: shut out like a juror, let in again by two people."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, NotFound, Overtaken, RuleBroken
from portal.selection.applications.list_queries import (
    ApplicationFilters,
    count_applications_by_state,
    list_applications,
)
from portal.selection.applications.queries import get_led_application
from portal.selection.calls.models import CallState
from portal.selection.jury import assignment_commands, commands, leadership_commands, queries
from portal.selection.jury.conflict_queries import (
    count_applications_without_lead,
    find_conflict_undo_obstacle,
    list_likely_conflicts,
    read_application_leadership,
)
from portal.selection.jury.conflict_rules import (
    ApplicationClues,
    ConflictGround,
    PersonClues,
    list_conflict_grounds,
)
from portal.selection.jury.models import ConflictUndoObstacle, InterestDeclaration
from portal.selection.jury.policy import UNSCORED_STATES
from portal.selection.ranking.queries import read_ranking
from tests.support import calls as some
from tests.support import factories as make

TAKEN_OFF = ConflictUndoObstacle.TAKEN_OFF
TEAM = [("Ada Lovelace", "ada@musee.example"), ("Jean-Paul Roux", "jp.roux@gmail.com")]
APPLICATION = ApplicationClues("Musée d’Épinal", "12345678900011", TEAM)


@pytest.mark.parametrize(
    ("clues", "grounds"),
    [
        ({}, []),
        ({"company_number": "123456789"}, [ConflictGround.COMPANY_NUMBER]),
        ({"company_number": "123456780"}, []),
        ({"email": "x@MUSEE.example"}, [ConflictGround.MAIL_DOMAIN]),
        ({"email": "x@gmail.com"}, []),
        ({"name": "roux jean-paul"}, [ConflictGround.NAMED]),
        ({"email": "JP.Roux@gmail.com"}, [ConflictGround.NAMED]),
        ({"employer": "musee d'epinal"}, [ConflictGround.EMPLOYER]),
        ({"coached": {"musee d'epinal"}}, [ConflictGround.COACHING]),
    ],
)
def test_likely_conflicts(clues, grounds):
    person = PersonClues(**{"name": "Zoé Zola", "email": "z@ailleurs.example"} | clues)
    assert list_conflict_grounds(person, APPLICATION) == grounds


@pytest.fixture
def other(programme):
    return make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))


def declare(actor, row, *, conflict=True):
    reason = "Mon ancien service." if conflict else ""
    assignment_commands.declare_interests(actor, some.load(actor, row), reason, has_conflict=conflict)
    db.session.commit()


def test_a_lead_in_conflict_is_shut_out_like_a_juror(under_review, lead, other, call, jurors):
    second = some.application(other, call) if call.state is CallState.OPEN else None
    assert second is None
    for person in jurors[:2]:
        some.judge(person, under_review, 3)
    declare(lead, under_review)
    assert not some.load(lead, under_review).rights.reads_whole
    with pytest.raises(NotFound):
        get_led_application(lead, "ami", 1, under_review.number)
    [line] = list_applications(lead, call, ApplicationFilters(), 1).rows
    assert (line.title, line.state, line.total_hundredths, line.sent) == (
        under_review.title,
        None,
        None,
        None,
    )
    assert count_applications_by_state(lead, call) == {}
    for filters in (
        ApplicationFilters(state=under_review.state),
        ApplicationFilters(juror=jurors[0].id),
        ApplicationFilters(conflict=True),
    ):
        assert list_applications(lead, call, filters, 1).count == 0
    assert read_ranking(lead, call, 1).rows == []
    assert queries.list_application_jurors(some.load(lead, under_review)) == []
    assert [seat.sent for seat in queries.list_seats(lead, call)] == [0, 0, 0]
    assert [seat.sent for seat in queries.list_seats(other, call)].count(1) == 2
    assert len(read_ranking(other, call, 1).rows) == 1


def test_a_juror_takes_a_conflict_back_within_the_hour_until_scores_open(
    under_review, lead, jurors, browser_for
):
    place = f"/programmes/ami/calls/1/applications/{under_review.number}"
    browser, juror = browser_for(jurors[0]), make.actor(jurors[0])
    page = browser.visit(place).main
    assert "vous ferme le dossier aussitôt" in page.get_text()
    page = browser.submit(f"{place}/interests", interest="yes", reason="Mon ancien service").main
    assert "Vous n’y prenez pas part" in page.get_text()
    page = browser.submit(f"{place}/interests/undo").main
    assert page.select('input[name="interest"]')
    assert some.load(lead, under_review).application.opened_at is None
    declare(juror, under_review)
    assert not some.load(juror, under_review).rights.is_judge
    nothing = make.actor(jurors[1])
    for minutes, person, why in ((61, juror, "L’heure est passée"), (1, nothing, "à annuler ici")):
        at = clock.now() + timedelta(minutes=minutes)
        with clock.frozen_at(at), pytest.raises(Overtaken, match=why):
            assignment_commands.take_conflict_back(person, some.load(person, under_review))
        db.session.rollback()
    assert "Annuler ma réponse" in browser.visit(place).main.get_text()
    application = some.load(lead, under_review).application
    application.opened_at = clock.now()
    db.session.commit()
    assert "Annuler ma réponse" not in browser.visit(place).main.get_text()
    assert (
        "Les notes ont été ouvertes depuis"
        in browser.submit(f"{place}/interests/undo", expect=409).get_text()
    )


@pytest.fixture
def scored(under_review, jurors):
    """One of two jurors said that they have no interest, and sent their scores."""
    some.judge(jurors[0], under_review, 3)
    return f"/programmes/ami/calls/1/applications/{under_review.number}"


def test_a_juror_who_said_no_declares_an_interest_until_scores_open(
    scored, under_review, lead, jurors, browser_for
):
    """What they sent counts no more; taken back, it is a draft."""
    browser, juror = browser_for(jurors[0]), make.actor(jurors[0])
    link = browser.visit(scored).main.find("a", string="J’ai finalement un intérêt à déclarer")
    form = browser.visit(link["href"]).main
    assert "ne comptent plus" in form.get_text()
    browser.submit(link["href"], expect=422)  # without saying which
    page = browser.submit(link["href"], reason="Mon ancien service").main
    assert "Vous n’y prenez pas part" in page.get_text()
    assert "Annuler ma réponse" in page.get_text()
    loaded = some.load(juror, under_review)
    own = loaded.assignment
    assert (own.declaration, own.sent_at) == (InterestDeclaration.CONFLICT, None)
    assert {seat.person.id: seat.sent for seat in queries.list_seats(lead, loaded.call)}[jurors[0].id] == 0
    assert "déjà prononcé" in browser.submit(link["href"], reason="Encore", expect=409).get_text()
    browser.submit(f"{scored}/interests/undo")
    browser.submit(f"{scored}/interests", interest="no")
    loaded = some.load(juror, under_review)
    assert loaded.rights.is_judge
    assert loaded.assignment.sent_at is None


@pytest.mark.parametrize("state", sorted(UNSCORED_STATES))
def test_no_interest_is_to_be_found_in_what_no_jury_judges(scored, under_review, jurors, browser_for, state):
    under_review.state = state
    db.session.commit()
    page = browser_for(jurors[0]).visit(scored).main.get_text()
    assert "finalement un intérêt" not in page


def test_after_opening_a_juror_reads_to_whom_to_tell_an_interest(
    scored, under_review, lead, jurors, browser_for
):
    browser, juror = browser_for(jurors[0]), make.actor(jurors[0])
    some.judge(jurors[1], under_review, 3)
    assert some.load(lead, under_review).application.opened_at
    page = browser.visit(scored).main.get_text()
    assert "dites-le aussitôt à la direction du programme" in page
    assert "finalement un intérêt" not in page
    for response in (
        browser.open(f"{scored}/interests/found"),
        browser.open(f"{scored}/interests", method="POST", data={"interest": "yes", "reason": "Mon service"}),
    ):
        assert response.status_code == 403
    assert some.load(juror, under_review).assignment.sent_at


def test_a_juror_takes_no_conflict_back_whom_a_lead_took_off_or_replaced(under_review, lead, call, jurors):
    """What a lead did stands, whether before the juror's “yes” or after it."""
    taken_off_before, taken_off_after, replaced = (make.actor(person) for person in jurors)
    some.assign(lead, under_review, jurors[2])
    recuse = assignment_commands.recuse_juror
    recuse(lead, some.load(lead, under_review), taken_off_before.person_id, None)
    for juror in (taken_off_before, taken_off_after, replaced):
        declare(juror, under_review)
    recuse(lead, some.load(lead, under_review), taken_off_after.person_id, None)
    db.session.commit()

    def obstacles():
        return [
            find_conflict_undo_obstacle(some.load(juror, under_review))
            for juror in (taken_off_before, taken_off_after, replaced)
        ]

    assert obstacles() == [TAKEN_OFF, TAKEN_OFF, None]
    some.assign(lead, under_review, some.juror(lead, call))
    assert obstacles() == [TAKEN_OFF, TAKEN_OFF, ConflictUndoObstacle.REPLACED]
    with pytest.raises(Overtaken, match="confiée à quelqu’un d’autre"):
        assignment_commands.take_conflict_back(replaced, some.load(replaced, under_review))


def test_two_people_let_a_lead_in_again(under_review, lead, other):
    declare(lead, under_review)
    loaded = some.load(lead, under_review)
    with pytest.raises(Overtaken):
        leadership_commands.agree_to_lead_return(other, some.load(other, under_review), lead.person_id)
    leadership_commands.ask_for_lead_return(lead, loaded, "Une erreur de ma part.")
    db.session.commit()
    with pytest.raises(NotAllowed):  # not by whoever is in conflict
        leadership_commands.agree_to_lead_return(lead, loaded, lead.person_id)
    leadership_commands.agree_to_lead_return(other, some.load(other, under_review), lead.person_id)
    db.session.commit()
    assert some.load(lead, under_review).rights.is_lead


def test_another_lead_is_named_and_two_people_end_it(under_review, lead, other, call):
    declare(lead, under_review)
    loaded = some.load(lead, under_review)
    with pytest.raises(RuleBroken):
        leadership_commands.name_lead(lead, loaded, lead.person_id)
    leadership_commands.name_lead(lead, loaded, other.person_id)
    db.session.commit()
    leadership_commands.ask_to_unname_lead(lead, loaded)
    db.session.commit()
    with pytest.raises(RuleBroken):
        leadership_commands.agree_to_unname_lead(lead, loaded)
    db.session.rollback()
    leadership_commands.agree_to_unname_lead(other, some.load(other, under_review))
    db.session.commit()
    assert read_application_leadership(call, under_review).named is None


def test_the_portal_says_where_no_lead_is_left(under_review, lead, other, call):
    assert count_applications_without_lead(call) == 0
    declare(lead, under_review)
    assert not read_application_leadership(call, under_review).has_no_free_lead
    declare(other, under_review)
    assert read_application_leadership(call, under_review).has_no_free_lead
    assert count_applications_without_lead(call) == 1


def test_a_likely_conflict_is_settled_once_and_a_confirmed_one_recuses(lead, call, programme):
    person = some.juror(lead, call, company_number="123456789")
    row = some.application(lead, call, company_number="123 456 789 00011")
    some.eligible(lead, row)
    some.assign(lead, row, person)
    [likely] = list_likely_conflicts(lead, [call])
    assert (likely.person_id, likely.grounds) == (person.id, [ConflictGround.COMPANY_NUMBER])
    loaded = some.load(lead, row)
    assignment_commands.settle_conflict(lead, loaded, person.id, "Son employeur.", is_confirmed=True)
    db.session.commit()
    assert list_likely_conflicts(lead, [call]) == []
    assert not some.load(person, row).rights.reads_whole
    with pytest.raises(NotFound):
        assignment_commands.settle_conflict(lead, loaded, person.id, "Non.", is_confirmed=False)
    with pytest.raises(RuleBroken):  # nobody puts them back
        assignment_commands.assign_juror(lead, loaded, person.id)


def test_a_spread_is_a_draft_until_published_and_keeps_what_is_published(lead, call, jurors):
    rows = [some.application(lead, call) for _ in range(3)]
    for row in rows:
        some.eligible(lead, row)
    commands.spread_applications(lead, call)
    db.session.commit()
    with pytest.raises(NotFound):
        some.load(jurors[0], rows[0])
    assert commands.publish_assignments(lead, call) == 6
    db.session.commit()
    assert sorted(seat.assigned for seat in queries.list_seats(lead, call)) == [2, 2, 2]
    some.juror(lead, call)
    preview = commands.preview_assignment_spread(lead, call)
    assert (preview.added, preview.removed, preview.gaps) == ([], [], [])
    late = some.application(lead, call)
    some.eligible(lead, late)
    preview = commands.preview_assignment_spread(lead, call)
    assert {row.id for row, _person in preview.added} == {late.id}
    assert preview.removed == []


def test_somebody_replaces_a_recused_juror(under_review, lead, jurors):
    loaded = some.load(lead, under_review)
    assignment_commands.recuse_juror(lead, loaded, jurors[0].id, jurors[2].id)
    db.session.commit()
    assert not some.load(jurors[0], under_review).rights.reads_whole
    assert some.load(jurors[2], under_review).rights.is_juror
    with pytest.raises(RuleBroken) as refused:
        assignment_commands.recuse_juror(lead, loaded, jurors[2].id, jurors[0].id)
    assert refused.value.field == "replacement"
