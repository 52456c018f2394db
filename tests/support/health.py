"""What people said of a project's health, and what its programme asks."""

from datetime import timedelta

from portal.accounts.models import Person
from portal.health import recording
from portal.health.definition import Code
from portal.health.models import DeclaredWeather, HealthOverride, HealthTerms, Said
from portal.health.queries import read_state
from portal.health.standing import State
from portal.kernel import clock
from portal.kernel.db import db
from portal.projects.models import Project
from portal.sprints.models import Outlook
from tests.support.project_file import save


def known(project: Project) -> State:
    """As the end of a transaction does; how the project stands."""
    recording.read_project(project)
    db.session.commit()
    state = read_state(project)
    assert state is not None
    return state


def one_of_each(project: Project, lead: Person, direction: Person) -> None:
    until = clock.today() + timedelta(days=9)
    ids = {"project_id": project.id}
    save(DeclaredWeather(outlook=Outlook.RAINY, sentence="s", declared_by_id=lead.id, **ids))
    word = {"level": Said.WATCH.value, "text": "t", "until": until}
    save(HealthOverride(**word, said_by_id=direction.id, **ids))
    asked = {"programme_id": project.programme_id, "code": Code.NO_SPRINT, "edition": 1}
    numbers = {"watch": 9, "alert": None, "because": "b"}
    save(HealthTerms(**asked, **numbers, changed_by_id=direction.id))
    known(project)
