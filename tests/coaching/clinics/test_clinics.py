"""Help requests: asked when a sprint is closed, then claimed, scheduled, conducted and closed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.coaching.clinics import commands, policy, queries
from portal.coaching.clinics.models import HelpRequestStage
from portal.oversight.portfolio.queries import list_teams_asking_help
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints.models import BlockerKind
from portal.sprints.sprints.projections import update_project_figures
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

C = "/projects/heron/clinics"
LATE = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)


def on(days):
    return commands.ClinicMeeting(clock.today() + timedelta(days=days), "14:30", 90, "Salle B")


@pytest.fixture
def asking(project):
    return some.asking(project, closed_at=clock.now() - timedelta(days=5))


def test_the_page_of_a_request_says_what_kind_of_blocker_it_is(browser_for, project, person):
    asking = some.asking(project, blocker=BlockerKind.DATA_ACCESS)
    assert "Accès aux données" in words_of(browser_for(person).visit(f"{C}/{asking.number}").main)


def test_days_are_counted_where_the_people_are(project, lead):
    """Half an hour past midnight in Paris: in UTC it is the day before."""
    with time_machine.travel(LATE):
        some.asking(project, closed_at=LATE - timedelta(days=5))
        (waiting,) = queries.list_open_requests(lead)
        assert waiting.days_waited(clock.today()) == 5


def test_help_goes_from_asked_to_closed_and_the_team_waits_no_more(project, asking, coach, member, lead):
    (waiting,) = queries.list_open_requests(lead)
    assert (waiting.step, waiting.days_waited(clock.today())) == (HelpRequestStage.REQUESTED, 5)
    assert len(list_teams_asking_help(coach)) == 1
    clinic = commands.claim_request(coach, project, asking)
    assert commands.claim_request(coach, project, asking) is clinic
    of = clinic, asking
    commands.schedule_clinic(coach, project, of, on(2), clinic.version)
    assert clinic.step is HelpRequestStage.SCHEDULED
    commands.record_held_clinic(coach, project, of, clock.today(), clinic.version)
    assert clinic.step is HelpRequestStage.CONDUCTED
    version = asking.version
    commands.close_request(coach, project, of, "Les clés sont demandées.", clinic.version)
    db.session.commit()
    assert asking.helped_at == clinic.closed_at
    assert asking.version == version  # so an open edit of the log does not conflict
    assert queries.get_request(member, project, asking.number).step is HelpRequestStage.CLOSED
    assert not queries.list_open_requests(lead)
    assert not list_teams_asking_help(coach)
    for deed in (
        lambda: commands.schedule_clinic(coach, project, of, on(0), clinic.version),
        lambda: commands.close_request(coach, project, of, "o", clinic.version),
    ):
        with pytest.raises(TooLate, match="déjà close"):
            deed()


def test_day_and_outcome_are_said_in_one_form_or_the_outcome_later(browser_for, project, coaching):
    browser = browser_for(coaching)
    for number, outcome in ((8, "Les clés sont demandées."), (9, "")):
        some.clinic(some.asking(project, number=number), coaching, planned_on=clock.today())
        form = browser.visit(f"{C}/{number}/hold").main
        assert form.select_one("[name=held_on]")["value"] == clock.today().isoformat()
        typed = {"held_on": clock.today().isoformat(), "outcome": outcome, "version": "1"}
        page = words_of(browser.submit(f"{C}/{number}/hold", **typed).main)
        assert ("Demande d’aide close." in page, outcome in page) == (bool(outcome), True)
        assert ("Dites maintenant ce qui en est sorti." in page) is not bool(outcome)


def test_lists_count_a_request_since_it_was_made_until_somebody_takes_it(project, asking, coach):
    def waiting():
        db.session.commit()
        figures = db.session.get_one(ProjectFigures, project.id)
        db.session.refresh(figures)
        return figures.help_wanted, figures.help_since, figures.help_taken

    update_project_figures(project.id)
    assert waiting() == (True, asking.closed_at, False)
    clinic = commands.claim_request(coach, project, asking)
    assert waiting() == (True, asking.closed_at, True)
    commands.record_held_clinic(coach, project, (clinic, asking), clock.today(), clinic.version)
    commands.close_request(coach, project, (clinic, asking), "Fait.", clinic.version)
    assert waiting() == (False, None, False)


def test_only_a_coach_or_a_lead_answers_and_another_may_take_it_over(project, asking, coach, member):
    with forbidden():
        commands.claim_request(member, project, asking)
    clinic = commands.claim_request(coach, project, asking)
    other = make.actor(make.role(project.id, Role.COACH))
    since = clinic.taken_at
    assert policy.can_take(other, project, clinic)
    commands.claim_request(other, project, asking)
    assert (clinic.taken_by_id, clinic.taken_at) == (other.person_id, since)
    stranger = make.actor(make.role(make.project().id, Role.COACH))
    assert not queries.list_open_requests(stranger)
    assert not queries.list_project_requests(stranger, project)


def test_what_is_asked_no_more_is_not_taken(project, asking, coach):
    project.paused_on = clock.today()
    db.session.flush()
    assert not queries.list_open_requests(coach)  # a paused team does not wait for help
    project.paused_on = None
    asking.help_wanted = False
    db.session.flush()
    with pytest.raises(TooLate, match="ne la demande plus"):
        commands.claim_request(coach, project, asking)
    with pytest.raises(NotFound):
        queries.get_request(coach, project, asking.number)


def test_dates_and_words_are_asked_for(project, asking, coach):
    clinic = commands.claim_request(coach, project, asking)
    of, day = (clinic, asking), timedelta(days=1)
    for field, deed in {
        "planned_on": lambda: commands.schedule_clinic(coach, project, of, on(-1), 1),
        "held_on": lambda: commands.record_held_clinic(coach, project, of, clock.today() + day, 1),
        "outcome": lambda: commands.close_request(coach, project, of, "", 1),
    }.items():
        with pytest.raises(RuleBroken) as refused:
            deed()
        assert refused.value.field == field
    with pytest.raises(Conflict):
        commands.close_request(coach, project, of, "o", 0)


def test_a_coach_answers_on_the_pages_and_the_team_sees_it(browser_for, project, asking, coaching, person):
    theirs, ours = browser_for(coaching), browser_for(person)
    assert "attend depuis 5 jours" in words_of(ours.visit(C).main).replace("\xa0", " ")
    assert not ours.visit(f"{C}/{asking.number}").find("button", string="M’en charger")
    page = theirs.submit(f"{C}/{asking.number}/take")
    assert coaching.name in words_of(page.main)
    assert "Fixer la date" in words_of(page.main)
    later = (clock.today() + timedelta(days=3)).isoformat()
    page = theirs.submit(f"{C}/{asking.number}/plan", version="1", planned_on=later)
    assert "Changer la date" in words_of(page.main)
    assert "Fixer la date" not in words_of(page.main)
    told = words_of(ours.visit(f"/projects/heron/sprints/{asking.number}").main)
    assert f"Avec {coaching.name}" in told
    page = theirs.submit(f"{C}/{asking.number}/close", version="2", outcome="Demandées.")
    assert "Demandées." in words_of(page.main)
