"""Transparency sheets of the demonstration."""

from functools import partial

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.ethics.transparency import commands, queries
from portal.ethics.transparency.documents import build_bilingual_sheet, fingerprint_content
from portal.ethics.transparency.models import TransparencyPartKind


class TransparencyStory(StoryPart):
    """The transparency sheet of one project, published by its lead."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        entry = project_story.get("showcase")
        if entry is not None:
            self.on_day(entry["day"], partial(self._write_sheet_parts, entry))
            self.on_day(entry["published"], self._publish_sheet)

    def _write_sheet_parts(self, entry: StoryEntry) -> None:
        source_numbers = [source.number for source in queries.read_sheet_facts(*self.team).sources]
        choice = {"sources": source_numbers, "risks": entry["choice"]["risks"]}
        parts = {
            TransparencyPartKind.PUBLIC: entry["public"],
            TransparencyPartKind.EXPERTS: entry["experts"],
            TransparencyPartKind.CHOICE: choice,
        }
        for part, values in parts.items():
            commands.save_sheet_part(*self.team, part, values, 0)

    def _publish_sheet(self) -> None:
        lead = self.actor_as("team_lead")
        draft = queries.get_draft(self.project)
        reviewed = fingerprint_content(
            build_bilingual_sheet(queries.read_sheet_facts(lead, self.project), draft)
        )
        commands.publish_sheet(lead, self.project, reviewed)
