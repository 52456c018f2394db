"""Factories of decisions; a test gives only relevant fields."""

from typing import Any

from portal.oversight.committees.models import Committee
from portal.oversight.committees.queries import next_number as next_committee
from portal.oversight.decisions.models import AwaitedDecision, DecisionOutcome, DecisionStage
from portal.oversight.decisions.projections import update_project_figures
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from tests.support import factories as make
from tests.support.keeping import kept, write


@kept
def decision(project: Project, by: Person | None = None, **given: Any) -> AwaitedDecision:
    """Create a decision that is asked of the programme's leads."""
    number = given.pop("number", None) or next_row_number(AwaitedDecision, project)
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/decisions/{number}")
    usual = {
        "id": new_id(),
        "discussion_id": talk.id,
        "question": "Ouvrir le réseau ?",
        "asked_by_id": by and by.id,
    }
    row = write(AwaitedDecision(project_id=project.id, number=number, **usual | given))
    update_project_figures(project.id)
    return row


def answered(project: Project, by: Person, **given: Any) -> AwaitedDecision:
    """Create a decision that a lead granted."""
    usual = {
        "stage": DecisionStage.ANSWERED,
        "outcome": DecisionOutcome.GRANTED,
        "answer": "Oui.",
        "closed_at": clock.now(),
        "closed_by_id": by.id,
    }
    return decision(project, by, **usual | given)


@kept
def committee(project: Project, by: Person, **given: Any) -> Committee:
    """Create a committee of the project's programme, held today."""
    programme = db.session.get_one(Programme, project.programme_id)
    usual = {"held_on": clock.today(), "author_id": by.id, "number": next_committee(programme)}
    return write(Committee(id=new_id(), programme_id=programme.id, **usual | given))


def one_of_each(project: Project, member: Person, lead: Person) -> AwaitedDecision:
    """Create a decision for each write route: 1 to 5 asked, 6 answered, 7 in charge of somebody; return
    the fifth.
    Committees 1 and 2 are open."""
    asked = [decision(project, member) for _number in range(5)]
    answered(project, lead)
    decision(project, member, owner_id=member.id)
    for _number in range(2):
        committee(project, lead)
    return asked[-1]
