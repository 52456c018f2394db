"""Readiness sheets of the demonstration."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.app.demo.questionnaire_answers import complete_with_default_answers
from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.ethics.questionnaires.definition_rules import Answer, Questionnaire, QuestionnaireItemKind
from portal.ethics.readiness_sheets import commands, queries
from portal.ethics.readiness_sheets.definition_documents import (
    get_latest_definition,
    read_definitions_by_kind_and_edition,
)
from portal.ethics.readiness_sheets.models import Sheet
from portal.sprints.prototypes.queries import get_version


class ReadinessSheetStory(StoryPart):
    """The sheets of one project; days count from today, also in answers that are dates."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        for entry in project_story.get("sheets", []):
            begun_sheets: list[Sheet] = []
            self.on_day(entry["day"], partial(self._begin_sheet, entry, begun_sheets))
            for save in entry["saves"]:
                self.on_day(save["day"], partial(self._save_sections, save, begun_sheets))
            if "completed" in entry:
                self.on_day(
                    entry["completed"], partial(self._complete_sheet, entry["completed"], begun_sheets)
                )

    def _begin_sheet(self, entry: StoryEntry, begun_sheets: list[Sheet]) -> None:
        member, kind = self.team_member(), entry["kind"]
        definition = (
            read_definitions_by_kind_and_edition()[kind][entry["edition"]]
            if "edition" in entry
            else get_latest_definition(kind)
        )
        number = entry.get("version")
        version = get_version(member, self.project, number) if number else None
        begun_sheets.append(commands.begin_sheet(member, self.project, definition, version))

    def _save_sections(self, entry: StoryEntry, begun_sheets: list[Sheet]) -> None:
        """Save each section that has answers; all sections of a `whole` sheet."""
        (sheet,) = begun_sheets
        definition = queries.get_definition(sheet)
        typed = self._convert_date_answers_to_iso(definition, entry["answers"])
        if entry.get("whole"):
            typed = complete_with_default_answers(definition, typed, self.day(entry["day"]), best=True)
        rows = queries.read_sections_by_sheet([sheet])[sheet.id]
        for section in definition.sections:
            keys = [key for item in section.items for key in (item.key, item.note_key)]
            if own := {key: typed[key] for key in keys if key in typed}:
                row = rows[section.key]
                commands.fill_section(*self.team, sheet, row, own, expected_version=row.version)

    def _convert_date_answers_to_iso(
        self, definition: Questionnaire, answers: Mapping[str, Any]
    ) -> dict[str, Answer]:
        days = {item.key for item in definition.items if item.kind is QuestionnaireItemKind.DATE}
        return {
            key: self.day(answer).isoformat() if key in days else answer for key, answer in answers.items()
        }

    def _complete_sheet(self, day: int, begun_sheets: list[Sheet]) -> None:
        (sheet,) = begun_sheets
        commands.complete_sheet(*self.team, sheet, self.day(day), sheet.version)
