"""What waits in calls stands among what is to decide, for their leads and for nobody in conflict."""

from datetime import timedelta

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Overtaken, TooLate
from portal.selection.applications import commands as applications
from portal.selection.applications.models import ApplicationState
from portal.selection.calls.models import CallState
from portal.selection.calls.queries import list_criteria
from portal.selection.deliberation.models import DecisionKind
from portal.selection.deliberation.to_decide_labels import list_lines
from portal.selection.deliberation.waiting_queries import (
    SCORING_DAYS,
    CallMatterKind,
    list_waiting_call_matters,
)
from portal.selection.jury.conflict_queries import list_likely_conflicts
from portal.selection.jury.opening_commands import open_scores
from tests.support import calls as some
from tests.support import factories as make
from tests.support.browser import words_of

YES, NO = DecisionKind.LAUREATE, DecisionKind.NOT_SELECTED


@pytest.fixture
def other(programme):
    return make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))


def waiting(actor):
    return {each.matter: each.count for each in list_waiting_call_matters(actor)}


def test_eligibility_and_conflicts_wait_until_they_are_judged(lead, call, leading, browser_for):
    person = some.juror(lead, call, company_number="123456789")
    row = some.application(lead, call, company_number="123 456 789 00011")
    some.application(lead, call)
    assert waiting(lead) == {CallMatterKind.ELIGIBILITY: 2, CallMatterKind.CONFLICTS: 1}
    page = browser_for(leading).visit("/to-decide")
    links = [link["href"] for link in page.main.select('[id^="calls-"] .todo__text a')]
    place = f"/programmes/ami/calls/{call.number}"
    assert sorted(links) == [f"{place}/applications?state=received", f"{place}/jury"]
    some.eligible(lead, row)
    some.assign(lead, row, person)
    some.declare(person, row, conflict=True)
    assert waiting(lead) == {CallMatterKind.ELIGIBILITY: 1}


def test_scores_wait_once_they_are_late(under_review, lead, jurors):
    assert CallMatterKind.LATE_SCORES not in waiting(lead)
    some.judge(jurors[0], under_review, 3)
    with clock.frozen_at(clock.now() + timedelta(days=SCORING_DAYS + 1)):
        assert waiting(lead)[CallMatterKind.LATE_SCORES] == 1
        [line] = [line for line in list_lines(lead) if line.path.endswith("/jury")]
        assert line.days_late
        some.judge(jurors[1], under_review, 3)
        assert waiting(lead) == {}


def test_nothing_waits_nor_opens_in_what_no_jury_judges(under_review, lead, call, jurors, browser_for):
    like = some.juror(lead, call, company_number="123456789")
    under_review.company_number = "12345678900011"
    some.judge(jurors[0], under_review, 3)
    some.declare(jurors[1], under_review)
    with clock.frozen_at(clock.now() + timedelta(days=SCORING_DAYS + 1)):
        assert waiting(lead) == {CallMatterKind.CONFLICTS: 1, CallMatterKind.LATE_SCORES: 1}
        loaded = some.load(lead, under_review)
        applications.judge_eligibility(
            lead, loaded, {0}, "Hors délai.", is_eligible=False, version=under_review.version
        )
        db.session.commit()
        assert waiting(lead) == {}
    assert like.id not in [each.person_id for each in list_likely_conflicts(lead, [call])]
    path = f"/programmes/ami/calls/{call.number}/applications/{under_review.number}/sheet"
    assert "personne ne la note" in words_of(browser_for(jurors[1]).visit(path))
    with pytest.raises(Overtaken):
        some.send(jurors[1], under_review, 3)
    db.session.rollback()
    with pytest.raises(TooLate, match="personne ne la note"):
        open_scores(lead, some.load(lead, under_review), "Sans attendre.", under_review.version)
    db.session.rollback()
    some.declare(jurors[1], under_review, conflict=True)
    assert under_review.opened_at is None
    assert under_review.state is ApplicationState.NOT_ELIGIBLE


def test_letters_then_appeals_wait(lead, programme, jurors):
    call = some.decided(lead, programme, jurors, [YES, NO])
    assert waiting(lead) == {CallMatterKind.LETTERS: 2}
    some.publish(lead, call)
    assert waiting(lead) == {}
    refused = some.applications_of(call)[1]
    some.appeal(lead, refused)
    [line] = list_lines(lead)
    assert line.path == f"/programmes/ami/calls/{call.number}/applications/{refused.number}"
    assert line.project.short_name == f"Appel {call.number}\N{NO-BREAK SPACE}: {call.title_fr}"


def test_whoever_is_in_conflict_is_told_no_count(lead, other, call):
    row = some.application(lead, call)
    before = waiting(other)
    some.put_in_conflict(lead, row)
    db.session.commit()
    assert (waiting(lead), waiting(other)) == ({}, before)
    assert before == {CallMatterKind.ELIGIBILITY: 1}


def test_a_call_waits_to_be_opened_until_its_last_day(lead, leading, programme, browser_for):
    """What it lacks is the same on its page, wrong weights included."""
    today = clock.today()
    days = {"opens_on": today + timedelta(days=5), "closes_on": today + timedelta(days=60)}
    call = some.call(lead, programme, CallState.DRAFT, **days)
    list_criteria(call)[0].weight += 20
    db.session.commit()
    [opening] = list_waiting_call_matters(lead)
    (line,) = list_lines(lead)
    assert (opening.matter, opening.since) == (CallMatterKind.OPENING, today)  # it was planned today
    page = browser_for(leading).visit(f"/programmes/ami/calls/{call.number}")
    alert = next(each for each in page.select(".fr-alert") if "Il ouvre le" in words_of(each))
    told = len(alert.select("a")) + ("Les poids font 120" in words_of(alert))
    assert told == opening.count
    assert line.number == 5  # the numbers of the other matters in the API stay
    call.opens_on, call.closes_on = today - timedelta(days=300), today - timedelta(days=200)
    db.session.commit()
    assert not list_waiting_call_matters(lead)
    assert "devait ouvrir" not in words_of(browser_for(leading).visit(f"/programmes/ami/calls/{call.number}"))


def test_it_waits_for_leads_of_the_programme_alone(lead, call, jurors, programme):
    some.application(lead, call)
    elsewhere = make.role(make.programme().id, Role.PROGRAMME_LEAD)
    coach = make.role(programme.id, Role.COACH)
    for person in (*jurors, elsewhere, coach, make.role(programme.id, Role.OPERATOR)):
        assert list_waiting_call_matters(make.actor(person)) == []


def test_more_calls_cost_no_more_statements(lead, programme, call, statements):
    def count():
        db.session.expire_all()
        before = len(statements)
        assert list_waiting_call_matters(lead)
        return len(statements) - before

    some.application(lead, call)
    few = count()
    for _n in range(3):
        row = some.call(lead, programme, CallState.CLOSED)
        some.juror(lead, row, company_number="123456789")
        some.application(lead, row, company_number="123 456 789 00011")
    assert count() == few
