"""What changed in a programme between two moments, for its portfolio and for the pack of a committee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from portal.funding.change_requests.decided_queries import list_decided_changes
from portal.oversight.decisions.awaited_queries import list_asked_and_answered_since
from portal.oversight.gates.forecast_rules import LatenessIncrements
from portal.oversight.health.definition_rules import Definitions, SignalDefinition
from portal.oversight.health.queries import read_definitions
from portal.oversight.health.signal_computation_rules import compute_signals
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.change_rules import TeamChange, compare_states, list_decision_changes
from portal.platform.kernel import clock

DECIDED_MAX = 1000  # decisions on change requests that are read
ChangedSignal = tuple[SignalDefinition, SignalDefinition]  # before and after
QuestionsByTeam = Mapping[UUID, tuple[Sequence[str], Sequence[str]]]  # asked, and answered


@dataclass(frozen=True)
class ProgrammeMoves:
    """What happened between two moments around the teams: `thresholds` are those of the first one, and
    `changed` holds the signals that have others at the last one."""

    questions: QuestionsByTeam
    thresholds: Definitions
    changed: Sequence[ChangedSignal]

    def list_changes(
        self, then: HealthSnapshot | None, now: HealthSnapshot, steps: LatenessIncrements
    ) -> Sequence[TeamChange]:
        """The changes of a team between its states at both moments; `steps` are those of its programme."""
        judged = self._judge_by_old_thresholds(now, steps) if self.changed else None
        questions, answers = self.questions.get(now.project_id, ((), ()))
        return [*compare_states(then, now, judged), *list_decision_changes(questions, answers)]

    def _judge_by_old_thresholds(self, now: HealthSnapshot, steps: LatenessIncrements) -> HealthSnapshot:
        return replace(now, signals=compute_signals(now.facts, self.thresholds, now.day, now.signals, steps))


def read_programme_moves(
    programme_id: UUID, since: datetime, until: datetime | None = None
) -> ProgrammeMoves:
    """What happened since a moment and until another (now). Four statements."""
    thresholds = read_definitions(programme_id, since)
    changed = _compare_thresholds(thresholds, read_definitions(programme_id, until))
    return ProgrammeMoves(_read_questions(programme_id, since, until), thresholds, changed)


def _read_questions(programme_id: UUID, since: datetime, until: datetime | None) -> QuestionsByTeam:
    """The questions that teams asked, and what was decided: answers, then decisions on change requests."""
    questions = dict(list_asked_and_answered_since(programme_id, since, until))
    for each in list_decided_changes(programme_id, since, until or clock.now(), DECIDED_MAX):
        asked, answered = questions.get(each.project.id, ((), ()))
        questions[each.project.id] = asked, [*answered, each.title]
    return questions


def list_changed_signals(
    programme_id: UUID, since: datetime, until: datetime | None = None
) -> Sequence[ChangedSignal]:
    """The signals that have other thresholds at a moment (now) than at an earlier one. Two statements."""
    return _compare_thresholds(read_definitions(programme_id, since), read_definitions(programme_id, until))


def _compare_thresholds(before: Definitions, after: Definitions) -> Sequence[ChangedSignal]:
    return [
        (before[code], definition)
        for code, definition in after.items()
        if before[code].thresholds != definition.thresholds
    ]
