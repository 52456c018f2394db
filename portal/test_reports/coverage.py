"""Which target groups took part, on which versions, and who is still missing. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from portal.framing.models import TargetGroup
from portal.test_reports.queries import Aim, Tried
from portal.user_tests.models import TestRound
from portal.user_tests.sums import RoundSums

COLUMNS = 4  # versions side by side, the latest


class Lack(StrEnum):
    """What a gap is about."""

    NOBODY_INVITED = "nobody_invited"  # no round on the latest version aims at the group
    TOO_FEW = "too_few"
    ACCESS_NOT_SAID = "access_not_said"
    NO_ACCESS_NEED = "no_access_need"


@dataclass(frozen=True)
class Cell:
    """Of one group on one version: how many came, and of how many (None: nobody said)."""

    came: int
    wanted: int | None
    is_aimed: bool


@dataclass(frozen=True)
class Line:
    """A target group (None: participants of none) over all rounds. `latest` is the number of the
    latest version that somebody of it tried; `cells` go by version."""

    group: TargetGroup | None
    came: int
    latest: int | None
    cells: Mapping[int, Cell]


@dataclass(frozen=True)
class Gap:
    """Something missing on the latest version. `round` is the one in which to mend it, if any."""

    lack: Lack
    group: TargetGroup | None
    came: int
    wanted: int | None
    round: TestRound | None


@dataclass(frozen=True)
class Held:
    """A round in the list of access needs, which are a number of the round and of nobody."""

    round: TestRound
    version: int
    came: int


@dataclass(frozen=True)
class Coverage:
    """`latest` is the prototype's latest version; `versions` are those that rounds tried, the
    latest first, as many as there are columns; `rounds` the latest first."""

    latest: int
    versions: Sequence[int]
    lines: Sequence[Line]
    gaps: Sequence[Gap]
    rounds: Sequence[Held]


def cover(
    latest: int,
    groups: Sequence[TargetGroup],
    tried: Sequence[Tried],
    aims: Sequence[Aim],
    came: Mapping[UUID, RoundSums],
) -> Coverage:
    """The matrix of a project. A group that was left stands in it if somebody of it came."""
    table = _Table(tried, aims, came)
    lines = [table.line(group) for group in groups]
    current = [one for one in lines if one.group and (one.group.left_on is None or one.came)]
    others = table.line(None)
    versions = sorted({one.version for one in tried}, reverse=True)
    return Coverage(
        latest=latest,
        versions=versions[:COLUMNS],
        lines=[*current, *([others] if others.came else [])],
        gaps=[*_missing_people(latest, current, table), *_missing_access(latest, tried, came)],
        rounds=[
            Held(one.round, one.version, came[one.round.id].sessions) for one in reversed(tried)
        ],
    )


class _Table:
    """Counts by group and version."""

    def __init__(
        self, tried: Sequence[Tried], aims: Sequence[Aim], came: Mapping[UUID, RoundSums]
    ) -> None:
        version_of = {one.round.id: one.version for one in tried}
        self.came: dict[tuple[UUID | None, int], int] = defaultdict(int)
        for round_id, sums in came.items():
            for group_id, count in sums.groups.items():
                self.came[group_id, version_of[round_id]] += count
        self.aims: dict[tuple[UUID, int], list[Aim]] = defaultdict(list)
        for aim in aims:
            self.aims[aim.group.id, version_of[aim.round_id]].append(aim)
        self.rounds = {one.round.id: one.round for one in tried}
        self.versions = sorted(set(version_of.values()))

    def line(self, group: TargetGroup | None) -> Line:
        id_ = group.id if group else None
        cells = {version: self._cell(id_, version) for version in self.versions}
        met = [version for version, cell in cells.items() if cell.came]
        total = sum(cell.came for cell in cells.values())
        return Line(group, total, max(met, default=None), cells)

    def _cell(self, id_: UUID | None, version: int) -> Cell:
        aims = self.aims.get((id_, version), []) if id_ else []
        said = [aim.wanted for aim in aims if aim.wanted is not None]
        came = self.came.get((id_, version), 0)
        return Cell(came, sum(said) if said else None, bool(aims))

    def round_for(self, group: TargetGroup, version: int) -> TestRound | None:
        """Where somebody of the group can still take part: a round that is not over."""
        aims = self.aims.get((group.id, version), [])
        open_ = [self.rounds[aim.round_id] for aim in aims]
        return next((one for one in reversed(open_) if one.ended_on is None), None)


def _missing_people(latest: int, lines: Sequence[Line], table: _Table) -> list[Gap]:
    """Groups nobody of whom tried the latest version come first."""
    gaps = []
    for line in lines:
        group = line.group
        if group is None or group.left_on is not None:
            continue
        cell = line.cells.get(latest, Cell(0, None, is_aimed=False))
        if not cell.is_aimed and not cell.came:
            gaps.append(Gap(Lack.NOBODY_INVITED, group, 0, None, None))
        elif cell.came < (cell.wanted or 1):
            where = table.round_for(group, latest)
            gaps.append(Gap(Lack.TOO_FEW, group, cell.came, cell.wanted, where))
    return sorted(gaps, key=lambda gap: gap.came)


def _missing_access(
    latest: int, tried: Sequence[Tried], came: Mapping[UUID, RoundSums]
) -> list[Gap]:
    """What is not said of the rounds that somebody tried, or that nobody with a need came."""
    held = [one.round for one in tried if one.version == latest and came[one.round.id].sessions > 0]
    unsaid = [one for one in held if one.access_needs is None]
    if unsaid:
        return [Gap(Lack.ACCESS_NOT_SAID, None, 0, None, one) for one in unsaid]
    if held and not any(one.access_needs for one in held):
        return [Gap(Lack.NO_ACCESS_NEED, None, 0, None, held[-1])]
    return []
