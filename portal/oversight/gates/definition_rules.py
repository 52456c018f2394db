"""A gate as a programme defines it, and the numbers its leads may change. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WEIGHT_MAX = 100
MONTH_MAX = 36
THRESHOLD_MIN, THRESHOLD_MAX = 1, 365
GATE_COUNT = 12


class GateAcceptor(StrEnum):
    """Who accepts a gate; who that is in a project, `policy` says."""

    DIRECTION = "direction"
    TRACK_COACH = "track_coach"  # of the track that the definition names
    ANY_COACH = "any_coach"
    REVIEWER = "reviewer"


class GateVerb(StrEnum):
    """What people decide of a gate."""

    DECLARED = "declared"  # its team says that it is passed, and asks for it
    WITHDRAWN = "withdrawn"  # and takes that back
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WAIVED = "waived"
    RESTORED = "restored"  # a waiver is taken back


class StalenessCause(StrEnum):
    """What makes an acceptance stale, beside evidence that is no longer there."""

    TARGET_GROUP_CHANGED = "target_group_changed"
    DATA_SOURCE_CHANGED = "data_source_changed"
    TRIGGER_OPEN = "trigger_open"
    MODEL_CHANGED = "model_changed"
    INTERFACE_CHANGED = "interface_changed"
    VERSIONS_LATER = "versions_later"
    DAYS_LATER = "days_later"
    NEW_SEVERITY_4 = "new_severity_4"
    METRIC_REDEFINED = "metric_redefined"
    EVIDENCE_LOST = "evidence_lost"  # of every gate: named in no definition


@dataclass(frozen=True)
class GateTermsValues:
    """What a programme's leads may change. `track` is the key of one of its tracks, "" for none;
    `asked` are numbers by the predicate, or the cause of staleness, that asks for them."""

    weight: int
    month: int
    acceptor: GateAcceptor
    track: str
    thresholds: Mapping[str, int]


@dataclass(frozen=True)
class GateDefinition:
    """`edition` 0 is what every programme begins with."""

    number: int
    key: str
    name_fr: str
    name_en: str
    predicates: tuple[str, ...]
    stale: tuple[StalenessCause, ...]
    terms: GateTermsValues
    edition: int = 0

    @property
    def weight(self) -> int:
        return self.terms.weight

    @property
    def thresholds(self) -> Mapping[str, int]:
        return self.terms.thresholds
