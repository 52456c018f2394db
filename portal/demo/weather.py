"""What people of the demonstration say of their project's health, beside what is computed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.demo.teller import Teller, Telling, Then
from portal.health import commands
from portal.health.models import Said
from portal.sprints.models import Outlook


class Barometer(Teller):
    """Tells the weather that a team's lead declared, and how its programme's lead sees it."""

    def tell(self, given: Telling, then: Then) -> None:
        for told in given.get("weather", []):
            then(told["day"], partial(self._declare, told))
        for told in given.get("seen", []):
            then(told["day"], partial(self._override, told))

    def _declare(self, told: Mapping[str, Any]) -> None:
        lead, outlook = self.voice("team_lead"), Outlook(told["outlook"])
        commands.declare_weather(lead, self.project, outlook, told["says"])

    def _override(self, told: Mapping[str, Any]) -> None:
        direction, until = self.voice("programme_lead"), self.day(told["until"])
        commands.override(direction, self.project, Said[told["level"]], told["text"], until)
