"""The gates of the demonstration: what each team engaged, what it asked for, who accepted it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from portal.cli.story import read_yaml
from portal.cli.teller import Teller, Then
from portal.gates import commands, evaluating, fact_commands, policy, queries
from portal.gates.fact_commands import EngagementFacts, PanelFacts, PlanTexts
from portal.gates.models import Outcome
from portal.gates.standing import Standing, State
from portal.health import recording
from portal.kernel import clock
from portal.kernel.access import Actor
from portal.programmes.queries import actor_for
from portal.projects.models import Project
from portal.projects.queries import list_reviewers, list_team

EVERY = 45  # days between two looks at a team's gates
FIRST = 14  # days after the beginning

Voice = Callable[[], Actor]


@cache
def read_gates() -> Mapping[str, Any]:
    """What is told beside what the evidence says."""
    told: Mapping[str, Any] = read_yaml("gates.yaml")
    return told


class Ladder(Teller):
    """Tells one project's gates: `voices` are its lead, its programme's, and coaches by track."""

    def __init__(
        self, project: Project, today: date, member: Voice, voices: Mapping[str, Voice]
    ) -> None:
        super().__init__(project, today, member)
        self.voices = voices
        self.told = read_gates()["projects"].get(project.slug, {})

    def tell(self, then: Then) -> None:
        begun = (self.project.starts_on - self.today).days
        then(begun + 3, self._engage)
        for name, verb in (("plan", self._plan), ("waived", self._waive), ("panel", self._panel)):
            if name in self.told:
                then(self.told[name]["day"], partial(verb, self.told[name]))
        for day in range(begun + FIRST, 0, EVERY):
            then(day, self._look)
        then(-1, partial(self._look, last=True))

    def _engage(self) -> None:
        team = list_team(self.project)
        facts = EngagementFacts(
            agreed_on=clock.today(),
            sponsor_id=team[0].person.id,
            business_owner_id=team[-1].person.id,
        )
        fact_commands.note_engagement(self.voices["programme_lead"](), self.project, facts, 0)

    def _plan(self, told: Mapping[str, Any]) -> None:
        texts = PlanTexts(**{name: told[name] for name in ("missions", "workflow", "training")})
        fact_commands.write_change_plan(self.member(), self.project, texts, 0)

    def _waive(self, told: Mapping[str, Any]) -> None:
        direction = self.voices["programme_lead"]()
        commands.waive(direction, self.project, told["gate"], told["reason"])

    def _panel(self, told: Mapping[str, Any]) -> None:
        """Nothing could be shown live any more."""
        facts = PanelFacts(
            held_on=clock.today(),
            members=told["members"],
            version_id=None,
            criteria=[(said, met) for said, met in told["criteria"]],
            outcome=Outcome(told["outcome"]),
            reasons=told["reasons"],
        )
        fact_commands.hold_panel(self.voices["programme_lead"](), self.project, facts)

    def _look(self, *, last: bool = False) -> None:
        """What is proved is asked for, and accepted; on the last day what is new only waits."""
        if policy.is_frozen(self.project):
            return
        evaluating.judge_project(self.project)
        for state in queries.read_states(self.project):
            if state.standing is Standing.PROVED and not state.is_asked:
                self._ask(state, accepted=not last)
        recording.read_project(self.project)

    def _ask(self, state: State, *, accepted: bool) -> None:
        gate, lead = state.definition.number, self.voices["team_lead"]()
        if policy.can_declare(lead, self.project):
            commands.declare(lead, self.project, gate)
        if accepted and state.evaluation is not None:
            for actor in self._who_may_accept():
                if queries.can_answer(actor, self.project, state.definition):
                    seen = state.evaluation.fingerprint
                    commands.accept(actor, self.project, gate, seen, read_gates()["note"])
                    return

    def _who_may_accept(self) -> Iterator[Actor]:
        yield self.voices["programme_lead"]()
        for part, voice in self.voices.items():
            if part.endswith("_coach"):
                yield voice()
        for reviewer in list_reviewers(self.project):
            yield actor_for(reviewer.person.id)
