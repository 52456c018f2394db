"""Prototypes of the demonstration and the evaluations of their models."""

from functools import partial
from typing import Any

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.project.framing.metric_models import MetricDirection
from portal.sprints.prototypes import commands as versions
from portal.sprints.prototypes import evaluation_commands as evaluation
from portal.sprints.prototypes import queries
from portal.sprints.prototypes.commands import VersionFacts
from portal.sprints.prototypes.evaluation_commands import ProtocolPlan, RunFacts
from portal.sprints.prototypes.models import AutomationLevel, Exposure
from portal.sprints.prototypes.subgroup_rules import parse_subgroups


class PrototypeStory(StoryPart):
    """The versions and evaluations of one project; days count from today."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        for entry in project_story.get("versions", []):
            self.on_day(entry["day"], partial(self._add_prototype_version, entry))
            self.schedule_trigger_check(entry["day"])
        for entry in project_story.get("protocols", []):
            self._schedule_protocol(entry)

    def _add_prototype_version(self, entry: StoryEntry) -> None:
        sprints = queries.list_selectable_sprints(*self.team)
        came_from = [sprint.id for sprint in sprints if sprint.number == entry["sprint"]]
        same = ("changes", "link", "recording", "model_family", "model_provider")
        facts = VersionFacts(
            **{name: entry[name] for name in same},
            released_on=self.day(entry["day"]),
            sprint_id=came_from[0] if came_from else None,
            automation=AutomationLevel(entry["automation"]),
            exposure=Exposure(entry["exposure"]),
        )
        versions.release_version(*self.team, facts)

    def _schedule_protocol(self, entry: StoryEntry) -> None:
        same = ("metric", "held_out", "held_out_size", "baseline_name", "baseline", "threshold")
        plan = ProtocolPlan(
            **{name: entry[name] for name in same},
            dated_on=self.day(entry["dated"]),
            direction=MetricDirection(entry["direction"]),
        )
        protocols: list[Any] = []

        def write() -> None:
            protocols.append(evaluation.write_protocol(*self.team, plan))

        self.on_day(entry["dated"], write)
        for run in entry["runs"]:
            self.on_day(run["day"], partial(self._note_evaluation_run, protocols, run))

    def _note_evaluation_run(self, protocols: list[Any], entry: StoryEntry) -> None:
        facts = RunFacts(
            prototype=queries.get_version(*self.team, entry["version"]),
            ran_on=self.day(entry["day"]),
            result=entry["result"],
            code_reference=entry["code"],
            data_sha256=entry.get("sha256", ""),
            note=entry["note"],
            subgroups=parse_subgroups(entry["subgroups"]),
        )
        evaluation.note_run(*self.team, protocols[0], facts)
