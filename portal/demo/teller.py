"""What every teller of the demonstration has: a project, its voices, days counted from today."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from portal.kernel.access import Actor
from portal.projects.models import Project

Telling = Mapping[str, Any]  # all that is told of one project, by kind
Then = Callable[[int, Callable[[], object]], None]  # on that day, do this
Voice = Callable[[str], Actor]  # whoever plays that part of the story


class Teller(ABC):
    """Tells a part of one project's story through people's own commands."""

    def __init__(self, project: Project, today: date, voice: Voice) -> None:
        self.project = project
        self.today = today
        self.voice = voice

    @abstractmethod
    def tell(self, given: Telling, then: Then) -> None:
        """Say what is to be done on which day."""

    def member(self) -> Actor:
        """Whoever writes for the team."""
        return self.voice("member")

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)
