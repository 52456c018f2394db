"""Health of the demonstration's projects: what people declare, and readings during their story.

In a running portal each command is a transaction that refreshes the health. Stories are loaded in
one transaction, so health is refreshed here, after each of their steps that touches it.
"""

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.oversight.health import commands, dependency_projections, weather_projections
from portal.oversight.health import projections as health_projections
from portal.oversight.health.charge_commands import take_charge
from portal.oversight.health.charge_queries import find_last_charge
from portal.oversight.health.definition_rules import LeadOpinionLevel, SignalCode
from portal.oversight.health.fact_queries import HealthFactPart
from portal.platform.kernel.audit import list_unsealed_events
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints.outlook_rules import OutlookLevel


class HealthStory(StoryPart):
    """The weather declared by a team's lead, the programme lead's override, charges of signals."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        self.schedule_each_entry(project_story.get("weather", []), self._declare_weather)
        self.schedule_each_entry(project_story.get("seen", []), self._note_lead_opinion_on_health)
        self.schedule_each_entry(project_story.get("charges", []), self._take_charge_of_signal)

    def _declare_weather(self, entry: StoryEntry) -> None:
        lead, outlook = self.actor_as("team_lead"), OutlookLevel(entry["outlook"])
        commands.declare_weather(lead, self.project, outlook, entry["says"])

    def _note_lead_opinion_on_health(self, entry: StoryEntry) -> None:
        direction, until = self.actor_as("programme_lead"), self.day(entry["until"])
        commands.note_lead_opinion(
            direction, self.project, LeadOpinionLevel[entry["level"]], entry["text"], until
        )

    def _take_charge_of_signal(self, entry: StoryEntry) -> None:
        """Take charge of a signal; fails unless it is raised on that day."""
        signal = SignalCode(entry["signal"])
        last = find_last_charge(self.project, signal)
        take_charge(
            self.actor_as(entry["by"]),
            self.project,
            signal,
            entry["text"],
            self.day(entry["until"]),
            read_edition=last.edition if last else 0,
        )


class HealthRecorder:
    """Refreshes the health of projects while their stories are loaded."""

    def __init__(self) -> None:
        self._read_count = len(list_unsealed_events(db.session()))

    def record_first_reading(self, project: Project) -> None:
        """Append the first reading of a project, which past days show from its start on."""
        health_projections.refresh_project_reading(project)

    def update_after_step(self, project: Project) -> None:
        """Refresh the health of a project after a step of its story, if it touched it."""
        lines = list_unsealed_events(db.session())[self._read_count :]
        self._read_count += len(lines)
        weather_projections.sync_weather_with_closes(
            [line for line in lines if line.action == sprints.CLOSED.code]
        )
        touched = frozenset[HealthFactPart]().union(
            *map(dependency_projections.PROJECTION.changed_parts_of, lines)
        )
        if touched:
            health_projections.refresh_project_reading(project, touched)
