"""The demonstration's prototypes and how their AI does, told through people's own commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.demo.teller import Teller, Telling, Then
from portal.framing.metrics import Direction
from portal.prototypes import commands as versions
from portal.prototypes import evaluation_commands as evaluation
from portal.prototypes import queries
from portal.prototypes.commands import VersionFacts
from portal.prototypes.evaluation_commands import ProtocolPlan, RunFacts
from portal.prototypes.models import Automation, Exposure
from portal.prototypes.subgroups import read


class Workshop(Teller):
    """Tells one project's versions and evaluations; days count from today."""

    def tell(self, given: Telling, then: Then) -> None:
        for told in given.get("versions", []):
            then(told["day"], partial(self._release, told))
        for told in given.get("protocols", []):
            self._tell_protocol(told, then)

    def _release(self, told: Mapping[str, Any]) -> None:
        member = self.member()
        sprints = queries.list_sprint_choices(member, self.project)
        came_from = [sprint.id for sprint in sprints if sprint.number == told["sprint"]]
        same = ("changes", "link", "recording", "model_family", "model_provider")
        facts = VersionFacts(
            **{name: told[name] for name in same},
            released_on=self.day(told["day"]),
            sprint_id=came_from[0] if came_from else None,
            automation=Automation(told["automation"]),
            exposure=Exposure(told["exposure"]),
        )
        versions.release_version(member, self.project, facts)

    def _tell_protocol(self, told: Mapping[str, Any], then: Then) -> None:
        same = ("metric", "held_out", "held_out_size", "baseline_name", "baseline", "threshold")
        plan = ProtocolPlan(
            **{name: told[name] for name in same},
            dated_on=self.day(told["dated"]),
            direction=Direction(told["direction"]),
        )
        made: list[Any] = []

        def write() -> None:
            made.append(evaluation.write_protocol(self.member(), self.project, plan))

        then(told["dated"], write)
        for run in told["runs"]:
            then(run["day"], partial(self._run, made, run))

    def _run(self, made: list[Any], told: Mapping[str, Any]) -> None:
        member = self.member()
        facts = RunFacts(
            prototype=queries.get_version(member, self.project, told["version"]),
            ran_on=self.day(told["day"]),
            result=told["result"],
            code_reference=told["code"],
            data_sha256=told.get("sha256", ""),
            note=told["note"],
            subgroups=read(told["subgroups"]),
        )
        evaluation.note_run(member, self.project, made[0], facts)
