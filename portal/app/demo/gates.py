"""Gates of the demonstration: engagements, declarations and decisions."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from portal.app.demo.story_part import ProjectStory, StoryEntry, StoryPart
from portal.oversight.gates import (
    commands,
    definition_queries,
    fact_commands,
    fact_queries,
    queries,
)
from portal.oversight.gates.acceptor_queries import can_answer_gate
from portal.oversight.gates.fact_commands import ChangePlanTexts, KeyRolesFacts, PanelFacts
from portal.oversight.gates.models import PanelOutcome
from portal.oversight.health.fact_queries import ALL_PARTS
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects.queries import list_reviewers, list_team

LOOK_INTERVAL = 60  # days between two evaluations of a team's gates
ENGAGEMENT_DAY = 3  # days after the project's start
ACCEPTANCE_NOTE = "Vu ensemble, preuves à l’appui (démonstration)."


class GateStory(StoryPart):
    """The gates of one project: declared by its lead, decided by an actor who may accept each."""

    def schedule_story_steps(self, project_story: ProjectStory) -> None:
        begun = (self.project.starts_on - self.today).days
        self.on_day(begun + ENGAGEMENT_DAY, self._note_key_roles)
        for name, verb in (
            ("plan", self._write_change_plan),
            ("waived", self._waive_gate),
            ("panel", self._hold_panel),
        ):
            if name in project_story:
                self.on_day(project_story[name]["day"], partial(verb, project_story[name]))
        for entry in project_story.get("asks", []):
            self.on_day(entry["asked"], partial(self._declare_gate, entry["gate"]))
            if "accepted" in entry:
                self.on_day(entry["accepted"], partial(self._accept_gate, entry["gate"]))
            if "refused" in entry:
                self.on_day(
                    entry["refused"]["day"], partial(self._refuse_gate, entry["gate"], entry["refused"])
                )
        for day in (*range(begun + LOOK_INTERVAL, -1, LOOK_INTERVAL), *project_story.get("looks", [])):
            self.on_day(day, self.evaluate_gates_and_health)
        self.on_day(-1, partial(self.evaluate_gates_and_health, ALL_PARTS))

    def _note_key_roles(self) -> None:
        team = list_team(self.project)
        facts = KeyRolesFacts(sponsor_id=team[0].person.id, business_owner_id=team[-1].person.id)
        fact_commands.note_key_roles(self.actor_as("programme_lead"), self.project, facts, 0)

    def _write_change_plan(self, entry: StoryEntry) -> None:
        texts = ChangePlanTexts(**{name: entry[name] for name in ("missions", "workflow", "training")})
        fact_commands.write_change_plan(*self.team, texts, 0)

    def _waive_gate(self, entry: StoryEntry) -> None:
        direction = self.actor_as("programme_lead")
        commands.waive_gate(direction, self.project, entry["gate"], entry["reason"])

    def _hold_panel(self, entry: StoryEntry) -> None:
        """Without a version, nothing could be shown live."""
        versions = {number: key for key, number in fact_queries.list_version_ids_and_numbers(self.project)}
        facts = PanelFacts(
            held_on=clock.today(),
            members=entry["members"],
            version_id=versions[entry["version"]] if "version" in entry else None,
            criteria=[(criterion, met) for criterion, met in entry["criteria"]],
            outcome=PanelOutcome(entry["outcome"]),
            reasons=entry["reasons"],
        )
        fact_commands.record_panel(self.actor_as("programme_lead"), self.project, facts)

    def _declare_gate(self, gate: int) -> None:
        commands.declare_gate(self.actor_as("team_lead"), self.project, gate)

    def _accept_gate(self, gate: int) -> None:
        fingerprint = queries.read_last_evaluation_rows_by_gate(self.project)[gate].fingerprint
        commands.accept_gate(self._find_acceptor(gate), self.project, gate, fingerprint, ACCEPTANCE_NOTE)

    def _refuse_gate(self, gate: int, entry: StoryEntry) -> None:
        commands.refuse_gate(self._find_acceptor(gate), self.project, gate, entry["reason"])

    def _get_definition(self, gate: int) -> Any:
        return definition_queries.get_definition(self.project.programme_id, gate)

    def _find_acceptor(self, gate: int) -> Actor:
        """The first actor who may decide."""
        definition = self._get_definition(gate)
        may = (
            actor
            for actor in self._list_possible_acceptors()
            if can_answer_gate(actor, self.project, definition)
        )
        return next(may)

    def _list_possible_acceptors(self) -> Iterator[Actor]:
        for part in ("programme_lead", "technical_coach", "strategic_coach", "coach"):
            yield self.actor_as(part)
        for reviewer in list_reviewers(self.project):
            yield actor_for(reviewer.person.id)
