"""Rounds as the computations over several of them take them. Pure."""

from dataclasses import dataclass
from uuid import UUID

from portal.project.framing.models import TargetGroup
from portal.user_tests.rounds.models import TestRound


@dataclass(frozen=True)
class VersionedRound:
    """A round and the number of the version that it tested."""

    round: TestRound
    version: int


@dataclass(frozen=True)
class RoundTargetGroup:
    """A target group of a round; `participant_goal` None: no number was given."""

    round_id: UUID
    group: TargetGroup
    participant_goal: int | None
