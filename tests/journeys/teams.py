"""A separate team for each browser test, so that tests are independent."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from portal.people.accounts.models import Person
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.project.projects.models import Project
from portal.sprints.sprints.models import SprintOutcome
from tests.journeys.person import DEMO_PASSWORD
from tests.support import factories as make
from tests.support.live import Portal

QUESTION = "Combien de clichés avez-vous annotés ?"
_numbers = count(1)


@dataclass(frozen=True)
class Team:
    """E-mail addresses to sign in with, and the project's slug."""

    slug: str
    agent: str
    agent_handle: str
    second_agent: str
    coach: str
    leads: str  # of the programme


def make_team(portal: Portal, *, running: bool = True) -> Team:
    """Create two agents and a coach with a question; one sprint closed and one active."""
    with portal.app.app_context():
        programme = make.programme(name_fr="Parcours", name_en="Journeys")
        n = next(_numbers)
        about = {"acronym": f"Alpha {n}", "organisation": f"Alpha {n}", "title_fr": f"Alpha {n}"}
        project = make.project(programme, slug=f"alpha-{n}", **about)
        agent, second = (
            make.role(project.id, Role.TEAM_MEMBER, _someone(portal, f"agent{n}{letter}")) for letter in "ab"
        )
        coach = _someone(portal, f"coach{n}")
        make.role(programme.id, Role.COACH, coach)
        make.role(project.id, Role.COACH, coach, track_id=make.tracks_of(programme)["technical"].id)
        leads = make.role(programme.id, Role.PROGRAMME_LEAD, _someone(portal, f"direction{n}"))
        make.comment(project.discussion_id, coach, QUESTION)
        _sprints(project, programme, running=running)
        return Team(project.slug, agent.email, agent.handle, second.email, coach.email, leads.email)


def add_person(portal: Portal, slug: str, role: Role, *, pooled: bool = False) -> str:
    """Add a person with a role in a project or its programme; return the e-mail address."""
    with portal.app.app_context():
        project = db.session.query(Project).filter_by(slug=slug).one()
        person = _someone(portal, f"{role.value.replace('_', '-')}{next(_numbers)}")
        make.role(project.programme_id if pooled else project.id, role, person)
        return person.email


def _someone(portal: Portal, handle: str) -> Person:
    return make.person(
        name=handle.capitalize(),
        handle=handle,
        email=f"{handle}@journeys.example",
        password_hash=get_service(PortalPasswordHasher, portal.app).hash(DEMO_PASSWORD),
    )


def _sprints(project: object, programme: Programme, *, running: bool) -> None:
    today = clock.today()
    first = today - timedelta(days=40)
    make.closed_sprint(
        project,
        starts_on=first,
        ends_on=first + timedelta(days=18),
        outcome=SprintOutcome.PARTLY,
        started_at=clock.now() - timedelta(days=40),
        closed_at=clock.now() - timedelta(days=21),
        summary="Mille clichés annotés.",
    )
    if running:
        make.active_sprint(
            project, number=2, goal="Annoter", starts_on=today - timedelta(days=10), ends_on=today
        )
