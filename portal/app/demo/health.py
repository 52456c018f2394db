"""Health of the demonstration's projects: what people declare, and readings during their story.

In a running portal each command is a transaction that refreshes the health. A story is loaded in
one transaction, so its health is refreshed here, after the actions of `HEALTH_ACTIONS`.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.oversight.gates import commands as gates
from portal.oversight.gates import projections
from portal.oversight.health import commands, dependency_projections
from portal.oversight.health import projections as health_projections
from portal.oversight.health.definition_rules import OverrideLevel
from portal.oversight.health.fact_queries import HealthFactPart
from portal.oversight.health.queries import read_programme_states
from portal.platform.kernel import clock
from portal.platform.kernel.audit import list_unsealed
from portal.platform.kernel.database import db
from portal.project.projects import commands as projects
from portal.project.projects.models import Project
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints.outlook_rules import Outlook

HEALTH_ACTIONS = frozenset(
    action.code
    for action in (
        gates.DECLARED,
        gates.ACCEPTED,
        gates.REFUSED,
        gates.WAIVED,
        projections.STALE,
        projections.PROVED,
        projections.UNPROVED,
        sprints.CLOSED,
        projects.STOPPED,
    )
)


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
        commands.override_health(direction, self.project, OverrideLevel[entry["level"]], entry["text"], until)


def read_latenesses_then(project: Project) -> Mapping[UUID, Sequence[int]]:
    """Return the latenesses of the programme's teams on the day of the story, by project."""
    states = read_programme_states(project.programme_id, clock.now())
    return {id_: state.latenesses for id_, state in states.items()}


class HealthRecorder:
    """Refreshes the health of one project while its story is loaded."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._read_count = len(list_unsealed(db.session()))
        self._touched: frozenset[HealthFactPart] = frozenset()

    def record_step(self) -> None:
        """Refresh the health after a step that recorded one of `HEALTH_ACTIONS`."""
        lines = list_unsealed(db.session())[self._read_count :]
        self._read_count += len(lines)
        for line in lines:
            self._touched |= dependency_projections.PROJECTION.parts_of(line)
        if any(line.action in HEALTH_ACTIONS for line in lines):
            others = read_latenesses_then(self.project)
            health_projections.refresh_project(self.project, self._touched, others)
            self._touched = frozenset()
