"""Taking charge of a signal: it stays raised, says who and until when, and is new again after."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.oversight.health import charge_commands, queries, terms_commands
from portal.oversight.health.definition_rules import HealthLevel, SignalCode, Thresholds
from portal.oversight.health.labels import signal_sentence
from portal.oversight.health.models import HealthFigures, SignalCharge
from portal.oversight.health.remedy_labels import describe_charge, remedy
from portal.oversight.health.signal_rules import CHARGE_DAYS_MAX
from portal.oversight.portfolio.filter_rules import ChargeFilter, HealthFilter, PortfolioFilters
from portal.oversight.portfolio.ranking_queries import rank_teams
from portal.people.programmes.models import Programme, RoleAssignment
from portal.people.programmes.queries import get_scope
from portal.people.programmes.role_commands import end_role
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotAllowed, RuleBroken, TooLate
from portal.project.projects import commands as projects
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.hands import HANDS, at_once
from tests.support.health import known

CODE = SignalCode.KEY_ROLE


def days_later(days):
    return clock.today() + timedelta(days=days)


@pytest.fixture
def late(project, lead):
    """A project whose key roles are vacant for forty days."""
    known(project)
    with clock.frozen_at(clock.now() + timedelta(days=40)):
        yield project


def raised(project):
    state = queries.read_state(project)
    return state, next(signal for signal in state.reasons if signal.code is CODE)


def take(actor, project, days=10, edition=0, text="Je vois la direction"):
    row = charge_commands.take_charge(actor, project, CODE, text, days_later(days), read_edition=edition)
    db.session.commit()
    return row


def words(text):
    return text.replace("\xa0", " ")


def ranking(project, actor, **filters):
    programme = db.session.get_one(Programme, project.programme_id)
    return rank_teams(actor, programme, PortfolioFilters(**filters))


@pytest.mark.parametrize("place", ["project", "programme"])
def test_a_charge_ends_with_the_role_of_who_took_it(late, direction, place):
    coach = make.role(late.programme_id, Role.COACH)
    make.role(late.id, Role.COACH, coach)
    take(make.actor(coach), late)
    before = clock.now()
    _state, signal = raised(late)
    assert queries.read_state(late).charge_of(signal).who == coach.name
    with clock.frozen_at(before + timedelta(minutes=1)):
        scope_id = late.id if place == "project" else late.programme_id
        held = select(RoleAssignment).filter_by(scope_id=scope_id, person_id=coach.id)
        end_role(direction, get_scope(scope_id), db.session.scalars(held).one())
        db.session.commit()
        state, signal = raised(late)
        assert state.charge_of(signal) is None
        assert ranking(late, direction, charge=ChargeFilter.NEW).ids == (late.id,)
        assert queries.read_states([late.id], before)[late.id].charge_of(signal).who == coach.name


def test_it_stays_red_and_says_who_and_until_when(late, direction):
    state, signal = raised(late)
    assert state.level is HealthLevel.ALERT
    assert not state.is_in_charge
    assert describe_charge(signal, state) == ""
    for raised_signal in state.reasons:
        if raised_signal.level(state.day) is HealthLevel.ALERT:
            charge_commands.take_charge(
                direction, late, raised_signal.code, "x", days_later(10), read_edition=0
            )
    db.session.commit()
    after, signal = raised(late)
    assert after.level is HealthLevel.ALERT
    assert after.is_in_charge
    assert "Suivi par" in describe_charge(signal, after)
    assert "nommer" in remedy(signal, after)


def test_every_page_says_first_what_is_in_nobodys_charge(late, direction, browser_for):
    state, _signal = raised(late)
    first, second = state.reasons[:2]
    assert first.level(state.day) is second.level(state.day) is HealthLevel.ALERT
    charge_commands.take_charge(direction, late, first.code, "x", days_later(10), read_edition=0)
    db.session.commit()
    after, _signal = raised(late)
    assert after.first_reason == after.reasons[0] == second
    browser = browser_for(make.role(late.programme_id, Role.PROGRAMME_LEAD))
    for path in (f"/projects/{late.slug}", f"/projects/{late.slug}/health"):
        text = words_of(browser.visit(path).main)
        told = [text.find(words(signal_sentence(signal, after))) for signal in (second, first)]
        assert 0 < told[0] < told[1], path


def test_thresholds_that_make_a_team_new_again_warn(late, direction):
    """Its level stays; a second signal turns red beside the one in charge."""
    programme = db.session.get_one(Programme, late.programme_id)
    state, _signal = raised(late)
    for signal in state.reasons:
        if signal.level(state.day) is HealthLevel.ALERT:
            charge_commands.take_charge(direction, late, signal.code, "x", days_later(10), read_edition=0)
    db.session.commit()
    with pytest.raises(RuleBroken) as warned:
        terms_commands.change_terms(
            direction, programme, SignalCode.GATE_SLIP, Thresholds(7, 20), because="b", read_edition=0
        )
    assert warned.value.field == "knowingly"
    assert late.short_name in warned.value.message
    assert "suivi : dernier sprint clos, puis non suivi : retard attendu" in words(warned.value.message)


def test_the_past_does_not_know_it(late, direction):
    before = clock.now()
    with clock.frozen_at(before + timedelta(minutes=1)):
        take(direction, late)
        assert queries.read_state(late).charges
        assert not queries.read_state(late, before).charges
        assert queries.read_state(late, clock.now()).charges


def test_lists_tell_new_ones_from_those_in_charge_until_the_day_passes(late, direction):
    state, _signal = raised(late)
    assert ranking(late, direction).not_followed == 1
    assert ranking(late, direction, charge=ChargeFilter.NEW).ids == (late.id,)
    for signal in state.reasons:
        charge_commands.take_charge(direction, late, signal.code, "x", days_later(10), read_edition=0)
    db.session.commit()
    assert ranking(late, direction).not_followed == 0
    assert ranking(late, direction, charge=ChargeFilter.NEW).ids == ()
    assert ranking(late, direction, charge=ChargeFilter.IN_CHARGE).ids == (late.id,)
    assert ranking(late, direction, health=HealthFilter.ALERT).ids == (late.id,)
    with clock.frozen_at(clock.now() + timedelta(days=11)):
        assert ranking(late, direction).not_followed == 1
        assert ranking(late, direction, charge=ChargeFilter.NEW).ids == (late.id,)


def test_a_coach_of_the_project_or_a_lead_of_its_programme_takes_charge(late, coach, lead, direction):
    other = make.project()
    strangers = [
        lead,
        make.actor(make.role(late.id, Role.TEAM_MEMBER)),
        make.actor(make.role(other.id, Role.COACH)),
        make.actor(make.role(late.programme_id, Role.OBSERVER)),
    ]
    for actor in strangers:
        with pytest.raises(NotAllowed):
            take(actor, late)
    assert take(coach, late).edition == 1
    assert take(direction, late, edition=1).edition == 2


def test_thirty_days_at_most_and_never_in_the_past(late, direction):
    for days in (-1, CHARGE_DAYS_MAX + 1):
        with pytest.raises(RuleBroken) as refused:
            take(direction, late, days)
        assert refused.value.field == "until"
    assert take(direction, late, CHARGE_DAYS_MAX).until == days_later(30)


def test_only_a_raised_signal_of_an_active_project_is_taken_in_charge(late, direction):
    with pytest.raises(RuleBroken):
        charge_commands.take_charge(direction, late, SignalCode.ADVICE, "x", days_later(3), read_edition=0)
    projects.pause_project(direction, late)
    with pytest.raises(TooLate):
        take(direction, late)


def test_the_second_is_refused_and_finds_the_first(late, direction, coach):
    take(direction, late)
    with pytest.raises(Conflict):
        take(coach, late, text="Moi aussi")
    assert db.session.query(SignalCharge).count() == 1


def test_a_charge_taken_by_mistake_is_let_go(late, direction, browser_for):
    moment = clock.now()
    take(direction, late)
    browser = browser_for(make.role(late.programme_id, Role.PROGRAMME_LEAD))
    path = f"/projects/{late.slug}/health"
    with clock.frozen_at(moment + timedelta(minutes=1)):
        link = browser.visit(path).select_one('a[href$="/key_role/release"]')["href"]
        assert "Déjà suivi par" in words_of(browser.visit(link).main)
        browser.submit(link, expect=409, version="0")
        assert "n’est plus suivi" in words_of(browser.submit(link, version="1").body)
        assert not browser.visit(path).select('a[href$="/key_role/release"]')
        assert "Personne ne suit" in words_of(browser.submit(link, expect=422, version="2").main)
        state, signal = raised(late)
        assert state.charge_of(signal) is None
        then = queries.read_state(late, moment)
        assert then.charge_of(signal) is not None
        assert take(direction, late, edition=2).edition == 3


def test_of_six_at_once_one_takes_charge(app, project, direction, coach):
    known(project)
    person = make.role(project.id, Role.TEAM_MEMBER)
    coach_id, project_id = coach.person_id, project.id
    later = clock.now() + timedelta(days=40)

    def act(_actor, theirs, n):
        actor = Actor(coach_id, {project_id: frozenset({Role.COACH})})
        with clock.frozen_at(later):
            return charge_commands.take_charge(
                actor, theirs, CODE, f"t{n}", days_later(3), read_edition=0
            ).edition

    results = at_once(app, project, person, act)
    assert results.count(1) == 1
    assert sum(isinstance(result, Conflict) for result in results) == HANDS - 1


def test_the_second_sees_what_the_first_wrote(late, browser_for):
    chief = make.role(late.programme_id, Role.PROGRAMME_LEAD)
    first, second = browser_for(chief), browser_for(make.role(late.id, Role.COACH))
    path = f"/projects/{late.slug}/health/{CODE.value}/charge"
    typed = {"version": 0, "until": str(days_later(5))}
    assert "Votre engagement est noté" in first.submit(path, **typed, text="Je vois la direction").text
    page = second.submit(path, expect=409, **typed, text="Je les appelle")
    assert f"{chief.name} : Je vois la direction" in words_of(page)
    assert "Je les appelle" in str(page)
    health = words_of(second.visit(f"/projects/{late.slug}/health"))
    assert f"Suivi par {chief.name} jusqu’au" in health
    assert "À la direction et au porteur : nommer" in health


def test_figures_follow_a_charge_and_a_new_reading(late, direction):
    state, _signal = raised(late)
    for signal in state.reasons:
        charge_commands.take_charge(direction, late, signal.code, "x", days_later(10), read_edition=0)
    db.session.commit()
    figures = db.session.get_one(HealthFigures, late.id)
    db.session.refresh(figures)
    assert figures.new_alert_from == days_later(11)
    make.closed_sprint(late)
    known(late)
    db.session.refresh(figures)
    assert figures.new_alert_from == days_later(11)


def test_the_same_charge_sent_twice_by_one_person_is_one_charge(late, direction, coach):
    first = take(direction, late)
    assert take(direction, late) is first
    for again in ({"text": "Autre chose"}, {"days": 11}):
        with pytest.raises(Conflict):
            take(direction, late, **again)
    with pytest.raises(Conflict):  # the same words of another person
        take(coach, late)
    take(coach, late, edition=1)
    with pytest.raises(Conflict):  # no longer the last
        take(direction, late)
    assert db.session.query(SignalCharge).count() == 2


def test_a_double_click_is_answered_as_the_first(late, browser_for):
    browser = browser_for(make.role(late.programme_id, Role.PROGRAMME_LEAD))
    path = f"/projects/{late.slug}/health/{CODE.value}/charge"
    typed = {"version": 0, "until": str(days_later(5)), "text": "Je vois la direction"}
    for _twice in range(2):
        assert "Votre engagement est noté" in browser.submit(path, **typed).text
    assert db.session.query(SignalCharge).count() == 1
