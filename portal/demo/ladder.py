"""The gates of the demonstration: what each team engaged, what it asked for, what was answered."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from portal.demo.teller import Teller, Telling, Then
from portal.gates import commands, evaluating, fact_commands, policy, queries
from portal.gates.fact_commands import EngagementFacts, PanelFacts, PlanTexts
from portal.gates.models import Outcome
from portal.health import recording
from portal.health.gathering import EVERYTHING, Part
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.programmes.queries import actor_for
from portal.projects.queries import list_reviewers, list_team

EVERY = 60  # days between two looks at a team's gates
ENGAGED = 3  # days after the beginning
NOTE = "Vu ensemble, preuves à l’appui (démonstration)."


class Ladder(Teller):
    """Tells one project's gates: asked for by its lead, answered by whoever may accept each."""

    def tell(self, given: Telling, then: Then) -> None:
        begun = (self.project.starts_on - self.today).days
        then(begun + ENGAGED, self._engage)
        for name, verb in (("plan", self._plan), ("waived", self._waive), ("panel", self._panel)):
            if name in given:
                then(given[name]["day"], partial(verb, given[name]))
        for told in given.get("asks", []):
            then(told["asked"], partial(self._ask, told["gate"]))
            if "accepted" in told:
                then(told["accepted"], partial(self._accept, told["gate"]))
            if "refused" in told:
                then(told["refused"]["day"], partial(self._refuse, told["gate"], told["refused"]))
        for day in (*range(begun + EVERY, -1, EVERY), *given.get("looks", [])):
            then(day, self._look)
        then(-1, partial(self._look, EVERYTHING))

    def _engage(self) -> None:
        team = list_team(self.project)
        facts = EngagementFacts(
            agreed_on=clock.today(),
            sponsor_id=team[0].person.id,
            business_owner_id=team[-1].person.id,
        )
        fact_commands.note_engagement(self.voice("programme_lead"), self.project, facts, 0)

    def _plan(self, told: Mapping[str, Any]) -> None:
        texts = PlanTexts(**{name: told[name] for name in ("missions", "workflow", "training")})
        fact_commands.write_change_plan(self.member(), self.project, texts, 0)

    def _waive(self, told: Mapping[str, Any]) -> None:
        direction = self.voice("programme_lead")
        commands.waive(direction, self.project, told["gate"], told["reason"])

    def _panel(self, told: Mapping[str, Any]) -> None:
        """Without a version, nothing could be shown live."""
        versions = {number: key for key, number in queries.list_versions(self.project)}
        facts = PanelFacts(
            held_on=clock.today(),
            members=told["members"],
            version_id=versions[told["version"]] if "version" in told else None,
            criteria=[(said, met) for said, met in told["criteria"]],
            outcome=Outcome(told["outcome"]),
            reasons=told["reasons"],
        )
        fact_commands.hold_panel(self.voice("programme_lead"), self.project, facts)

    def _look(self, parts: frozenset[Part] = frozenset({Part.STEPS})) -> None:
        """As whatever a team does has its gates judged and its health read, where it is done in a
        portal."""
        if not policy.is_frozen(self.project):
            evaluating.judge_project(self.project)
            recording.read_project(self.project, parts)

    def _ask(self, gate: int) -> None:
        commands.declare(self.voice("team_lead"), self.project, gate)

    def _accept(self, gate: int) -> None:
        seen = queries.find_latest(self.project)[gate].fingerprint
        commands.accept(self._acceptor(gate), self.project, gate, seen, NOTE)

    def _refuse(self, gate: int, told: Mapping[str, Any]) -> None:
        commands.refuse(self._acceptor(gate), self.project, gate, told["reason"])

    def _definition(self, gate: int) -> Any:
        return queries.get_definition(self.project.programme_id, gate)

    def _acceptor(self, gate: int) -> Actor:
        """The first of those who may answer."""
        definition = self._definition(gate)
        may = (
            one
            for one in self._who_may_accept()
            if queries.can_answer(one, self.project, definition)
        )
        return next(may)

    def _who_may_accept(self) -> Iterator[Actor]:
        for part in ("programme_lead", "technical_coach", "strategic_coach", "coach"):
            yield self.voice(part)
        for reviewer in list_reviewers(self.project):
            yield actor_for(reviewer.person.id)
