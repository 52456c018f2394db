"""What the demonstration's project files hold, told through the same commands that people use."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.data_sources import commands as data
from portal.data_sources.commands import Quality, Sample, SourceFacts
from portal.data_sources.models import Access, Faithfulness, Fitness, Personal, Screening
from portal.demo.teller import Teller, Telling, Then
from portal.framing import commands as framing
from portal.framing import metric_commands as metrics
from portal.framing.commands import AssumptionFacts, GroupFacts, InterviewFacts
from portal.framing.metric_commands import Measured, MetricPlan
from portal.framing.metrics import Direction
from portal.framing.models import Audience, TargetGroup, Verdict


class Dossier(Teller):
    """Fills one project's file: without groups of its own it is for the people it was made for."""

    groups: list[TargetGroup]

    def tell(self, given: Telling, then: Then) -> None:
        self.groups, about = [], given["about"]
        first = -round((self.today - self.project.starts_on).days) + 2
        named = {"name": about["users_fr"][:120], "audience": about.get("users_kind", "agents")}
        for group in given.get("groups", [named]):
            then(first, partial(self._add_group, group))
        for told in given.get("assumptions", []):
            self._tell_assumption(told, then)
        for told in given.get("interviews", []):
            then(told["day"], partial(self._log_interview, told))
        for told in given.get("metrics", []):
            self._tell_metric(told, then)
        for told in given.get("sources", []):
            self._tell_source(told, then)

    def _add_group(self, told: Mapping[str, Any]) -> None:
        facts = GroupFacts(
            audience=Audience(told["audience"]),
            name=told["name"],
            size=told.get("size"),
            access_needs=told.get("access_needs", ""),
        )
        self.groups.append(framing.add_group(self.member(), self.project, facts))

    def _tell_assumption(self, told: Mapping[str, Any], then: Then) -> None:
        facts = AssumptionFacts(**{name: told[name] for name in ("statement", "risk", "test")})
        made: list[Any] = []

        def settle() -> None:
            (row,) = made
            said = {"result": told["result"], "settled_on": self.day(told["settled"])}
            verdict, seen = Verdict(told["verdict"]), row.version
            framing.settle(self.member(), self.project, row, verdict, **said, seen=seen)

        def state() -> None:
            made.append(framing.add_assumption(self.member(), self.project, facts))

        then(told["day"], state)
        if "verdict" in told:
            then(told["settled"], settle)

    def _log_interview(self, told: Mapping[str, Any]) -> None:
        facts = InterviewFacts(
            held_on=self.day(told["day"]),
            target_group=self.groups[told["group"] - 1],
            people=told["people"],
            learnt=told["learnt"],
        )
        framing.log_interview(self.member(), self.project, facts, knowingly=False)

    def _tell_metric(self, told: Mapping[str, Any], then: Then) -> None:
        same = ("name", "unit", "baseline", "baseline_source", "target")
        plan = MetricPlan(
            **{name: told[name] for name in same},
            direction=Direction(told["direction"]),
            baseline_on=self.day(told["baseline_day"]),
        )
        made: list[Any] = []

        def define() -> None:
            made.append(metrics.define_metric(self.member(), self.project, plan))

        def measure(value: Mapping[str, Any]) -> None:
            measured = Measured(
                measured_on=self.day(value["day"]),
                value=value["value"],
                sample_size=value["cases"],
                method=value["method"],
            )
            metrics.measure(self.member(), self.project, made[0], measured)

        then(told["day"], define)
        for value in told["measurements"]:
            then(value["day"], partial(measure, value))

    def _tell_source(self, told: Mapping[str, Any], then: Then) -> None:
        same = ("name", "holder", "contents", "purpose", "legal_basis", "screening_note")
        facts = SourceFacts(
            **{name: told[name] for name in same},
            personal=Personal(told["personal"]),
            screening=Screening(told["screening"]),
        )
        made: list[Any] = []

        def add() -> None:
            on = self.day(told["day"])
            made.append(data.add_source(self.member(), self.project, facts, identified_on=on))

        def move(step: Mapping[str, Any]) -> None:
            (row,) = made
            way = {"reached_on": self.day(step["day"]), "note": step["note"]}
            access = Access(step["access"])
            data.move_access(self.member(), self.project, row, access, **way, seen=row.version)

        then(told["day"], add)
        for step in told["steps"]:
            then(step["day"], partial(move, step))
        if "sample" in told:
            then(told["sample"]["day"], partial(self._note_sample, made, told["sample"]))
            then(told["quality"]["day"], partial(self._judge, made, told["quality"]))

    def _note_sample(self, made: list[Any], told: Mapping[str, Any]) -> None:
        measures = {name: told[name] for name in ("rows", "sha256")}
        sample = Sample(**measures, received_on=self.day(told["day"]), measured=False)
        data.note_sample(self.member(), self.project, made[0], sample, made[0].version)

    def _judge(self, made: list[Any], told: Mapping[str, Any]) -> None:
        quality = Quality(
            faithfulness=Faithfulness(told["faithfulness"]),
            fitness=Fitness(told["fitness"]),
            quality_note=told["quality_note"],
        )
        data.judge_quality(self.member(), self.project, made[0], quality, made[0].version)
