"""A project that has shown a prototype: G5 is proved, and a technical coach accepts it."""

from portal.accounts.models import Person
from portal.ceremonies.models import Demonstration
from portal.gates import evaluating
from portal.gates.models import ChangePlan, Engagement, Outcome, Panel
from portal.kernel import clock
from portal.kernel.access import Role
from portal.kernel.db import db
from portal.projects.models import Project
from portal.projects.queries import list_tracks
from tests.support import ceremonies, project_file
from tests.support import factories as make

PROTOTYPE = 5


def shown(project: Project) -> Demonstration:
    """What proves G5."""
    version = project_file.version(project, link="https://demo.example/v1")
    closed = make.closed_sprint(project)
    return ceremonies.demonstration(project, closed, prototype_version_id=version.id)


def coach(project: Project, track: str = "technical") -> Person:
    on = {each.key: each.id for each in list_tracks(project)}
    return make.role(project.id, Role.COACH, track_id=on[track])


def judged(project: Project) -> None:
    """As the end of a transaction does."""
    evaluating.judge_project(project)
    db.session.commit()


def panel(project: Project, **given: object) -> Panel:
    usual = {
        "held_on": clock.today(),
        "members": "Direction du service, DSI",
        "criteria": [["Les agents s’en servent", True], ["Le délai baisse", False]],
        "outcome": Outcome.CONTINUE,
        "reasons": "Les agents veulent continuer.",
    }
    return project_file.of(project, Panel, **usual | given)


def one_of_each(project: Project) -> None:
    """A panel, a change plan, an engagement, and gates that were judged."""
    panel(project)
    project_file.save(ChangePlan(project_id=project.id, missions="Relire", process="", training=""))
    project_file.save(Engagement(project_id=project.id, agreed_on=clock.today()))
    judged(project)
