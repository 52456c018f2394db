"""Readings: appended in the transaction of an event; earlier moments keep their state."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from portal.coaching.clinics import assignment_commands
from portal.oversight.gates import commands as gate_commands
from portal.oversight.gates import queries as gate_queries
from portal.oversight.health import commands, labels, opinion_queries, projections, queries, terms_commands
from portal.oversight.health.definition_rules import HealthLevel, LeadOpinionLevel, SignalCode, Thresholds
from portal.oversight.health.fact_queries import gather_facts
from portal.oversight.health.fact_rules import facts_as_plain, facts_from_plain
from portal.oversight.health.models import HealthFigures, HealthReading
from portal.oversight.health.signal_rules import find_worst_level
from portal.oversight.portfolio.past_owed_queries import list_past_waiting_entries
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.projects import commands as projects
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.support import coaching, gates, project_file
from tests.support import factories as make
from tests.support import risks as risk_scene
from tests.support.browser import words_of
from tests.support.gates import PROTOTYPE
from tests.support.health import known
from tests.support.refusals import forbidden


def count(model=HealthReading):
    return db.session.scalar(select(func.count()).select_from(model))


def codes(state):
    return [signal.code for signal in state.reasons]


def test_a_reading_holds_all_that_is_known_and_nothing_new_is_kept_twice(project, lead, coach):
    gates.judged(project)
    make.closed_sprint(project)
    risk_scene.risk(project, likelihood=4, severity=4)
    state = known(project)
    assert state.facts.work.last.number == 1
    assert [issue.number for issue in state.facts.unowned] == [1]
    assert set(state.facts.empty) == {"sponsor", "business_owner", "coach:strategic"}
    assert state.level is HealthLevel.ALERT
    assert codes(state)[0] is SignalCode.HIGH_RISK
    assert all(labels.signal_sentence(signal, state) for signal in state.reasons)
    assert all(labels.signal_value_label(signal, state) for signal in state.signals)
    reading_count = count()
    assert projections.refresh_project_reading(project) is False
    assert count() == reading_count
    figures = db.session.get_one(HealthFigures, project.id)
    assert figures.alert_from == clock.today()
    assert figures.next_gate == 0


def test_gates_that_other_rules_read_are_read_again_and_those_of_these_rules_are_kept(project):
    gates.judged(project)
    facts = known(project).facts
    stale = tuple(replace(step, passed_on=clock.today(), stale_on=clock.today()) for step in facts.steps)
    kept = replace(facts, steps=stale)
    plain = facts_as_plain(kept)
    del plain["edition"]  # as release 0.11.0 stored it
    steps_only = frozenset({projections.HealthFactPart.STEPS})
    assert gather_facts(project, steps_only, facts_from_plain(plain)) == facts
    assert gather_facts(project, steps_only, kept) == kept


def test_as_of_a_day_stays_what_it_was_whatever_comes_later(project, lead, coach):
    gates.shown(project)
    gates.judged(project)
    before = known(project)
    moment = clock.now()
    with clock.frozen_at(moment + timedelta(days=5)):
        fingerprint = gate_queries.read_last_evaluation_rows_by_gate(project)[PROTOTYPE].fingerprint
        gate_commands.accept_gate(coach, project, PROTOTYPE, fingerprint)
        db.session.commit()
        accepted = queries.read_state(project)
        assert accepted.numbers.accepted == 10
        assert accepted.latenesses == [-95]
        assert queries.read_state(project, moment) == before
    assert before.numbers.accepted == 0
    with clock.frozen_at(moment + timedelta(days=80)):
        aged = queries.read_state(project)
        assert SignalCode.NO_SPRINT in codes(aged)  # no event: only days passed
        day = clock.day_of(moment + timedelta(days=5))
        assert queries.read_state(project, moment + timedelta(days=6)).day > day
        assert queries.read_state(project, moment) == before


def test_an_event_refreshes_its_own_project_only(project, lead, direction):
    other = make.project(make.programme(slug="other"))
    known(other)
    known(project)
    reading_count = count()
    commands.declare_weather(lead, project, OutlookLevel.RAINY, "Les données tardent.")
    db.session.commit()
    assert count() == reading_count  # a declared weather is no fact
    projects.pause_project(direction, project)
    db.session.commit()
    assert count() == reading_count + 1
    resting = queries.read_state(project)
    assert resting.level is HealthLevel.UNKNOWN
    assert not resting.signals


def test_what_people_say_stands_beside_with_its_author_and_its_end(project, lead, direction):
    known(project)
    commands.declare_weather(lead, project, OutlookLevel.CLOUDY, "Un point nous préoccupe.")
    until, before = clock.today() + timedelta(days=10), clock.now()
    commands.note_lead_opinion(direction, project, LeadOpinionLevel.ALERT, "Le sponsor part.", until)
    db.session.commit()
    assert opinion_queries.list_lead_opinions(project, before) == []
    state = queries.read_state(project)
    assert state.level is find_worst_level(state.signals, state.day)
    assert (state.weather.outlook, state.override.level) == (OutlookLevel.CLOUDY, LeadOpinionLevel.ALERT)
    with clock.frozen_at(clock.now() + timedelta(days=11)):
        assert queries.read_state(project).override is None
    commands.note_lead_opinion(direction, project, LeadOpinionLevel.NOTHING, "Un sponsor est là.", until)
    db.session.commit()
    assert queries.read_state(project).override is None
    assert [override.level for override in opinion_queries.list_lead_opinions(project)] == [
        LeadOpinionLevel.NOTHING,
        LeadOpinionLevel.ALERT,
    ]
    with pytest.raises(RuleBroken):
        commands.note_lead_opinion(
            direction, project, LeadOpinionLevel.FINE, "b", clock.today() - timedelta(days=1)
        )
    for refused in (direction, make.actor(make.role(project.id, Role.TEAM_MEMBER))):
        with forbidden():
            commands.declare_weather(refused, project, OutlookLevel.SUNNY, "s")
    with forbidden():
        commands.note_lead_opinion(lead, project, LeadOpinionLevel.FINE, "t", until)
    projects.pause_project(direction, project)
    with pytest.raises(TooLate):
        commands.declare_weather(lead, project, OutlookLevel.SUNNY, "s")


def test_other_thresholds_hold_from_now_on_and_change_no_past(project, lead, direction):
    known(project)
    moment = clock.now()
    programme = gate_queries.db.session.get_one(projects.Programme, project.programme_id)
    with clock.frozen_at(moment + timedelta(minutes=1)):
        thresholds = Thresholds(5, 10)
        row = terms_commands.change_terms(
            direction,
            programme,
            SignalCode.NO_SPRINT,
            thresholds,
            because="Sprints courts",
            read_edition=0,
            knowingly=True,
        )
        db.session.commit()
        assert row.edition == 1
        assert SignalCode.NO_SPRINT in codes(queries.read_state(project))
        assert SignalCode.NO_SPRINT not in codes(queries.read_state(project, moment))
        editions = [queries.read_definitions(programme.id, at) for at in (moment, None)]
        assert [edition[SignalCode.NO_SPRINT].edition for edition in editions] == [0, 1]
        with pytest.raises(Conflict):
            terms_commands.change_terms(
                direction, programme, SignalCode.ADVICE, Thresholds(1, 2), because="b", read_edition=1
            )
        for wrong in (Thresholds(9, 5), Thresholds(5, 10)):
            with pytest.raises(RuleBroken):
                terms_commands.change_terms(
                    direction, programme, SignalCode.NO_SPRINT, wrong, because="b", read_edition=1
                )
        with forbidden():
            terms_commands.change_terms(
                lead, programme, SignalCode.ADVICE, thresholds, because="b", read_edition=0
            )


def test_other_thresholds_first_say_which_teams_move(project, direction, browser_for):
    known(project)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert queries.read_state(project).level is HealthLevel.WATCH
        programme = db.session.get_one(projects.Programme, project.programme_id)
        with pytest.raises(RuleBroken) as refused:
            terms_commands.change_terms(
                direction, programme, SignalCode.NO_SPRINT, Thresholds(5, 10), because="b", read_edition=0
            )
        assert refused.value.field == "knowingly"
        assert "à surveiller, puis en difficulté" in refused.value.message
        assert project.short_name in refused.value.message
        browser = browser_for(make.role(programme.id, Role.PROGRAMME_LEAD))
        path = f"/programmes/{programme.slug}/health/no_sprint/edit"
        typed = {"watch": 5, "alert": 10, "because": "b", "version": 0}
        assert not browser.visit(path).select("[name=knowingly]")
        for code, label in (("no_sprint", "à partir de"), ("gate_slip", "au-delà de")):
            form = browser.visit(path.replace("no_sprint", code)).main
            assert f"À surveiller {label}" in words_of(form)
            assert f"En difficulté {label}" in words_of(form)
        page = browser.submit(path, expect=422, **typed)
        question = page.select_one(".error-summary")
        assert "Confirmez avant d’enregistrer" in words_of(question)
        assert "Ce changement touche 1 équipe" in words_of(question)
        assert len(question.select("li")) == 1
        assert page.select("[name=knowingly]")
        assert "L’alerte vient après" in words_of(
            browser.submit(path, expect=422, **typed | {"alert": 4, "because": ""}).main
        )
        seen = page.select_one("[name=knowingly]")["value"]
        browser.submit(path, expect=422, **typed | {"watch": 4}, knowingly="y")
        assert queries.read_state(project).level is HealthLevel.WATCH  # this warning was not seen
        assert "Signal changé" in words_of(browser.submit(path, **typed, knowingly=seen).body)
        assert queries.read_state(project).level is HealthLevel.ALERT
        (entry,) = browser.visit(f"/programmes/{programme.slug}/health").select("ul.deeds > li")
        said = "Dernier sprint clos : à surveiller : 21 jours → 5 jours · en difficulté : 35 jours → 10 jours"
        assert said in words_of(entry)


def test_states_of_fifty_cost_what_one_costs(project, statements):
    programme = db.session.get_one(projects.Programme, project.programme_id)
    others = [make.project(programme, slug=f"p{n}") for n in range(4)]
    for team in (project, *others):
        known(team)

    ids = [project.id, *(team.id for team in others)]

    def cost(some, moment=None):
        before = len(statements)
        assert len(queries.read_states(some, moment)) == len(some)
        return len(statements) - before

    assert cost(ids[:1]) == cost(ids) == cost(ids, clock.now()) == 1


@pytest.mark.parametrize("sql", ["UPDATE health_reading SET signals = '[]'", "DELETE FROM health_reading"])
def test_the_database_lets_nobody_change_what_was_known(project, sql):
    known(project)
    with pytest.raises(DBAPIError):
        db.session.execute(text(sql))
    db.session.rollback()


def test_data_that_arrived_silence_their_signal(project, lead):
    with clock.frozen_at(clock.now() + timedelta(days=60)):
        gates.judged(project)
        assert SignalCode.DATA_ACCESS in codes(known(project))
        project_file.source(project, quality_note="Bonne", purpose="Trier")
        gates.judged(project)
        lacking = known(project).facts.step("data").lacking
        assert lacking < 5


def test_help_given_to_a_coach_is_awaited_no_more_where_a_pack_lists_it(project, coach):
    sprint = coaching.asking(project)
    entries = list_past_waiting_entries({project.id: known(project)}, clock.now(), clock.DEFAULT_ZONE)
    assert "clinics" in dict(entries[project.id])
    direction = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assignment_commands.assign_request(direction, project, sprint, coach.person_id, 0)
    db.session.commit()
    states = queries.read_states([project.id])
    entries = list_past_waiting_entries(states, clock.now(), clock.DEFAULT_ZONE)
    assert "clinics" not in dict(entries.get(project.id, ()))
