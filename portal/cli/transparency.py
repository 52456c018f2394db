"""The transparency sheets of the demonstration, written and published by people's commands."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from portal.cli.story import read_yaml
from portal.cli.teller import Teller, Then
from portal.kernel.access import Actor
from portal.projects.models import Project
from portal.transparency import commands, queries
from portal.transparency.document import content, fingerprint
from portal.transparency.models import Part


@cache
def read_sheets() -> Mapping[str, Mapping[str, Any]]:
    """By project."""
    told: Mapping[str, Mapping[str, Any]] = read_yaml("transparency.yaml")["sheets"]
    return told


class Showcase(Teller):
    """Tells one project's sheet; `lead` publishes it."""

    def __init__(
        self,
        project: Project,
        today: date,
        member: Callable[[], Actor],
        lead: Callable[[], Actor],
    ) -> None:
        super().__init__(project, today, member)
        self.lead = lead

    def tell(self, then: Then) -> None:
        told = read_sheets().get(self.project.slug)
        if told is not None:
            then(told["day"], partial(self._write, told))
            then(told["published"], self._publish)

    def _write(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        every = [one.number for one in queries.read_facts(member, self.project).sources]
        chosen = {"sources": every, "risks": told["choice"]["risks"]}
        parts = {Part.PUBLIC: told["public"], Part.EXPERTS: told["experts"], Part.CHOICE: chosen}
        for part, values in parts.items():
            commands.write_part(member, self.project, part, values, 0)

    def _publish(self) -> None:
        lead = self.lead()
        written = queries.read_written(self.project)
        reviewed = fingerprint(content(queries.read_facts(lead, self.project), written))
        commands.publish(lead, self.project, reviewed)
