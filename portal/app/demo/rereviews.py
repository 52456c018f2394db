"""Re-review triggers of the demonstration's later changes, and their answers."""

from collections.abc import Mapping
from typing import Any

from portal.app.demo.story_part import ProjectStory
from portal.ethics.rereviews import commands, queries
from portal.ethics.rereviews.commands import TriggerReply
from portal.ethics.rereviews.models import TriggerAnswer
from portal.ethics.rereviews.trigger_projections import raise_project_triggers
from portal.ethics.rereviews.trigger_rules import Cause
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project


def answer_rereviews(slug: str, project_story: ProjectStory, lead: Actor) -> None:
    """Raise the triggers of a story, which is one transaction, before its commit; answer the first
    waiting one of a cause today."""
    project = get_project(lead, slug)
    raise_project_triggers(project.id)
    for entry in project_story.get("rereviews", []):
        _answer_trigger(project, entry, lead)


def _answer_trigger(project: Project, entry: Mapping[str, Any], lead: Actor) -> None:
    cause = Cause(entry["cause"])
    waiting = [
        open_trigger
        for open_trigger in queries.list_open(lead, project)
        if cause in open_trigger.typed_causes
    ]
    if not waiting:
        return
    trigger = waiting[-1]
    rereview_answer = TriggerReply(TriggerAnswer(entry["answer"]), entry["because"])
    commands.answer_trigger(lead, project, trigger, rereview_answer, trigger.version)
    reviewers = [concerned.review.reviewer_id for concerned in queries.list_concerned(trigger)]
    if reviewers[0] is None:
        return
    judge = actor_for(reviewers[0])
    if entry.get("confirmed"):
        commands.confirm_no_impact(judge, project, trigger, trigger.version)
    if "returned" in entry:
        commands.return_to_team(judge, project, trigger, entry["returned"], trigger.version)
