"""Framing and data sources of the demonstration's projects."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.project.data_sources import commands as data
from portal.project.data_sources.commands import DataQualityFacts, SampleMeasures, SourceFacts
from portal.project.data_sources.models import (
    AccessState,
    DpiaScreening,
    Faithfulness,
    Fitness,
    PersonalDataPresence,
)
from portal.project.framing import commands as framing
from portal.project.framing import metric_commands as metrics
from portal.project.framing.commands import AssumptionFacts, GroupFacts, InterviewFacts
from portal.project.framing.metric_commands import MeasurementFacts, MetricDefinitionFacts
from portal.project.framing.metric_models import MetricDirection
from portal.project.framing.models import AssumptionVerdict, TargetAudience, TargetGroup


class FramingAndDataStory(StoryPart):
    """The framing and data of one project; its target group by default its beneficiaries."""

    groups: list[TargetGroup]

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        self.groups, about = [], project_story["about"]
        first = -round((self.today - self.project.starts_on).days) + 2
        named = {"name": about["users_fr"][:120], "audience": about.get("users_kind", "agents")}
        for group in project_story.get("groups", [named]):
            self.on_day(first, partial(self._add_group, group))
        for entry in project_story.get("assumptions", []):
            self._schedule_assumption(entry)
        self.schedule_each_entry(project_story.get("interviews", []), self._log_interview)
        for entry in project_story.get("metrics", []):
            self._schedule_metric(entry)
        for entry in project_story.get("sources", []):
            self._schedule_data_source(entry)

    def _add_group(self, entry: StoryEntry) -> None:
        facts = GroupFacts(
            audience=TargetAudience(entry["audience"]),
            name=entry["name"],
            size=entry.get("size"),
            access_needs=entry.get("access_needs", ""),
        )
        self.groups.append(framing.add_group(*self.team, facts))

    def _schedule_assumption(self, entry: StoryEntry) -> None:
        facts = AssumptionFacts(**{name: entry[name] for name in ("statement", "risk", "test")})
        assumptions: list[Any] = []

        def settle() -> None:
            (row,) = assumptions
            result_facts = {"result": entry["result"], "settled_on": self.day(entry["settled"])}
            verdict, version = AssumptionVerdict(entry["verdict"]), row.version
            framing.settle_assumption(*self.team, row, verdict, **result_facts, version=version)

        def state() -> None:
            assumptions.append(framing.add_assumption(*self.team, facts))

        self.on_day(entry["day"], state)
        if "verdict" in entry:
            self.on_day(entry["settled"], settle)

    def _log_interview(self, entry: StoryEntry) -> None:
        facts = InterviewFacts(
            held_on=self.day(entry["day"]),
            target_group=self.groups[entry["group"] - 1],
            people=entry["people"],
            learnt=entry["learnt"],
        )
        framing.log_interview(*self.team, facts, knowingly=False)

    def _schedule_metric(self, entry: StoryEntry) -> None:
        same = ("name", "unit", "baseline", "baseline_source", "target")
        plan = MetricDefinitionFacts(
            **{name: entry[name] for name in same},
            direction=MetricDirection(entry["direction"]),
            baseline_on=self.day(entry["baseline_day"]),
        )
        defined_metrics: list[Any] = []

        def define() -> None:
            defined_metrics.append(metrics.define_metric(*self.team, plan))

        def measure(value: Mapping[str, Any]) -> None:
            measured = MeasurementFacts(
                measured_on=self.day(value["day"]),
                value=value["value"],
                sample_size=value["cases"],
                method=value["method"],
            )
            metrics.add_measurement(*self.team, defined_metrics[0], measured)

        self.on_day(entry["day"], define)
        for value in entry["measurements"]:
            self.on_day(value["day"], partial(measure, value))

    def _schedule_data_source(self, entry: StoryEntry) -> None:
        same = ("name", "holder", "contents", "purpose", "legal_basis", "screening_note")
        facts = SourceFacts(
            **{name: entry[name] for name in same},
            personal=PersonalDataPresence(entry["personal"]),
            screening=DpiaScreening(entry["screening"]),
        )
        sources: list[Any] = []

        def add() -> None:
            on = self.day(entry["day"])
            sources.append(data.add_source(*self.team, facts, identified_on=on))

        def move(step: Mapping[str, Any]) -> None:
            (row,) = sources
            way = {"reached_on": self.day(step["day"]), "note": step["note"]}
            access = AccessState(step["access"])
            data.move_access(*self.team, row, access, **way, version=row.version)

        self.on_day(entry["day"], add)
        self.schedule_trigger_check(entry["day"])
        for step in entry["steps"]:
            self.on_day(step["day"], partial(move, step))
        if "sample" in entry:
            self.on_day(entry["sample"]["day"], partial(self._note_sample, sources, entry["sample"]))
            self.on_day(entry["quality"]["day"], partial(self._judge_quality, sources, entry["quality"]))

    def _note_sample(self, sources: list[Any], entry: StoryEntry) -> None:
        measures = {name: entry[name] for name in ("rows", "sha256")}
        sample = SampleMeasures(**measures, received_on=self.day(entry["day"]), measured=False)
        data.replace_sample(*self.team, sources[0], sample, sources[0].version)

    def _judge_quality(self, sources: list[Any], entry: StoryEntry) -> None:
        quality = DataQualityFacts(
            faithfulness=Faithfulness(entry["faithfulness"]),
            fitness=Fitness(entry["fitness"]),
            quality_note=entry["quality_note"],
        )
        data.record_quality(*self.team, sources[0], quality, sources[0].version)
