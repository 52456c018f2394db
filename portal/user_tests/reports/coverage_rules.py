"""Coverage: which target groups tested which versions, and which are missing. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.project.framing.models import TargetGroup
from portal.user_tests.reports.round_rules import RoundTargetGroup, VersionedRound
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.sum_rules import RoundSums

VERSIONS_MAX = 4  # columns of the table: the latest versions


class CoverageGapKind(StrEnum):
    """Kinds of gaps in the coverage of the latest version."""

    NOBODY_INVITED = "nobody_invited"  # no round on the latest version aims at the group
    TOO_FEW = "too_few"
    ACCESS_NOT_SAID = "access_not_said"
    NO_ACCESS_NEED = "no_access_need"


@dataclass(frozen=True)
class CoverageCell:
    """Participants of a group on a version; `participant_goal` None: no number was given."""

    participants: int
    participant_goal: int | None
    is_aimed: bool


@dataclass(frozen=True)
class CoverageLine:
    """A target group (None: participants of no group) over all rounds. `latest` is the number of
    the latest version that it tested; `cells` by version number."""

    group: TargetGroup | None
    participants: int
    latest: int | None
    cells: Mapping[int, CoverageCell]


@dataclass(frozen=True)
class CoverageGap:
    """A gap on the latest version; `round` is the round in which to close it, if there is one."""

    kind: CoverageGapKind
    group: TargetGroup | None
    participants: int
    participant_goal: int | None
    round: TestRound | None


@dataclass(frozen=True)
class RoundAccessNeeds:
    """A round in the list of access needs, which are counted per round, never per person."""

    round: TestRound
    version: int
    participants: int


@dataclass(frozen=True)
class Coverage:
    """`latest` is the prototype's latest version; `versions`: the numbers of the columns, the
    latest first; `rounds`: the latest first."""

    latest: int
    versions: Sequence[int]
    lines: Sequence[CoverageLine]
    gaps: Sequence[CoverageGap]
    rounds: Sequence[RoundAccessNeeds]


def compute_coverage(
    latest: int,
    groups: Sequence[TargetGroup],
    versioned_rounds: Sequence[VersionedRound],
    aims: Sequence[RoundTargetGroup],
    sums_by_round: Mapping[UUID, RoundSums],
) -> Coverage:
    """Return the coverage of a project. An abandoned group is included if it had participants."""
    table = _CoverageCounts(versioned_rounds, aims, sums_by_round)
    lines = [table.line(group) for group in groups]
    current = [line for line in lines if line.group and (line.group.left_on is None or line.participants)]
    ungrouped = table.line(None)
    versions = sorted({round_.version for round_ in versioned_rounds}, reverse=True)
    return Coverage(
        latest=latest,
        versions=versions[:VERSIONS_MAX],
        lines=[*current, *([ungrouped] if ungrouped.participants else [])],
        gaps=[
            *_list_groups_below_goal(latest, current, table),
            *_list_access_gaps(latest, versioned_rounds, sums_by_round),
        ],
        rounds=[
            RoundAccessNeeds(round_.round, round_.version, sums_by_round[round_.round.id].sessions)
            for round_ in reversed(versioned_rounds)
        ],
    )


class _CoverageCounts:
    """Participants and aims, by group and version."""

    def __init__(
        self,
        versioned_rounds: Sequence[VersionedRound],
        aims: Sequence[RoundTargetGroup],
        sums_by_round: Mapping[UUID, RoundSums],
    ) -> None:
        version_of = {round_.round.id: round_.version for round_ in versioned_rounds}
        self.participant_counts: dict[tuple[UUID | None, int], int] = defaultdict(int)
        for round_id, sums in sums_by_round.items():
            for group_id, count in sums.groups.items():
                self.participant_counts[group_id, version_of[round_id]] += count
        self.aims: dict[tuple[UUID, int], list[RoundTargetGroup]] = defaultdict(list)
        for aim in aims:
            self.aims[aim.group.id, version_of[aim.round_id]].append(aim)
        self.rounds = {round_.round.id: round_.round for round_ in versioned_rounds}
        self.versions = sorted(set(version_of.values()))

    def line(self, group: TargetGroup | None) -> CoverageLine:
        id_ = group.id if group else None
        cells = {version: self._build_cell(id_, version) for version in self.versions}
        tested_versions = [version for version, cell in cells.items() if cell.participants]
        total = sum(cell.participants for cell in cells.values())
        return CoverageLine(group, total, max(tested_versions, default=None), cells)

    def _build_cell(self, id_: UUID | None, version: int) -> CoverageCell:
        aims = self.aims.get((id_, version), []) if id_ else []
        goals = [aim.participant_goal for aim in aims if aim.participant_goal is not None]
        participants = self.participant_counts.get((id_, version), 0)
        return CoverageCell(participants, sum(goals) if goals else None, bool(aims))

    def find_open_round_for_group(self, group: TargetGroup, version: int) -> TestRound | None:
        """Return the latest round of the version that is not over and aims at the group."""
        aims = self.aims.get((group.id, version), [])
        aiming_rounds = [self.rounds[aim.round_id] for aim in aims]
        return next((round_ for round_ in reversed(aiming_rounds) if round_.ended_on is None), None)


def _list_groups_below_goal(
    latest: int, lines: Sequence[CoverageLine], table: _CoverageCounts
) -> list[CoverageGap]:
    """Return the groups below their goal on the latest version, those with the fewest first."""
    gaps = []
    for line in lines:
        group = line.group
        if group is None or group.left_on is not None:
            continue
        cell = line.cells.get(latest, CoverageCell(0, None, is_aimed=False))
        if not cell.is_aimed and not cell.participants:
            gaps.append(CoverageGap(CoverageGapKind.NOBODY_INVITED, group, 0, None, None))
        elif cell.participants < (cell.participant_goal or 1):
            round_ = table.find_open_round_for_group(group, latest)
            gaps.append(
                CoverageGap(CoverageGapKind.TOO_FEW, group, cell.participants, cell.participant_goal, round_)
            )
    return sorted(gaps, key=lambda gap: gap.participants)


def _list_access_gaps(
    latest: int, versioned_rounds: Sequence[VersionedRound], sums_by_round: Mapping[UUID, RoundSums]
) -> list[CoverageGap]:
    """Return the tested rounds without a count of access needs, else the lack of such needs."""
    tested_rounds = [
        round_.round
        for round_ in versioned_rounds
        if round_.version == latest and sums_by_round[round_.round.id].sessions > 0
    ]
    uncounted = [round_ for round_ in tested_rounds if round_.access_needs is None]
    if uncounted:
        return [CoverageGap(CoverageGapKind.ACCESS_NOT_SAID, None, 0, None, round_) for round_ in uncounted]
    if tested_rounds and not any(round_.access_needs for round_ in tested_rounds):
        return [CoverageGap(CoverageGapKind.NO_ACCESS_NEED, None, 0, None, tested_rounds[-1])]
    return []
