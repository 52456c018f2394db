"""Base class of the parts of a project's story."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from portal.ethics.rereviews.trigger_projections import raise_project_triggers
from portal.oversight.gates import policy, projections
from portal.oversight.health import projections as health_projections
from portal.oversight.health.fact_queries import HealthFactPart
from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project

StoryEntry = Mapping[str, Any]
ProjectStory = Mapping[str, Any]  # entries of one project, by kind
QueueOnDay = Callable[[int, Callable[[], object]], None]  # (day, step)
ActorByPart = Callable[[str], Actor]  # by part of the story, such as "coach"


class StoryPart(ABC):
    """Queues the steps of one part of a project's story, as commands of its people."""

    def __init__(self, project: Project, today: date, actor_as: ActorByPart, on_day: QueueOnDay) -> None:
        self.project = project
        self.today = today
        self.actor_as = actor_as
        self.on_day = on_day

    @abstractmethod
    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        """Queue the steps of this part."""

    def schedule_each_entry(
        self, entries: Iterable[StoryEntry], step: Callable[[StoryEntry], object]
    ) -> None:
        """Queue a step for each entry, on its day."""
        for entry in entries:
            self.on_day(entry["day"], partial(step, entry))

    def schedule_trigger_check(self, day: int) -> None:
        """Queue the worker's daily look at what puts a decision in question, unless it is to come."""
        if day <= 0:
            self.on_day(day, self._raise_triggers)

    def _raise_triggers(self) -> None:
        if raise_project_triggers(self.project.id):
            self.evaluate_gates_and_health()

    def evaluate_gates_and_health(
        self, parts: frozenset[HealthFactPart] = frozenset({HealthFactPart.STEPS})
    ) -> None:
        """Evaluate gates and health, as each command of a running portal does."""
        if not policy.are_gates_frozen(self.project):
            projections.judge_project_gates(self.project)
            health_projections.refresh_project_reading(self.project, parts)

    def team_member(self) -> Actor:
        """The actor who writes for the team."""
        return self.actor_as("member")

    @property
    def team(self) -> tuple[Actor, Project]:
        """Who writes for the team, and its project: the first arguments of a command."""
        return self.team_member(), self.project

    def day(self, offset: int) -> date:
        """The date `offset` days from today."""
        return self.today + timedelta(days=offset)
