"""What waits for a reader's decision, by team: for the lines of the portfolio and its first figure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from portal.oversight.portfolio import policy
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from portal.project.projects.to_decide_rules import WaitingLine

HELP_TO_TAKE = {"clinics", "help_questions"}  # the kinds of requests for help that nobody took


@dataclass(frozen=True)
class TeamWaitingCounts:
    """What a team waits for: how many things, and the kind of the oldest; `is_own`: the reader
    decides about one of them."""

    count: int
    code: str
    days: int  # since the oldest waits
    is_own: bool


@dataclass(frozen=True)
class ProgrammeWaitingCounts:
    """What waits in a programme: in all, past its date, and for how many days the oldest does;
    `everywhere`: in all programmes of the reader; `help_count`: the requests for help that wait to be taken,
    and `longest_help_wait` for how many days the oldest does; `is_examined`: the reader is an operator, who
    has a page of their own for it."""

    count: int = 0
    everywhere: int = 0
    late: int = 0
    longest: int = 0
    help_count: int = 0
    longest_help_wait: int = 0
    by_team: Mapping[UUID, TeamWaitingCounts] = field(default_factory=dict, hash=False)
    is_examined: bool = False


def read_programme_waiting_counts(actor: Actor, programme_id: UUID) -> ProgrammeWaitingCounts:
    """What waits for the actor in a programme."""
    lines: dict[UUID, list[tuple[str, WaitingLine]]] = defaultdict(list)
    waiting = {
        code: [line for line in group if not line.is_in_hand]
        for code, group in map_waiting_lines_by_kind(actor).items()
    }
    everywhere = sum(map(len, waiting.values()))
    is_examined = policy.examines_on_own_page(actor, programme_id)
    for code, group in waiting.items():
        for line in group:
            if line.project.programme_id == programme_id:
                lines[line.project.id].append((code, line))
    if not lines:
        return ProgrammeWaitingCounts(everywhere=everywhere, is_examined=is_examined)
    coded = [entry for group in lines.values() for entry in group]
    every = [line for _code, line in coded]
    today = clock.today()
    help_waits = [(today - line.since).days for code, line in coded if code in HELP_TO_TAKE]
    return ProgrammeWaitingCounts(
        count=len(every),
        everywhere=everywhere,
        late=sum(line.days_late > 0 for line in every),
        longest=max((today - line.since).days for line in every),
        help_count=len(help_waits),
        longest_help_wait=max(help_waits, default=0),
        by_team={id_: _sum_waiting_of_team(group, today) for id_, group in lines.items()},
        is_examined=is_examined,
    )


def _sum_waiting_of_team(lines: list[tuple[str, WaitingLine]], today: date) -> TeamWaitingCounts:
    code, oldest = min(lines, key=lambda entry: entry[1].since)
    is_own = any(line.is_own for _code, line in lines)
    return TeamWaitingCounts(len(lines), code, max(0, (today - oldest.since).days), is_own)


def read_waiting_lines_of_team(actor: Actor, team_id: UUID) -> Mapping[str, list[WaitingLine]]:
    """What waits for the actor in one team, and what others do already, by the code of its kind, where
    there is any."""
    groups = {
        code: [line for line in lines if line.project.id == team_id and not line.rests_with_actor]
        for code, lines in map_waiting_lines_by_kind(actor).items()
    }
    return {code: lines for code, lines in groups.items() if lines}
