"""How many teams of the demonstration are red, silent, in charge, or left by a coach."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from portal.ethics.rereviews.models import Trigger
from portal.oversight.health.change_queries import list_changed_project_ids
from portal.oversight.health.charge_queries import list_charges
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.lateness_rules import compute_lateness
from portal.oversight.health.queries import compute_lateness_increments, read_programme_states, read_states
from portal.oversight.health.signal_rules import CHARGE_DAYS_MAX
from portal.oversight.portfolio.change_rules import compare_states
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.months import months_after
from portal.project.projects.models import Project

COHORTS = ("ami-ia-2018", "ami-ia-2019")
FIRST_MONTH = 3
SILENT_DAYS = 21
ABANDONED_DAYS = 60


def list_programmes(*slugs):
    programmes = db.session.query(Programme).filter(Programme.slug.in_(slugs))
    return programmes.order_by(Programme.starts_on).all()


def list_projects(*slugs):
    ids = [programme.id for programme in list_programmes(*slugs)]
    return db.session.query(Project).filter(Project.programme_id.in_(ids)).order_by(Project.slug).all()


def list_month_ends(*slugs):
    """The days that end a month of a programme, from the third month of the first one on."""
    programmes = list_programmes(*slugs)
    first = months_after(programmes[0].starts_on, FIRST_MONTH)
    months = [
        months_after(programme.starts_on, month)
        for programme in programmes
        for month in range(1, programme.months + 1)
    ]
    return sorted({day for day in months if first <= day < clock.today()} | {clock.today()})


def count_red(projects: list[Project], day: date):
    """The teams that are red at the end of a day, and those that are active, as slugs."""
    active = [
        project
        for project in projects
        if project.starts_on <= day and (project.stopped_on is None or project.stopped_on > day)
    ]
    evening = min(datetime.combine(day, time(23, 59), UTC), clock.now())
    states = read_states([project.id for project in active], evening, day)
    levels = {project.slug: states[project.id].level for project in active}
    return {slug for slug, level in levels.items() if level is HealthLevel.ALERT}, levels


def test_at_each_months_end_some_teams_are_red_and_most_are_not(told):
    projects, days = list_projects(*COHORTS), list_month_ends(*COHORTS)
    assert len(days) >= 10
    for day in days:
        red, active = count_red(projects, day)
        assert 0.15 <= len(red) / len(active) <= 0.35, (day, red)
    # Today there is more than red, of both cohorts.
    assert set(active.values()) >= {HealthLevel.ALERT, HealthLevel.WATCH, HealthLevel.FINE}
    assert {project.programme_id for project in projects if project.slug in red} == {
        programme.id for programme in list_programmes(*COHORTS)
    }


def test_between_the_months_ends_the_share_hardly_leaves_its_range(told):
    """A day of loading in another month moves the ends of months by a day or two."""
    projects = list_projects(*COHORTS)
    for end in list_month_ends(*COHORTS):
        for day in (end - timedelta(days=2), end + timedelta(days=2)):
            if day < clock.today():
                red, active = count_red(projects, day)
                assert 0.15 <= len(red) / len(active) <= 0.35, (day, red)


def test_of_the_own_programme_one_team_at_most_is_red(told):
    projects, days = list_projects("atelier-imaginaire"), list_month_ends("atelier-imaginaire")
    assert len(days) >= 3
    for day in days:
        red, active = count_red(projects, day)
        assert (len(red) <= 1, len(active)) == (True, 3), (day, red)


def test_at_first_it_is_too_early_to_say(told):
    for slug in COHORTS:
        (programme,) = list_programmes(slug)
        _red, levels = count_red(list_projects(slug), programme.starts_on + timedelta(days=10))
        assert HealthLevel.UNKNOWN in levels.values()


@pytest.mark.parametrize("slug", [*COHORTS, "atelier-imaginaire"])
def test_a_past_day_shows_all_teams_from_the_start_of_their_programme_on(told, slug):
    (programme,) = list_programmes(slug)
    projects = list_projects(slug)
    _red, levels = count_red(projects, programme.starts_on)
    assert levels.keys() == {project.slug for project in projects}


def test_some_signals_are_in_charge_and_some_charges_expired(told):
    projects, today = list_projects(*COHORTS), clock.today()
    charges = [charge for project in projects for charge in list_charges(project)]
    assert all((charge.until - charge.on).days <= CHARGE_DAYS_MAX for charge in charges)
    assert {charge.until < today for charge in charges} == {True, False}
    states = read_states([project.id for project in projects])
    red = [state for state in states.values() if state.level is HealthLevel.ALERT]
    assert {state.is_in_charge for state in red} == {True, False}


@pytest.mark.parametrize("slug", COHORTS)
def test_some_teams_are_silent(told, slug):
    states = read_states([project.id for project in list_projects(slug)]).values()
    silent = [
        state
        for state in states
        for signal in state.reasons
        if signal.code is SignalCode.NO_SPRINT and (state.day - signal.counted_from).days >= SILENT_DAYS
    ]
    assert 1 <= len(silent) <= 4


def test_a_coach_left_a_track_while_another_track_is_met(told):
    projects = list_projects(*COHORTS)
    states = read_states([project.id for project in projects])
    since = clock.today() - timedelta(days=ABANDONED_DAYS)
    abandoned = [
        project.slug
        for project in projects
        for tracks in [states[project.id].facts.tracks.values()]
        if any(track.assigned_on and (track.met_on or track.assigned_on) < since for track in tracks)
        and any(track.met_on and track.met_on > since for track in tracks)
    ]
    assert abandoned == ["asn", "ddtm-34"]
    # Of one of them, nothing else is at that level: its line says so first.
    (first, *_others) = states[projects[[project.slug for project in projects].index("asn")].id].reasons
    assert first.code is SignalCode.NO_CONTACT


def test_the_lateness_of_a_past_day_follows_from_the_steps_of_that_day(told):
    compared = 0
    for programme in list_programmes(*COHORTS):
        for day in list_month_ends(programme.slug):
            states = read_programme_states(programme.id, min(clock.end_of_day(day), clock.now()))
            steps = compute_lateness_increments(states.values())
            for state in states.values():
                lateness = compute_lateness(state.facts, steps)
                for signal in state.signals:
                    if signal.code is SignalCode.GATE_SLIP and "shift" in signal.parameters:
                        assert signal.parameters["shift"] == lateness.shift, (programme.slug, day)
                        compared += 1
    assert compared > 50


def test_every_project_whose_state_changed_is_found_without_reading_all_states(told):
    """With readings, and with days on which nothing but the calendar moves a state."""
    found = changed = 0
    for programme in list_programmes(*COHORTS):
        ids = db.session.scalars(select(Project.id).where(Project.programme_id == programme.id)).all()
        for ahead, days in product((0, 25, 70), (1, 7, 30, 90)):
            with clock.frozen_at(clock.now() + timedelta(days=ahead)):
                moment = clock.now() - timedelta(days=days)
                then, now = read_states(ids, moment), read_states(ids)
                moved = {id_ for id_, state in now.items() if compare_states(then.get(id_), state)}
                candidates = list_changed_project_ids(programme.id, moment, clock.today())
            assert moved <= candidates, (programme.slug, ahead, days)
            found, changed = found + len(candidates), changed + len(moved)
    assert 0 < changed <= found < 1.3 * changed


def test_an_ethics_gate_is_stale_since_the_day_its_re_review_opened(told):
    """Of the oldest re-review that waits, as in a portal that runs."""
    compared = 0
    for project in list_projects(*COHORTS, "atelier-imaginaire"):
        opened_on = [
            clock.day_of(each.created_at)
            for each in db.session.scalars(select(Trigger).where(Trigger.project_id == project.id))
            if each.confirmed_at is None
        ]
        step = read_states([project.id])[project.id].facts.step("framing")
        if opened_on and step.stale_since() is not None and step.turns:
            assert step.stale_since() == max(min(opened_on), step.passed_on), project.slug
            compared += 1
    assert compared >= 2
