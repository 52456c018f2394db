"""What the page of what is to decide holds for one reader, as plain values. Cached in the process.

The cache key holds the last seal of the audit trail at the start of the request (`actor.as_of`):
while it is the same, nothing that the page depends on has changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from portal.oversight.committees.record_link_views import choose_record_path
from portal.oversight.decisions.closed_queries import (
    ClosedDecisions,
    count_answered_decisions,
    read_answered_decisions_page,
)
from portal.oversight.decisions.to_decide_labels import CODE as DECISIONS
from portal.oversight.health import policy as health
from portal.oversight.to_decide import labels
from portal.oversight.to_decide.selection_rules import (
    TurnHolder,
    build_waiting_page,
    count_by_turn_holder,
    count_late,
    filter_by_programme,
    filter_by_turn_holder,
    find_page_of_line,
    sort_lines,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import in_reader_language
from portal.project.projects.to_decide_queries import list_waiting_kinds, map_waiting_lines_by_kind
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs

CLOSED_TAB = "done"  # the tab of what was decided
_CACHE_SIZE = 64  # pages


@dataclass(frozen=True)
class PageSelection:
    """What a reader asks for: a tab, a programme's slug, one kind, a page, "" for all; in place of the page
    the code and the id of a line that stands on it."""

    tab: str = TurnHolder.ALL.value
    programme: str = ""
    kind: str = ""
    page: int = 1
    line: tuple[str, UUID] | None = None


@dataclass(frozen=True)
class ShownWaitingLine:
    """A line of a kind with its sentences. `late` replaces `due` once its day has passed."""

    line: WaitingLine
    code: str
    kind: str
    programme: str
    facts: Sequence[str]
    due: str
    late: str
    whose: str
    acts: Sequence[InPlaceAct]

    @property
    def anchor(self) -> str:
        """The id of its element on a page."""
        return f"{self.code}-{self.line.id.hex}-{self.line.number}"


@dataclass(frozen=True)
class ShownWaitingPage:
    """A page of lines, in the order of `sort_lines`, out of `count`; `kinds` are codes with titles that
    count their lines on the tab, `kind` the one that was asked for."""

    lines: Sequence[ShownWaitingLine] = ()
    count: int = 0
    number: int = 1
    pages: int = 1
    kinds: Sequence[tuple[str, str]] = ()
    kind: str = ""


@dataclass(frozen=True)
class ToDecideContent:
    """`record_path` is that of the record of decisions in progress, or of the committees before any; "" where
    the reader sees none."""

    counts: Mapping[TurnHolder, int]
    has_decisions: bool  # the reader answers some, or leads a programme
    late: int
    programmes: Sequence[tuple[str, str]]  # slug and name
    programme: str
    record_path: str
    page: ShownWaitingPage
    closed_count: int
    closed: ClosedDecisions | None  # on their tab


@dataclass(frozen=True)
class _ContentCacheKey:
    as_of: str
    selection: PageSelection
    today: date
    language: str
    actor: Actor = field(compare=False)
    person_id: UUID


def read_content(actor: Actor, selection: PageSelection) -> ToDecideContent:
    """The page that a reader asks for; raises `NotFound` for a programme that they do not see."""
    language = in_reader_language("fr", "en")
    query = _ContentCacheKey(actor.as_of, selection, clock.today(), language, actor, actor.person_id)
    return _read_content(query) if actor.as_of else _read_content.__wrapped__(query)


@lru_cache(maxsize=_CACHE_SIZE)
def _read_content(query: _ContentCacheKey) -> ToDecideContent:
    actor, selection = query.actor, query.selection
    programmes = list_programmes(actor)
    programme = next((each for each in programmes if each.slug == selection.programme), None)
    if selection.programme and programme is None:
        raise NotFound
    programme_id = programme.id if programme else None
    waiting = filter_by_programme(map_waiting_lines_by_kind(actor), programme_id)
    is_closed_tab = selection.tab == CLOSED_TAB
    closed = read_answered_decisions_page(actor, programme_id, selection.page) if is_closed_tab else None
    return ToDecideContent(
        counts=count_by_turn_holder(waiting),
        has_decisions=bool(waiting.get(DECISIONS)) or health.leads_any_programme(actor),
        late=count_late(waiting),
        programmes=[(each.slug, each.name) for each in programmes],
        programme=programme.slug if programme else "",
        record_path=choose_record_path(
            actor,
            [programme] if programme else programmes,
            _count_lines_by_programme(waiting),
            query.language,
        ),
        page=ShownWaitingPage()
        if is_closed_tab
        else _build_shown_page(actor, selection, waiting, programmes),
        closed_count=closed.count if closed else count_answered_decisions(actor, programme_id),
        closed=closed,
    )


def _count_lines_by_programme(waiting: Mapping[str, Sequence[WaitingLine]]) -> Counter[UUID]:
    return Counter(line.project.programme_id for lines in waiting.values() for line in lines)


def _build_shown_page(
    actor: Actor,
    selection: PageSelection,
    waiting: Mapping[str, Sequence[WaitingLine]],
    programmes: Sequence[Programme],
) -> ShownWaitingPage:
    holding = TurnHolder(selection.tab) if selection.tab in set(TurnHolder) else TurnHolder.ALL
    on_tab = filter_by_turn_holder(waiting, holding)
    entries = {kind.code: kind.menu_code for kind in list_waiting_kinds()}
    code = entries.get(selection.kind, "")
    lines_of_kind = {each: lines for each, lines in on_tab.items() if entries[each] == code}
    lines = sort_lines(lines_of_kind or on_tab)
    page = build_waiting_page(lines, find_page_of_line(lines, selection.line) or selection.page)
    counts = Counter(entries[each] for each, lines in on_tab.items() for _line in lines)
    names = {each.id: each.name for each in programmes} if len(programmes) > 1 else {}
    return ShownWaitingPage(
        build_shown_lines(actor, page.lines, names),
        page.count,
        page.number,
        page.pages,
        [(kind.code, kind.title(counts[kind.code])) for kind in list_waiting_kinds() if counts[kind.code]],
        code if lines_of_kind else "",
    )


def build_shown_lines(
    actor: Actor, coded_lines: Sequence[tuple[str, WaitingLine]], names: Mapping[UUID, str]
) -> Sequence[ShownWaitingLine]:
    """Lines with the code of their kind, in their order; details and acts are read together by kind."""
    acts = {each.code: each for each in list_contributions(InPlaceActs)}
    shown: dict[int, ShownWaitingLine] = {}
    for kind in list_waiting_kinds():
        lines = [line for code, line in coded_lines if code == kind.code]
        if not lines:
            continue
        details = kind.describe(lines) if kind.describe else [line.detail for line in lines]
        offered = acts[kind.code].offer(actor, lines) if kind.code in acts else [()] * len(lines)
        for line, detail, place_acts in zip(lines, details, offered, strict=True):
            shown[id(line)] = ShownWaitingLine(
                line,
                kind.code,
                str(kind.short),
                names.get(line.project.programme_id, ""),
                labels.list_line_details(line, detail, is_dated=kind.dates_details),
                labels.due_label(line),
                labels.lateness_label(line),
                labels.whose_turn(line),
                place_acts,
            )
    return [shown[id(line)] for _code, line in coded_lines]


def clear_cache() -> None:
    """Forget what pages hold, where rows change without an audit event: in tests."""
    _read_content.cache_clear()
