"""Base class of the parts of a project's story."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project

ProjectStory = Mapping[str, Any]  # entries of one project, by kind
ScheduleOnDay = Callable[[int, Callable[[], object]], None]  # (day, step)
ActorByPart = Callable[[str], Actor]  # by part of the story, such as "coach"


class StoryPart(ABC):
    """Schedules the steps of one part of a project's story, as commands of its people."""

    def __init__(self, project: Project, today: date, actor_as: ActorByPart) -> None:
        self.project = project
        self.today = today
        self.actor_as = actor_as

    @abstractmethod
    def schedule(self, project_story: ProjectStory, on_day: ScheduleOnDay) -> None:
        """Schedule the steps of this part."""

    def team_member(self) -> Actor:
        """The actor who writes for the team."""
        return self.actor_as("member")

    def day(self, offset: int) -> date:
        """The date `offset` days from today."""
        return self.today + timedelta(days=offset)
