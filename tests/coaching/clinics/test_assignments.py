"""A lead takes, assigns and reminds; whoever comes second is told, and asked."""

from datetime import timedelta

import pytest

from portal.coaching.clinics import assignment_commands, commands
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotAllowed, Overtaken, RuleBroken, TooLate
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of

C = "/projects/heron/clinics/1"


@pytest.fixture
def asking(project):
    return some.asking(project)


def test_a_second_coach_is_told_and_may_insist(project, asking, coach):
    other = make.actor(make.role(project.id, Role.COACH))
    clinic = commands.claim_request(coach, project, asking, 0)
    with pytest.raises(Overtaken, match="s’en occupe"):
        commands.claim_request(other, project, asking, 0)
    assert clinic.taken_by_id == coach.person_id
    commands.claim_request(other, project, asking, clinic.version)
    assert clinic.taken_by_id == other.person_id


def test_the_page_asks_and_the_second_click_takes_it(browser_for, project, asking, coaching):
    some.clinic(asking, coaching)
    other = make.role(project.id, Role.COACH)
    page = browser_for(other).submit(f"{C}/take", expect=409, version="0")
    assert coaching.name in words_of(page.main)
    version = page.select_one("form[action$=take] [name=version]")["value"]
    page = browser_for(other).submit(f"{C}/take", version=version)
    assert other.name in words_of(page.main)


def test_a_lead_assigns_to_a_coach_of_the_project(project, asking, lead, coach, member):
    stranger = make.role(project.programme_id, Role.COACH)
    with pytest.raises(RuleBroken):
        assignment_commands.assign_request(lead, project, asking, stranger.id, 0)
    clinic = assignment_commands.assign_request(lead, project, asking, coach.person_id, 0)
    assert clinic.taken_by_id == coach.person_id
    with pytest.raises(Overtaken):
        assignment_commands.assign_request(lead, project, asking, lead.person_id, 0)
    for actor in (coach, member):
        with pytest.raises(NotAllowed):
            assignment_commands.assign_request(actor, project, asking, coach.person_id, 1)


def test_a_clinic_that_a_lead_took_is_theirs(browser_for, project, asking):
    person = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    lead = make.actor(person)
    browser = browser_for(person)
    assert browser.visit(C).find("button", string="Relancer")
    clinic = commands.claim_request(lead, project, asking, 0)
    day = clock.today() + timedelta(days=3)
    browser.submit(f"{C}/plan", planned_on=day, hour="10:00", version=clinic.version)
    assert "clinique" in words_of(browser.visit("/inbox/calendar").main)
    other = browser_for(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    assert "clinique" not in words_of(other.visit("/inbox/calendar").main)
    assert not browser.visit(C).find("button", string="Relancer")
    with pytest.raises(TooLate, match="vous-même"):
        assignment_commands.remind_of_request(lead, project, asking)


def test_a_clinic_is_within_the_support_and_lasts_from_an_hour_on(project, asking, coach):
    claim = commands.claim_request(coach, project, asking, 0), asking
    after = commands.ClinicMeeting(project.ends_on + timedelta(days=1))
    no_hour = commands.ClinicMeeting(clock.today() + timedelta(days=1), duration=60)
    for meeting, field in ((after, "planned_on"), (no_hour, "hour")):
        with pytest.raises(RuleBroken) as refused:
            commands.schedule_clinic(coach, project, claim, meeting, claim[0].version)
        assert refused.value.field == field


def test_a_date_is_fixed_with_the_usual_length_and_place(browser_for, project, asking):
    person = make.role(project.id, Role.COACH)
    clinic = commands.claim_request(make.actor(person), project, asking, 0)
    db.session.commit()
    coach = browser_for(person)

    def proposed():
        form = coach.visit(f"{C}/plan").main
        assert "la demande d’aide du sprint" in words_of(form)
        return form.select_one("[name=duration]").get("value"), form.select_one("[name=place]").get("value")

    assert proposed() == ("60", "")
    tomorrow = clock.today() + timedelta(days=1)
    elsewhere = make.project(make.programme())
    some.session(elsewhere, person, next_on=tomorrow, hour="10:00", duration=20, place="Chez eux")
    assert proposed() == ("60", "")  # nothing of another team
    some.session(
        project,
        make.person(),
        next_on=clock.today(),
        hour="10:00",
        duration=30,
        place="Salle 3",
        held_on=clock.today() - timedelta(days=1),
    )
    some.session(project, make.person(), next_on=tomorrow, hour="10:00", duration=45)
    assert proposed() == ("45", "Salle 3")
    coach.submit(f"{C}/plan", planned_on=tomorrow, duration="60", version=clinic.version)  # seen before
    assert (clinic.planned_on, clinic.duration) == (tomorrow, None)  # a day alone, as before
    coach.submit(f"{C}/plan", expect=422, planned_on=tomorrow, duration="50", version=clinic.version)


def test_a_reminder_leaves_once_a_day(project, asking, lead, coach):
    assignment_commands.remind_of_request(lead, project, asking)
    with pytest.raises(TooLate, match="aujourd’hui"):
        assignment_commands.remind_of_request(lead, project, asking)
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        assignment_commands.remind_of_request(lead, project, asking)
    with pytest.raises(NotAllowed):
        assignment_commands.remind_of_request(coach, project, asking)


def test_the_button_of_a_reminder_goes_once_it_left(project, asking, lead, browser_for):
    person = db.session.get(Person, lead.person_id)
    page = browser_for(person).visit(C)
    assert page.find("button", string="Relancer")
    assignment_commands.remind_of_request(lead, project, asking)
    db.session.commit()
    page = browser_for(person).visit(C)
    assert not page.find("button", string="Relancer")
