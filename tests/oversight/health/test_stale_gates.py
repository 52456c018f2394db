"""Stale gates wait for their acceptor without a new request, with cause and first day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.oversight.gates import commands, queries
from portal.oversight.gates import projections as gate_projections
from portal.oversight.gates.definition_rules import StalenessCause
from portal.oversight.gates.evidence_rules import EthicsReviewsEvidence
from portal.oversight.gates.turn_rules import GateTurn
from portal.oversight.health import projections, stale_gate_queries
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.queries import read_states
from portal.oversight.health.remedy_labels import remedy
from portal.oversight.health.stale_gate_queries import list_stale_gates_for_actor, read_stale_gate_states
from portal.oversight.health.to_decide_labels import describe_stale_gates, list_stale_gate_lines
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import format_day
from portal.project.projects import commands as projects
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import gates
from tests.support.browser import words_of
from tests.support.evidence import WHOLE
from tests.support.gates import PROTOTYPE


def accepted(project, coach):
    """Let the coach accept the gate that a demonstration proves; return the demonstration."""
    demonstration = gates.shown(project)
    gates.judged(project)
    fingerprint = queries.read_last_evaluation_rows_by_gate(project)[PROTOTYPE].fingerprint
    commands.accept_gate(coach, project, PROTOTYPE, fingerprint)
    db.session.commit()
    return demonstration


def lose(project, demonstration):
    demonstration.agents = 0
    db.session.commit()
    gates.judged(project)
    projections.refresh_project_reading(project)
    db.session.commit()


def test_it_waits_for_whoever_accepts_it_until_it_is_asked_for_or_over(project, lead, coach, direction):
    demonstration = accepted(project, coach)
    other = make.actor(gates.coach(project, "strategic"))
    assert not list_stale_gates_for_actor(coach)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        lose(project, demonstration)
        (stale_gate,) = list_stale_gates_for_actor(coach)
        assert (stale_gate.project.id, stale_gate.definition.number) == (project.id, PROTOTYPE)
        assert (stale_gate.since, stale_gate.is_own) == (clock.today(), False)  # the team's turn
        state = read_stale_gate_states([project], {(project.id, PROTOTYPE)})[project.id][PROTOTYPE]
        assert not state.is_proved
        assert [each.cause for each in state.stale] == [StalenessCause.EVIDENCE_LOST]
        assert [gate.is_own for gate in list_stale_gates_for_actor(direction)] == [False]
        for actor in (lead, other, make.actor(make.role(make.project().id, Role.COACH))):
            assert not list_stale_gates_for_actor(actor)
        commands.declare_gate(lead, project, PROTOTYPE)
        db.session.commit()
        assert not list_stale_gates_for_actor(coach)
        commands.withdraw_declaration(lead, project, PROTOTYPE)
        db.session.commit()
        assert list_stale_gates_for_actor(coach)
        projects.stop_project(direction, project, reason="Les données", learnings="Une grille")
        assert not list_stale_gates_for_actor(coach)


def test_the_page_says_why_and_many_teams_cost_what_one_costs(project, browser_for, statements):
    who = gates.coach(project)
    around = get_programme_of(project)
    on = make.tracks_of(around)["technical"].id

    def cost():
        coach = make.actor(who)
        db.session.expire_all()
        statements.clear()
        list_stale_gates_for_actor(coach)
        return len(statements)

    lose(project, accepted(project, make.actor(who)))
    single_cost = cost()
    page = words_of(browser_for(who).visit("/to-decide").main)
    assert "Périmé : " in page
    assert "Ce qui le prouvait n’est plus là" in page
    assert "À l’équipe : prouver de nouveau G5" in page
    assert "Regarder de nouveau" not in page
    for _team in range(3):
        team = make.project(around, starts_on=project.starts_on)
        make.role(team.id, Role.COACH, who, track_id=on)
        lose(team, accepted(team, make.actor(who)))
    assert cost() == single_cost


@pytest.fixture
def prove(project, monkeypatch):
    """Judge the gates of the project on evidence, and read its health."""

    def judge(evidence):
        for module in (gate_projections, queries):
            monkeypatch.setattr(module, "gather_evidence", lambda *_: evidence)
        gates.judged(project)
        projections.refresh_project_reading(project)
        db.session.commit()

    return judge


def accept_now(actor, project, gate):
    commands.accept_gate(
        actor, project, gate, queries.read_last_evaluation_rows_by_gate(project)[gate].fingerprint
    )
    db.session.commit()


def test_each_cause_says_since_when(project, prove, browser_for):
    """And what began on one day is said together."""
    accepter = gates.coach(project)
    prove(WHOLE)
    accept_now(make.actor(accepter), project, 2)
    changed = [replace(WHOLE.sources[0], token="other"), replace(WHOLE.sources[0], number=2)]
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        prove(replace(WHOLE, sources=tuple(changed)))
    with clock.frozen_at(clock.now() + timedelta(days=33)):
        prove(replace(WHOLE, sources=(*changed, replace(changed[1], number=3))))
        day = format_day(clock.today() - timedelta(days=30), "medium")
        sentences = (
            f"Une source de données a changé : source 1, source 2 (depuis le {day})."
            f" Une source de données a changé : source 3 (depuis le {format_day(clock.today(), 'medium')})"
        )
        lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
        pages = [(lead, "/to-decide")]
        pages += [(accepter, path) for path in ("/to-decide", f"/projects/{project.slug}/coaching/prepare")]
        for reader, path in pages:
            line = words_of(browser_for(reader).visit(path).main).replace("\xa0", " ")
            assert sentences in line
    with clock.frozen_at(clock.now() + timedelta(days=34)):
        prove(replace(WHOLE, sources=(WHOLE.sources[0], changed[1])))
        line = words_of(browser_for(lead).visit("/to-decide").main).replace("\xa0", " ")
        assert "source 2 attend depuis 31 jours" in line.replace(",", "")  # one day for all: said once
        assert "source 1" not in line


def test_where_no_cause_says_its_day_the_line_of_others_does(project, prove, direction, coach, monkeypatch):
    prove(WHOLE)
    accept_now(coach, project, 2)
    source = WHOLE.sources[0]
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        prove(replace(WHOLE, sources=(source, replace(source, number=2, has_purpose=False))))
        (line,) = list_stale_gate_lines(direction)
        (state,) = (gates[2] for gates in read_stale_gate_states([project], {(project.id, 2)}).values())
        undated = replace(state, stale=tuple(replace(each, since=None) for each in state.stale))
        assert "aujourd’hui" not in describe_stale_gates([line])[0]
        states = {project.id: {2: undated}}
        monkeypatch.setattr(stale_gate_queries, "read_stale_gate_states", lambda *_: states)
        assert describe_stale_gates([line])[0].endswith(", aujourd’hui")


def remedy_of(project):
    state = read_states([project.id])[project.id]
    (signal,) = [each for each in state.reasons if each.code is SignalCode.GATE_STALE]
    return remedy(signal, state).replace("\xa0", " ")


@pytest.mark.parametrize(
    "case",
    [
        ("", GateTurn.ANSWER, "À l’équipe : répondre au réexamen qui périme G3."),
        ("1", GateTurn.CONFIRM, "confirmer la réponse au réexamen qui périme G3."),
    ],
)
def test_a_gate_with_an_open_rereview_is_not_accepted_and_says_whose_turn_it_is(
    project, prove, browser_for, direction, case
):
    to_confirm, turn, words = case
    reviewer = make.role(project.id, Role.ETHICS_REVIEWER)
    prove(WHOLE)
    accept_now(make.actor(reviewer), project, 3)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        opened = EthicsReviewsEvidence(WHOLE.reviewed.reviews, {"1": "exposure"}, frozenset(to_confirm))
        prove(replace(WHOLE, reviewed=opened))
        with pytest.raises(RuleBroken) as refused:
            accept_now(make.actor(reviewer), project, 3)
        assert words in refused.value.message.replace("\xa0", " ")
        db.session.rollback()
        assert not list_stale_gates_for_actor(make.actor(reviewer))  # theirs is the re-review
        (stale_gate,) = list_stale_gates_for_actor(direction)
        assert stale_gate.turns == (turn,)
        assert words in remedy_of(project)
        browser = browser_for(reviewer)
        page = browser.visit(f"/projects/{project.slug}/gates/3")
        assert words in words_of(page.main)
        assert f"/projects/{project.slug}/gates/3/accept" not in str(page.main)
        assert f"/projects/{project.slug}/reviews/triggers/1" in str(page.main)
        assert words in words_of(browser.visit(f"/projects/{project.slug}/gates/3/accept", expect=403).main)


def test_a_proof_that_the_programme_must_give_is_its_leads_turn(project, prove, direction, coach):
    prove(WHOLE)
    accept_now(direction, project, 0)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        prove(replace(WHOLE, engagement=replace(WHOLE.engagement, tracks={"technical": False})))
        (stale_gate,) = list_stale_gates_for_actor(direction)
        assert (stale_gate.is_own, stale_gate.turns) == (True, (GateTurn.LEAD,))
        assert remedy_of(project) == "À la direction : apporter ce qui manque à G0."


def test_it_waits_for_its_acceptor_since_the_team_proved_it_again(project, prove, coach):
    prove(WHOLE)
    accept_now(coach, project, 2)
    source = WHOLE.sources[0]
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        prove(replace(WHOLE, sources=(source, replace(source, number=2, has_purpose=False))))
        lost_on = clock.today()
    with clock.frozen_at(clock.now() + timedelta(days=33)):
        (line,) = list_stale_gate_lines(coach)
        assert (line.since, line.is_own, line.days_late) == (lost_on, False, 0)
        prove(replace(WHOLE, sources=(source, replace(source, number=2))))
        (line,) = list_stale_gate_lines(coach)
        assert (line.since, line.is_own, line.days_late) == (clock.today(), True, 0)
    with clock.frozen_at(clock.now() + timedelta(days=43)):
        (line,) = list_stale_gate_lines(coach)
        assert (line.days_waited, line.days_late) == (10, 3)


@pytest.mark.parametrize(("label", "outcome"), [("Refuser", "refusé"), ("Accepter", "accepté")])
def test_whoever_looks_again_comes_back_to_the_list_and_reads_which_gate_it_was(
    project, prove, browser_for, label, outcome
):
    who, source = gates.coach(project), WHOLE.sources[0]
    prove(WHOLE)
    accept_now(make.actor(who), project, 2)
    for has_purpose in (False, True):
        prove(replace(WHOLE, sources=(source, replace(source, number=2, has_purpose=has_purpose))))
    browser = browser_for(who)
    look = browser.visit("/to-decide").select_one("#to-decide [id^='stale-'] .todo__acts a")
    assert look.text.startswith("Regarder de nouveau")
    answer = browser.visit(look["href"]).main.find("a", string=label)["href"]
    sent = {field["name"]: field["value"] for field in browser.visit(answer).select("#form input[name]")}
    page = browser.submit(answer.partition("?")[0], **sent | {"reason": "Il manque le son."})
    assert words_of(page.h1).startswith("À décider")
    assert f"G2 de {project.short_name} {outcome}" in words_of(page)


def test_no_more_stale_gates_are_read_than_a_page_shows(project, prove, coach, monkeypatch):
    prove(WHOLE)
    for gate in (2, 4):
        accept_now(coach, project, gate)
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        prove(replace(WHOLE, sources=(), evaluated=replace(WHOLE.evaluated, runs=())))
        assert len(list_stale_gates_for_actor(coach)) == 2
        monkeypatch.setattr(stale_gate_queries, "WAITING_MAX", 1)
        assert [gate.definition.number for gate in list_stale_gates_for_actor(coach)] == [2]
