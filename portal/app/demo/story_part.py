"""What every teller of the demonstration has: a project, its voices, days counted from today."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from portal.platform.kernel.access import Actor
from portal.project.projects.models import Project

ProjectStory = Mapping[str, Any]  # all that is told of one project, by kind
ScheduleOnDay = Callable[[int, Callable[[], object]], None]  # on that day, do this
ActorByPart = Callable[[str], Actor]  # whoever plays that part of the story


class StoryPart(ABC):
    """Tells a part of one project's story through people's own commands."""

    def __init__(self, project: Project, today: date, actor_as: ActorByPart) -> None:
        self.project = project
        self.today = today
        self.actor_as = actor_as

    @abstractmethod
    def schedule(self, project_story: ProjectStory, on_day: ScheduleOnDay) -> None:
        """Say what is to be done on which day."""

    def team_member(self) -> Actor:
        """Whoever writes for the team."""
        return self.actor_as("member")

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)
