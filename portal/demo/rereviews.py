"""What the demonstration's changes brought up after its reviews were decided, and what was said."""

from collections.abc import Mapping
from typing import Any

from portal.demo.teller import Telling
from portal.kernel.access import Actor
from portal.programmes.queries import actor_for
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.rereviews import commands, queries
from portal.rereviews.commands import Given
from portal.rereviews.models import Answer
from portal.rereviews.rounds import raise_for
from portal.rereviews.triggers import Cause


def tell(slug: str, given: Telling, lead: Actor) -> None:
    """Once all that happened is kept: the trail is read as the worker does, and the first trigger
    of a cause that waits is answered today."""
    project = get_project(lead, slug)
    raise_for(project.id)
    for told in given.get("rereviews", []):
        _answer(project, told, lead)


def _answer(project: Project, told: Mapping[str, Any], lead: Actor) -> None:
    cause = Cause(told["cause"])
    waiting = [one for one in queries.list_open(lead, project) if cause in one.why]
    if not waiting:
        return
    trigger = waiting[-1]
    given = Given(Answer(told["answer"]), told["because"])
    commands.answer(lead, project, trigger, given, trigger.version)
    reviewers = [one.review.reviewer_id for one in queries.list_concerned(trigger)]
    if reviewers[0] is None:
        return
    judge = actor_for(reviewers[0])
    if told.get("confirmed"):
        commands.confirm(judge, project, trigger, trigger.version)
    if "returned" in told:
        commands.give_back(judge, project, trigger, told["returned"], trigger.version)
