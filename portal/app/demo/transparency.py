"""The transparency sheets of the demonstration, written and published by people's commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.app.demo.story_part import ProjectStory, ScheduleOnDay, StoryPart
from portal.ethics.transparency import commands, queries
from portal.ethics.transparency.documents import build_content, fingerprint_content
from portal.ethics.transparency.models import TransparencyPart


class TransparencyStory(StoryPart):
    """Tells one project's sheet, which its lead publishes."""

    def schedule(self, project_story: ProjectStory, on_day: ScheduleOnDay) -> None:
        entry = project_story.get("showcase")
        if entry is not None:
            on_day(entry["day"], partial(self._write, entry))
            on_day(entry["published"], self._publish)

    def _write(self, entry: Mapping[str, Any]) -> None:
        member = self.team_member()
        every = [source.number for source in queries.read_facts(member, self.project).sources]
        choice = {"sources": every, "risks": entry["choice"]["risks"]}
        parts = {
            TransparencyPart.PUBLIC: entry["public"],
            TransparencyPart.EXPERTS: entry["experts"],
            TransparencyPart.CHOICE: choice,
        }
        for part, values in parts.items():
            commands.write_part(member, self.project, part, values, 0)

    def _publish(self) -> None:
        lead = self.actor_as("team_lead")
        written = queries.get_draft(self.project)
        reviewed = fingerprint_content(
            build_content(queries.read_facts(lead, self.project), written)
        )
        commands.publish(lead, self.project, reviewed)
