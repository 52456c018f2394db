"""Declared health of the demonstration's projects, in addition to the computed one."""

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.oversight.health import commands
from portal.oversight.health.definition_rules import OverrideLevel
from portal.sprints.sprints.outlook_rules import Outlook


class HealthStory(StoryPart):
    """The weather declared by a team's lead, and the programme lead's override."""

    def schedule(self, project_story: ProjectStory) -> None:
        self.schedule_each(project_story.get("weather", []), self._declare)
        self.schedule_each(project_story.get("seen", []), self._override)

    def _declare(self, entry: StoryEntry) -> None:
        lead, outlook = self.actor_as("team_lead"), Outlook(entry["outlook"])
        commands.declare_weather(lead, self.project, outlook, entry["says"])

    def _override(self, entry: StoryEntry) -> None:
        direction, until = self.actor_as("programme_lead"), self.day(entry["until"])
        commands.override_health(
            direction, self.project, OverrideLevel[entry["level"]], entry["text"], until
        )
