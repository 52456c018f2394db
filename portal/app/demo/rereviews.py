"""Re-review triggers of the demonstration's later changes, and their answers."""

from functools import partial

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.ethics.rereviews import commands, queries
from portal.ethics.rereviews.commands import TriggerReply
from portal.ethics.rereviews.models import TriggerAnswer
from portal.ethics.rereviews.trigger_projections import raise_project_triggers
from portal.ethics.rereviews.trigger_rules import TriggerCause
from portal.people.programmes.queries import actor_for


class RereviewStory(StoryPart):
    """What the team answers to triggers, and what their reviewer makes of the answers."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        for entry in project_story.get("rereviews", []):
            self.on_day(entry["day"], partial(self._answer_trigger, entry))

    def _answer_trigger(self, entry: StoryEntry) -> None:
        """Raise what the story is to raise at its commit, and answer the last waiting one of a cause."""
        raise_project_triggers(self.project.id)
        lead, cause = self.actor_as("team_lead"), TriggerCause(entry["cause"])
        waiting = [
            each for each in queries.list_open_triggers(lead, self.project) if cause in each.typed_causes
        ]
        if not waiting:
            return
        trigger = waiting[-1]
        reply = TriggerReply(TriggerAnswer(entry["answer"]), entry["because"])
        commands.answer_trigger(lead, self.project, trigger, reply, trigger.version)
        reviewers = [concerned.review.reviewer_id for concerned in queries.list_concerned_reviews(trigger)]
        if entry.get("confirmed") and reviewers[0] is not None:
            judge = actor_for(reviewers[0])
            commands.confirm_no_impact(judge, self.project, trigger, trigger.version)
        self.evaluate_gates_and_health()
