"""What the page of what is to decide holds for one reader, as plain values. Cached in the process.

The cache key holds the last seal of the audit trail at the start of the request (`actor.as_of`):
while it is the same, nothing that the page depends on has changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from portal.oversight.committees import policy as committees
from portal.oversight.decisions.closed_queries import (
    ClosedDecisions,
    count_closed_decisions,
    read_closed_decisions,
)
from portal.oversight.decisions.to_decide_labels import CODE as DECISIONS
from portal.oversight.health import policy as health
from portal.oversight.to_decide import labels
from portal.oversight.to_decide.selection_rules import (
    Holding,
    WaitingGroup,
    count_by_holding,
    count_late,
    filter_lines,
    group_lines,
    holding_of,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import in_reader_language
from portal.project.projects.to_decide_queries import WaitingKind, list_kinds, list_waiting
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import PlaceAct, PlaceActs

CLOSED_TAB = "done"  # the tab of what was decided
DECISIONS_SEEN = 4  # of a page; the rest is folded
GROUPS_OPEN = 1  # where no decision is awaited; the others say what they hold, and what is late
_CACHE_SIZE = 64  # pages


@dataclass(frozen=True)
class PageSelection:
    """What a reader asks for: a tab, a programme's slug, a page of one kind; "" for all."""

    tab: str = Holding.ALL.value
    programme: str = ""
    kind: str = ""
    page: int = 1


@dataclass(frozen=True)
class ShownLine:
    """A line with its sentences. `late` replaces `due` once its day has passed."""

    line: WaitingLine
    programme: str
    facts: Sequence[str]
    due: str
    late: str
    whose: str
    acts: Sequence[PlaceAct]


@dataclass(frozen=True)
class ShownGroup:
    """A page of the lines of one kind: those in sight, those that a fold holds, and whether it is
    open: something in sight is the reader's, or late and nobody else's."""

    group: WaitingGroup
    title: str
    lines: Sequence[ShownLine]
    folded: Sequence[ShownLine]
    folded_title: str
    is_open: bool

    @property
    def late(self) -> int:
        """How many lines are late that are not in sight at first."""
        return sum(1 for line in (self.folded if self.is_open else self.lines) if line.late)


@dataclass(frozen=True)
class ToDecideContent:
    """`record_slug` is the programme whose record of decisions the page links to, "" for none."""

    counts: Mapping[Holding, int]
    has_decisions: bool  # the reader answers some, or leads a programme
    late: int
    programmes: Sequence[tuple[str, str]]  # slug and name
    programme: str
    record_slug: str
    groups: Sequence[ShownGroup]
    closed_count: int
    closed: ClosedDecisions | None  # on their tab


@dataclass(frozen=True)
class _ContentQuery:
    as_of: str
    selection: PageSelection
    today: date
    language: str
    actor: Actor = field(compare=False)
    person_id: UUID


def read_content(actor: Actor, selection: PageSelection) -> ToDecideContent:
    """The page that a reader asks for; raises `NotFound` for a programme that they do not see."""
    language = in_reader_language("fr", "en")
    query = _ContentQuery(actor.as_of, selection, clock.today(), language, actor, actor.person_id)
    return _read(query) if actor.as_of else _read.__wrapped__(query)


@lru_cache(maxsize=_CACHE_SIZE)
def _read(query: _ContentQuery) -> ToDecideContent:
    actor, selection = query.actor, query.selection
    programmes = list_programmes(actor)
    programme = next((each for each in programmes if each.slug == selection.programme), None)
    if selection.programme and programme is None:
        raise NotFound
    programme_id = programme.id if programme else None
    waiting = filter_lines(list_waiting(actor), programme_id)
    is_closed_tab = selection.tab == CLOSED_TAB
    closed = read_closed_decisions(actor, programme_id, selection.page) if is_closed_tab else None
    return ToDecideContent(
        counts=count_by_holding(waiting),
        has_decisions=bool(waiting.get(DECISIONS)) or health.leads_programmes(actor),
        late=count_late(waiting),
        programmes=[(each.slug, each.name) for each in programmes],
        programme=programme.slug if programme else "",
        record_slug=_find_record_slug(actor, [programme] if programme else programmes, waiting),
        groups=() if is_closed_tab else _show_groups(actor, selection, waiting, programmes),
        closed_count=closed.count if closed else count_closed_decisions(actor, programme_id),
        closed=closed,
    )


def _find_record_slug(
    actor: Actor, programmes: Sequence[Programme], waiting: Mapping[str, Sequence[WaitingLine]]
) -> str:
    """Of several programmes, the one where most waits."""
    counts = Counter(line.project.programme_id for lines in waiting.values() for line in lines)
    readable = [each for each in programmes if committees.can_read(actor, each)]
    return max(readable, key=lambda each: counts[each.id]).slug if readable else ""


def _show_groups(
    actor: Actor,
    selection: PageSelection,
    waiting: Mapping[str, Sequence[WaitingLine]],
    programmes: Sequence[Programme],
) -> Sequence[ShownGroup]:
    holding = Holding(selection.tab) if selection.tab in set(Holding) else Holding.ALL
    kinds = {kind.code: kind for kind in list_kinds()}
    acts = {each.code: each for each in contributed(PlaceActs)}
    names = {each.id: each.name for each in programmes} if len(programmes) > 1 else {}
    groups = [
        _show_group(actor, kinds[group.code], acts.get(group.code), group, names)
        for group in group_lines(waiting, holding, selection.kind, selection.page)
    ]
    has_decisions = any(each.group.code == DECISIONS for each in groups)
    first = [each.group.code for each in groups if each.is_open and not has_decisions][:GROUPS_OPEN]
    return [replace(group, is_open=group.group.code in first) for group in groups]


def _show_group(
    actor: Actor,
    kind: WaitingKind,
    acts: PlaceActs | None,
    group: WaitingGroup,
    names: Mapping[UUID, str],
) -> ShownGroup:
    lines = group.lines
    details = kind.describe(lines) if kind.describe else [line.detail for line in lines]
    offered = acts.offer(actor, lines) if acts else [()] * len(lines)
    page_lines = [
        ShownLine(
            line,
            names.get(line.project.programme_id, ""),
            labels.facts(line, detail),
            labels.due(line),
            labels.late(line),
            labels.whose(line),
            place_acts,
        )
        for line, detail, place_acts in zip(lines, details, offered, strict=True)
    ]
    unfolded, folded, folded_title = _fold(kind.code, page_lines)
    is_open = any(
        line.line.is_own or (line.late and holding_of(line.line) is not Holding.OTHERS) for line in unfolded
    )
    return ShownGroup(group, kind.title(group.count), unfolded, folded, folded_title, is_open)


def _fold(code: str, lines: Sequence[ShownLine]) -> tuple[Sequence[ShownLine], Sequence[ShownLine], str]:
    """The lines in sight, the others and what names them: of decisions the first four stand, of other
    things those that nobody else decides, where there are any."""
    if code == DECISIONS:
        unfolded, folded = lines[:DECISIONS_SEEN], lines[DECISIONS_SEEN:]
        return unfolded, folded, labels.more_decisions(len(folded))
    folded = [line for line in lines if holding_of(line.line) is Holding.OTHERS]
    if len(folded) == len(lines):
        return lines, (), ""
    unfolded = [line for line in lines if line not in folded]
    return unfolded, folded, labels.held_by_others(len(folded))


def clear_cache() -> None:
    """Forget what pages hold, where rows change without an audit event: in tests."""
    _read.cache_clear()
