"""Declared health of the demonstration's projects, in addition to the computed one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.app.demo.story_part import ProjectStory, ScheduleOnDay, StoryPart
from portal.oversight.health import commands
from portal.oversight.health.definition_rules import OverrideLevel
from portal.sprints.sprints.outlook_rules import Outlook


class HealthStory(StoryPart):
    """The weather declared by a team's lead, and the programme lead's override."""

    def schedule(self, project_story: ProjectStory, on_day: ScheduleOnDay) -> None:
        for entry in project_story.get("weather", []):
            on_day(entry["day"], partial(self._declare, entry))
        for entry in project_story.get("seen", []):
            on_day(entry["day"], partial(self._override, entry))

    def _declare(self, entry: Mapping[str, Any]) -> None:
        lead, outlook = self.actor_as("team_lead"), Outlook(entry["outlook"])
        commands.declare_weather(lead, self.project, outlook, entry["says"])

    def _override(self, entry: Mapping[str, Any]) -> None:
        direction, until = self.actor_as("programme_lead"), self.day(entry["until"])
        commands.override_health(
            direction, self.project, OverrideLevel[entry["level"]], entry["text"], until
        )
