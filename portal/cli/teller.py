"""What every teller of the demonstration has: a project, its team, days counted from today."""

from collections.abc import Callable
from datetime import date, timedelta

from portal.kernel.access import Actor
from portal.projects.models import Project

Then = Callable[[int, Callable[[], object]], None]  # on that day, do this


class Teller:
    """Tells a part of one project's story through people's own commands; `member` writes it."""

    def __init__(self, project: Project, today: date, member: Callable[[], Actor]) -> None:
        self.project = project
        self.today = today
        self.member = member

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)
