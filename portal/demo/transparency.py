"""The transparency sheets of the demonstration, written and published by people's commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.demo.teller import Teller, Telling, Then
from portal.transparency import commands, queries
from portal.transparency.document import content, fingerprint
from portal.transparency.models import Part


class Showcase(Teller):
    """Tells one project's sheet, which its lead publishes."""

    def tell(self, given: Telling, then: Then) -> None:
        told = given.get("showcase")
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
        lead = self.voice("team_lead")
        written = queries.read_written(self.project)
        reviewed = fingerprint(content(queries.read_facts(lead, self.project), written))
        commands.publish(lead, self.project, reviewed)
