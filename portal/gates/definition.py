"""A gate as a programme defines it, and the numbers its leads may change. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

WEIGHT_MAX = 100
MONTH_MAX = 36
ASKED_MIN, ASKED_MAX = 1, 365
GATES = 12


class Acceptor(StrEnum):
    """Who accepts a gate; who that is in a project, `policy` says."""

    DIRECTION = "direction"
    TRACK_COACH = "track_coach"  # of the track that the definition names
    ANY_COACH = "any_coach"
    REVIEWER = "reviewer"


class Verb(StrEnum):
    """What people decide of a gate."""

    DECLARED = "declared"  # its team says that it is passed, and asks for it
    WITHDRAWN = "withdrawn"  # and takes that back
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WAIVED = "waived"
    RESTORED = "restored"  # a waiver is taken back


class Stale(StrEnum):
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
class Terms:
    """What a programme's leads may change. `track` is the key of one of its tracks, "" for none;
    `asked` are numbers by the predicate, or the cause of staleness, that asks for them."""

    weight: int
    month: int
    acceptor: Acceptor
    track: str
    asked: Mapping[str, int]


@dataclass(frozen=True)
class Definition:
    """`edition` 0 is what every programme begins with."""

    number: int
    key: str
    name_fr: str
    name_en: str
    predicates: tuple[str, ...]
    stale: tuple[Stale, ...]
    terms: Terms
    edition: int = 0

    @property
    def weight(self) -> int:
        return self.terms.weight

    @property
    def asked(self) -> Mapping[str, int]:
        return self.terms.asked
