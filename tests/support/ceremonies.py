"""Factories of demonstrations, retrospectives and actions; a test gives only relevant fields."""

from datetime import date
from typing import Any

from portal.people.accounts.models import Person
from portal.project.projects.models import Project
from portal.sprints.ceremonies.models import Demonstration, RetroAction, Retrospective
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make
from tests.support.keeping import kept
from tests.support.project_file import of, save


def demonstration(project: Project, sprint: Sprint, **given: Any) -> Demonstration:
    """Create a demonstration in the middle of March to three agents."""
    usual = {"held_on": date(2026, 3, 12), "team_business": 1, "agents": 3}
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/demonstrations/1")
    ids = {"sprint_id": sprint.id, "discussion_id": talk.id}
    return of(project, Demonstration, **ids | usual | given)


def retrospective(project: Project, sprint: Sprint, **given: Any) -> Retrospective:
    usual = {"held_on": date(2026, 3, 13), "went_well": "Les essais en binôme."}
    page = f"/projects/{project.slug}/sprints/{sprint.number}/retrospective"
    talk = make.discussion(project.id, page=page)
    ids = {"project_id": project.id, "sprint_id": sprint.id, "discussion_id": talk.id}
    return save(Retrospective(**ids | usual | given))


def action(project: Project, of_: Retrospective, owner: Person, **given: Any) -> RetroAction:
    usual = {"what": "Inviter le DPO", "due_on": date(2026, 3, 20)}
    ids = {"retrospective_id": of_.id, "owner_id": owner.id}
    return of(project, RetroAction, **ids | usual | given)


@kept
def one_of_each(project: Project, sprint: Sprint, owner: Person) -> None:
    """Create a demonstration and a retrospective of a sprint, and four actions."""
    demonstration(project, sprint)
    demonstration(project, sprint, number=2)
    retro = retrospective(project, sprint)
    for _number in range(4):  # each write route that takes input has an action of its own
        action(project, retro, owner)
