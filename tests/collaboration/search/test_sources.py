"""Texts beside the rows that are found: each with its readers, and gone with what it belongs to."""

from datetime import date

import pytest

from portal.coaching.sessions import commands as sessions
from portal.coaching.sessions.commands import SessionFacts
from portal.coaching.sessions.models import SessionFormat
from portal.collaboration.search import commands, queries
from portal.collaboration.search.index_queries import count_index_differences_by_kind
from portal.collaboration.search.queries import SearchFilters
from portal.ethics.reviews import commands as review_commands
from portal.ethics.reviews import reviewer_commands
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.framing import metric_commands as metrics
from portal.project.framing.metric_commands import MeasurementFacts, MetricDefinitionFacts
from portal.project.framing.metric_models import MetricDirection
from portal.selection.applications import commands as applications
from portal.selection.calls.models import CallState
from portal.selection.jury import opening_commands
from tests.support import calls, reviews
from tests.support import factories as make

WORD = "zinzolin"


def find(person, q: str = WORD) -> list[str]:
    """The addresses of what a person finds, each with the word in the text that is shown."""
    db.session.commit()
    results = queries.search(make.actor(person), SearchFilters(q=q))
    assert results.count == len(results.hits)
    assert all(q in hit.text for _source, hit in results.hits)
    return [hit.address for _source, hit in results.hits]


@pytest.fixture
def project(app):
    return make.project(slug="heron")


@pytest.fixture
def agent(project):
    return make.holder(Role.TEAM_MEMBER, project)


@pytest.fixture
def stranger(project):
    return make.holder(Role.TEAM_MEMBER, make.project())


def test_what_was_decided_in_a_session_is_found_until_it_is_dropped(project, agent, stranger):
    coach = make.actor(make.holder(Role.COACH, project))
    facts = SessionFacts(track_id=None, held_on=clock.today(), format=SessionFormat.WEEKLY, minutes="-")
    row = sessions.log_session(coach, project, facts, [f"Garder le {WORD}."])
    page = f"/projects/heron/coaching/{row.number}"
    assert find(agent) == find(coach_person := db.session.get(type(agent), coach.person_id)) == [page]
    assert find(stranger) == []
    decision = sessions.add_decision(coach, project, row, "Écarter l’ocre.")
    assert find(agent, "ocre") == [page]
    sessions.delete_decision(coach, project, (decision, row))
    assert find(coach_person, "ocre") == []


def test_the_method_of_a_measurement_is_found_until_it_is_set_aside(project, agent, stranger):
    member = make.actor(agent)
    plan = MetricDefinitionFacts(
        name="Délai",
        unit="jours",
        direction=MetricDirection.DOWN,
        baseline=None,
        baseline_on=None,
        baseline_source="",
        target=None,
    )
    metric = metrics.define_metric(member, project, plan)
    facts = MeasurementFacts(
        measured_on=date(2026, 3, 2), value=6.0, sample_size=4, method=f"Compté par {WORD}"
    )
    row = metrics.add_measurement(member, project, metric, facts)
    assert find(agent) == [
        f"/projects/heron/file/impact/{metric.number}?at={row.number}#measurement-{row.number}"
    ]
    assert find(stranger) == []
    metrics.correct_measurement(member, project, metric, row, facts, set_aside=True, version=row.version)
    assert find(agent) == []


def test_what_a_reviewer_remarks_is_found_once_their_round_has_ended(project, agent, stranger):
    judge = make.holder(Role.ETHICS_REVIEWER, project)
    lead, reviewer = make.actor(make.holder(Role.TEAM_LEAD, project)), make.actor(judge)
    direction = make.actor(make.holder(Role.PROGRAMME_LEAD, project))
    review = reviews.opened(make.actor(agent), project)
    reviews.answered(make.actor(agent), project, review)
    review_commands.submit_review(lead, project, review)
    review_commands.choose_reviewer(direction, project, review, judge)
    reviewer_commands.take_review(reviewer, project, review)
    reviewer_commands.write_opinion(
        reviewer, project, review, "R1", reasons=f"Il manque le {WORD}.", lacks=True, expected_version=0
    )
    assert find(agent) == find(judge) == []
    reviewer_commands.request_more(reviewer, project, review, "Précisez la garance.")
    page = f"/projects/heron/reviews/{review.number}"
    assert find(agent) == find(judge) == find(agent, "garance") == [page]
    assert find(stranger) == []


@pytest.fixture
def thread(project):
    """An application that two jurors judge, a third has not declared on, and a fourth is in conflict
    with: a lead wrote a word, a juror another."""
    lead = make.holder(Role.PROGRAMME_LEAD, project)
    leading = make.actor(lead)
    call = calls.call(leading, db.session.get(type(make.programme()), project.programme_id))
    row = calls.application(leading, call)
    calls.eligible(leading, row)
    jurors = [calls.juror(leading, call) for _place in range(4)]
    calls.move(leading, call, CallState.IN_REVIEW)
    calls.assign(leading, row, *jurors)
    for person in jurors[:2]:
        calls.declare(person, row)
    calls.declare(jurors[3], row, conflict=True)
    applications.write_message(leading, calls.load(lead, row), f"Le {WORD} est au dossier.")
    applications.write_message(make.actor(jurors[0]), calls.load(jurors[0], row), "Une garance ?")
    db.session.commit()
    return row, lead, jurors


def test_messages_on_an_application_are_found_by_who_reads_their_thread(thread, agent):
    row, lead, (writer, judge, undeclared, conflicted) = thread
    assert len(find(lead)) == len(find(writer)) == len(find(judge)) == 1
    assert len(find(lead, "garance")) == len(find(writer, "garance")) == 1
    assert find(judge, "garance") == []  # scores are not open
    for person in (undeclared, conflicted, agent):
        assert find(person) == find(person, "garance") == []
        near = queries.search(make.actor(person), SearchFilters(q="zinzolim")).near_words
        assert WORD not in near
    calls.declare(undeclared, row)
    assert len(find(undeclared)) == 1
    opening_commands.open_scores(make.actor(lead), calls.load(lead, row), "Il manque des notes.", row.version)
    assert len(find(judge, "garance")) == 1
    assert find(conflicted, "garance") == []
    commands.rebuild_search_index()
    assert len(find(judge, "garance")) == 1
    assert count_index_differences_by_kind() == {}


def test_messages_leave_with_their_application_and_its_leads_in_conflict(thread):
    row, lead, (writer, *_others) = thread
    other = make.role(calls.load(lead, row).call.programme_id, Role.PROGRAMME_LEAD)
    assert len(find(other)) == 1
    calls.put_in_conflict(make.actor(other), row)
    assert find(other) == []
    applications.withdraw_application(make.actor(lead), calls.load(lead, row), "À sa demande.", row.version)
    assert find(lead) == find(writer) == []
