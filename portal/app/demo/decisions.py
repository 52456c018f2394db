"""Decisions and committees of the demonstration, all invented: asked, answered late, recorded."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from portal.app.demo.story_clock import freeze_story_clock, moment_not_after_now
from portal.app.demo.story_files import read_yaml
from portal.app.demo.story_part import ProjectStory, StoryPart
from portal.oversight.committees import commands as committees
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.decisions import commands, projections, queries
from portal.oversight.decisions.commands import DecisionAnswer, DecisionFacts
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee, DecisionOutcome
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import list_unsealed_events
from portal.platform.kernel.database import db
from portal.sprints.sprints import commands as sprints

Step = tuple[datetime, Callable[[], object]]
PROGRAMME_LEAD = "programme_lead"
FILE = "decisions.yaml"


class DecisionStory(StoryPart):
    """The decisions of one project: asked here, or at the close of a sprint (`sprint`)."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:  # noqa: ARG002
        for entry in read_yaml(FILE)["decisions"].get(self.project.slug, []):
            decisions: list[AwaitedDecision] = []
            if "sprint" not in entry:
                self.on_day(entry["day"], partial(self._ask_decision, entry, decisions))
            if "answered" in entry:
                self.on_day(entry["answered"], partial(self._answer_decision, entry, decisions))
            if "read" in entry:
                self.on_day(entry["read"], partial(self._acknowledge_answer, entry, decisions))

    def _find_decision(
        self, entry: Mapping[str, Any], decisions: Sequence[AwaitedDecision]
    ) -> AwaitedDecision:
        if decisions:
            return decisions[0]
        return queries.get_decision_asked_by_sprint(self.team_member(), self.project, entry["sprint"])

    def _ask_decision(self, entry: Mapping[str, Any], decisions: list[AwaitedDecision]) -> None:
        facts = DecisionFacts(
            question=entry["question"],
            why=entry.get("why", ""),
            due_on=self.day(entry["due"]) if "due" in entry else None,
            gate=entry.get("gate"),
            addressee=DecisionAddressee(entry.get("to", "lead")),
        )
        decisions.append(commands.ask_decision(self.team_member(), self.project, facts))

    def _answer_decision(self, entry: Mapping[str, Any], decisions: Sequence[AwaitedDecision]) -> None:
        row = self._find_decision(entry, decisions)
        answer = DecisionAnswer(DecisionOutcome(entry["outcome"]), entry["answer"])
        lead = self.actor_as(PROGRAMME_LEAD)
        commands.answer_decision(lead, self.project, row, answer, row.version)

    def _acknowledge_answer(self, entry: Mapping[str, Any], decisions: Sequence[AwaitedDecision]) -> None:
        row = self._find_decision(entry, decisions)
        commands.acknowledge_answer(self.team_member(), self.project, row, row.version)


class SprintDecisionRecorder:
    """Asks what sprints' logs ask while a story is loaded in one transaction."""

    def __init__(self) -> None:
        self._read_count = len(list_unsealed_events(db.session()))

    def update_after_step(self) -> None:
        """Turn the questions of a step's logs into decisions, as the projection does."""
        lines = list_unsealed_events(db.session())[self._read_count :]
        closes = [line for line in lines if line.action == sprints.CLOSED.code]
        if closes:
            projections.refresh_decisions_from_sprint_logs(closes)
        self._read_count = len(list_unsealed_events(db.session()))


def hold_committees(programme_slug: str, today: date, lead: Actor) -> None:
    """Plan the committees of a programme and close their records, in the order of their days."""
    steps: list[Step] = []
    for entry in read_yaml(FILE)["committees"].get(programme_slug, []):
        steps += _build_committee_steps(lead, programme_slug, today, entry)
    for when, step in sorted(steps, key=lambda timed_step: timed_step[0]):
        with freeze_story_clock(when):
            step()


def _build_committee_steps(
    lead: Actor, programme_slug: str, today: date, entry: Mapping[str, Any]
) -> Sequence[Step]:
    """A committee is planned, and its record closed where it says when."""
    facts = CommitteeFacts(
        held_on=today + timedelta(days=entry["day"]),
        hour="14:30",
        duration=90,
        place=entry["place"],
        members=entry["members"],
        agenda=entry["agenda"],
    )
    planned = []

    def plan() -> None:
        programme = get_programme(lead, programme_slug)
        planned.append(committees.plan_committee(lead, programme, facts))

    def close() -> None:
        programme = get_programme(lead, programme_slug)
        committees.close_record(lead, programme, planned[0], planned[0].version)

    steps: list[Step] = [(moment_not_after_now(today + timedelta(days=entry["planned"])), plan)]
    if "closed" in entry:
        steps.append((moment_not_after_now(today + timedelta(days=entry["closed"]), 17), close))
    return steps
