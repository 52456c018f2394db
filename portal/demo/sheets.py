"""The demonstration's readiness sheets, told through people's own commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.demo.answers import filled_in
from portal.demo.teller import Teller, Telling, Then
from portal.prototypes.queries import get_version
from portal.questionnaires.answers import Answer
from portal.questionnaires.definition import Kind, Questionnaire
from portal.sheets import commands, queries
from portal.sheets.library import editions, latest_of
from portal.sheets.models import Sheet


class Binder(Teller):
    """Tells one project's sheets; days count from today, in answers that are dates too."""

    def tell(self, given: Telling, then: Then) -> None:
        for told in given.get("sheets", []):
            made: list[Sheet] = []
            then(told["day"], partial(self._begin, told, made))
            for save in told["saves"]:
                then(save["day"], partial(self._save, save, made))
            if "completed" in told:
                then(told["completed"], partial(self._complete, told["completed"], made))

    def _begin(self, told: Mapping[str, Any], made: list[Sheet]) -> None:
        member, kind = self.member(), told["kind"]
        definition = editions()[kind][told["edition"]] if "edition" in told else latest_of(kind)
        number = told.get("version")
        version = get_version(member, self.project, number) if number else None
        made.append(commands.begin_sheet(member, self.project, definition, version))

    def _save(self, told: Mapping[str, Any], made: list[Sheet]) -> None:
        """Each section of which something is told, at once; of a `whole` sheet all are."""
        (sheet,) = made
        typed = self._typed(sheet.definition, told["answers"])
        if told.get("whole"):
            typed = filled_in(sheet.definition, typed, self.day(told["day"]), best=True)
        rows = queries.read_sections([sheet])[sheet.id]
        for section in sheet.definition.sections:
            keys = [key for item in section.items for key in (item.key, item.note_key)]
            if own := {key: typed[key] for key in keys if key in typed}:
                row = rows[section.key]
                commands.fill_section(
                    self.member(), self.project, sheet, row, own, seen=row.version
                )

    def _typed(self, definition: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Answer]:
        days = {item.key for item in definition.items if item.kind is Kind.DATE}
        return {
            key: self.day(answer).isoformat() if key in days else answer
            for key, answer in answers.items()
        }

    def _complete(self, day: int, made: list[Sheet]) -> None:
        (sheet,) = made
        commands.complete(self.member(), self.project, sheet, self.day(day), sheet.version)
