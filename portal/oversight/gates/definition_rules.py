"""Definition of a gate, and the terms that a programme may change. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.project.projects.gate_rules import GATE_NUMBER_MAX

WEIGHT_MAX = 100
MONTH_MAX = 36
THRESHOLD_MIN, THRESHOLD_MAX = 1, 365
GATE_COUNT = 12  # defaults
GATE_NUMBERS = range(GATE_NUMBER_MAX + 1)
PLACE_GAP = 1000  # between the places of neighbours, so that a gate moves without the others


class GateAcceptor(StrEnum):
    """Kind of acceptor of a gate; `policy.is_acceptor` says who that is in a project."""

    DIRECTION = "direction"
    TRACK_COACH = "track_coach"  # of the track that the definition names
    ANY_COACH = "any_coach"
    REVIEWER = "reviewer"


class GateVerb(StrEnum):
    """A decision about a gate."""

    DECLARED = "declared"  # the team declares it passed and requests acceptance
    WITHDRAWN = "withdrawn"  # the team withdraws its request
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WAIVED = "waived"
    RESTORED = "restored"  # a waiver is revoked


class StalenessCause(StrEnum):
    """What makes an acceptance stale."""

    TARGET_GROUP_CHANGED = "target_group_changed"
    DATA_SOURCE_CHANGED = "data_source_changed"
    TRIGGER_OPEN = "trigger_open"
    MODEL_CHANGED = "model_changed"
    INTERFACE_CHANGED = "interface_changed"
    VERSIONS_LATER = "versions_later"
    DAYS_LATER = "days_later"
    NEW_SEVERITY_4 = "new_severity_4"
    METRIC_REDEFINED = "metric_redefined"
    EVIDENCE_LOST = "evidence_lost"  # applies to every gate: no definition names it


@dataclass(frozen=True)
class GateTermsValues:
    """What a programme's leads may change. `track` is the key of a track, "" for none; `thresholds`
    are by predicate or by cause of staleness; `month` counts from the beginning of the support."""

    weight: int
    month: int
    acceptor: GateAcceptor
    track: str
    thresholds: Mapping[str, int]


@dataclass(frozen=True)
class GateDefinition:
    """A gate as it applies to a programme; `edition` 0 is the default
    or what the programme's template made of it. `place` orders the gates,
    None for the place of its number; the number never changes."""

    number: int
    key: str
    name_fr: str
    name_en: str
    predicates: tuple[str, ...]
    stale: tuple[StalenessCause, ...]
    terms: GateTermsValues
    edition: int = 0
    place: int | None = None
    is_left_out: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """Return the key that orders the gates of a programme."""
        place = self.number * PLACE_GAP if self.place is None else self.place
        return place, self.number

    @property
    def changes(self) -> int:
        """Return how often it was changed in its programme; that it was added is no change."""
        return self.edition - (self.number >= GATE_COUNT)

    @property
    def weight(self) -> int:
        return self.terms.weight

    @property
    def thresholds(self) -> Mapping[str, int]:
        return self.terms.thresholds


def count_editions(definitions: Iterable[GateDefinition]) -> int:
    """Return how many editions the gates of a programme had: it grows with each change."""
    return sum(definition.edition for definition in definitions)
