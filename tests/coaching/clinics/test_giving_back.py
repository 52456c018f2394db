"""A request that a coach took waits again."""

from datetime import timedelta

from portal.coaching.clinics.models import Clinic
from portal.communication.notifications.models import Notification
from portal.people.accounts import commands as accounts
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints.models import Sprint
from tests.support import api
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.help_requests import TEXT, ask


def test_a_request_that_one_took_is_given_back_until_its_day_is_fixed(app, browser_for):
    project = make.project(slug="heron")
    make.active_sprint(project)
    coaching, other = (make.role(project.id, Role.COACH) for _ in range(2))
    member = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    ask(member)
    page = "/projects/heron/clinics/1"
    coach, colleague = browser_for(coaching), browser_for(other)
    coach.submit(f"{page}/take", page=page, version=0)
    assert "La rendre" not in words_of(colleague.visit(page).main)
    assert "s’en occupe" in words_of(
        colleague.submit(f"{page}/give-back", page=page, version=1, expect=409).main
    )
    assert "La rendre" in words_of(coach.visit(page).main)
    for _twice in range(2):
        shown = words_of(coach.submit(f"{page}/give-back", page=page, version=1).main)
        assert "Personne ne l’a encore prise." in shown
        assert TEXT in shown
    assert not db.session.query(Clinic).count()
    assert not db.session.get_one(ProjectFigures, project.id).help_taken
    told = {each.kind for each in db.session.query(Notification).filter_by(action="clinic.given_back")}
    assert told == {"clinic", "help_wanted"}  # the team, then those who may take it
    assert TEXT in words_of(colleague.visit("/to-decide").main)
    assert "a rendu la demande d’aide du sprint 1" in words_of(colleague.visit("/inbox").main)
    client = api.client(app, coaching)
    etag = client.post(f"{page}/take", if_match='"0"').headers["ETag"]
    assert client.post(f"{page}/give-back", if_match=etag).json["step"] == "asked"
    colleague.submit(f"{page}/take", page=page, version=0)
    shown = coach.submit(f"{page}/take", page=page, version=1, expect=409)  # that of one's own earlier claim
    assert "s’en occupe depuis" in words_of(shown.main)
    version = db.session.query(Clinic).one().version
    colleague.submit(f"{page}/give-back", page=page, version=version)
    typed = {"outcome": "Vu ensemble.", "version": version}
    shown = coach.submit(f"{page}/close", **typed, expect=409)
    assert "Prenez-la d’abord" in words_of(shown.main)
    assert "Vu ensemble." in words_of(shown.main)
    assert client.post(f"{page}/close", {"outcome": "Vu."}, if_match='"1"').status_code == 409
    coach.submit(f"{page}/take", page=page, version=0)
    version = db.session.query(Clinic).one().version
    project.paused_on = clock.today()
    db.session.commit()
    assert "La rendre" not in words_of(coach.visit(page).main)
    assert "n’attendrait plus" in words_of(
        coach.submit(f"{page}/give-back", page=page, version=version, expect=403).main
    )
    project.paused_on = None
    sprint = db.session.query(Sprint).one()
    make.closed_sprint(project, number=2)
    assert "elle n’attendrait plus" in words_of(
        coach.submit(f"{page}/give-back", page=page, version=version, expect=403).main
    )
    coach.submit(f"{page}/plan", planned_on=clock.today() + timedelta(days=3), version=version)
    assert "La rendre" not in words_of(coach.visit(page).main)
    shown = coach.submit(f"{page}/give-back", page=page, version=version + 1, expect=403)
    assert "Sa date est fixée" in words_of(shown.main)
    assert sprint.help_taken_at


def test_a_request_waits_again_once_whoever_has_it_may_hold_no_clinic(browser_for):
    """A role that ended, or a closed account, whatever day was fixed; what was held stays for a lead."""
    project = make.project(slug="heron")
    make.active_sprint(project)
    leaver, closed, last = (make.role(project.id, Role.COACH) for _ in range(3))
    lead = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    ask(browser_for(make.role(project.id, Role.TEAM_MEMBER)))
    page = "/projects/heron/clinics/1"

    def plan_of(person):
        coach = browser_for(person)
        coach.submit(f"{page}/take", page=page, version=0)
        version = db.session.query(Clinic).one().version
        coach.submit(f"{page}/plan", planned_on=clock.today() + timedelta(days=3), version=version)
        return coach, version + 1

    def end_role(person):
        projects.end_role(
            lead, project, db.session.query(RoleAssignment).filter_by(person_id=person.id).one()
        )
        db.session.commit()

    plan_of(leaver)
    end_role(leaver)
    assert not db.session.query(Clinic).count()
    assert not db.session.get_one(ProjectFigures, project.id).help_taken
    assert TEXT in words_of(browser_for(last).visit("/to-decide").main)
    assert "Le portail a rendu la demande" in words_of(browser_for(last).visit("/inbox").main)
    plan_of(closed)
    accounts.disable_account(None, closed)
    db.session.commit()
    assert not db.session.query(Clinic).count()
    coach, version = plan_of(last)
    coach.submit(f"{page}/hold", held_on=clock.today(), version=version)
    end_role(last)
    assert db.session.query(Clinic).one().taken_by_id == last.id
