"""The scores of a call as the ranking takes them, and the stored ranking as its readers see it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, fetch_rows
from portal.selection.applications.models import Application, ApplicationState, LeadConflict
from portal.selection.calls import queries as calls
from portal.selection.calls.models import Call, CallCriterion
from portal.selection.jury.models import JurorScore, JuryAssignment
from portal.selection.ranking.models import StoredRank
from portal.selection.ranking.rules import (
    ApplicationScoresToRank,
    RankingLine,
    list_ids_on_cutoff_line,
    measure_severity_by_juror,
    rank_applications,
)

RANKED_STATES = (
    ApplicationState.SCORED,
    ApplicationState.LAUREATE,
    ApplicationState.WAITING_LIST,
    ApplicationState.NOT_SELECTED,
)
LINES_PER_PAGE = 60
PARTIAL_CACHED = 8  # rankings of leads in conflict
SEVERITY_CACHED = 64  # by call and leads in conflict
SEVERITY_MAX = 500  # applications from which severity is measured


@dataclass(frozen=True)
class RankedApplication:
    """A line of the ranking with its application."""

    id: UUID
    number: int
    organisation: str
    title: str
    state: ApplicationState
    total_hundredths: int | None
    is_below: bool
    is_dispersed: bool
    rank: int | None
    by_jurors: tuple[int, int] | None
    by_weights: tuple[int, int] | None
    is_on_line: bool


@dataclass(frozen=True)
class RankingPage:
    """A page of a ranking. `left_out`: the reader is shut out of some applications, and the ranking
    was made again without them."""

    rows: Sequence[RankedApplication]
    count: int
    page: int
    ranked: int
    on_line: int
    left_out: bool

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // LINES_PER_PAGE))


def list_scores_to_rank(
    call: Call, without: Collection[UUID] = (), first: int | None = None
) -> Sequence[ApplicationScoresToRank]:
    """The opened scores of a call by application, in the order of their numbers: two statements.

    `first`: of so many applications alone.
    """
    opened = (
        Application.call_id == call.id,
        Application.opened_at.is_not(None),
        Application.state.in_(RANKED_STATES),
    )
    numbered = select(Application.id).where(*opened).order_by(Application.number).limit(first)
    ids = list(db.session.scalars(numbered))
    rows = fetch_rows(
        select(JuryAssignment.application_id, JuryAssignment.person_id, CallCriterion.key, JurorScore.value)
        .join(JurorScore, JurorScore.assignment_id == JuryAssignment.id)
        .join(CallCriterion, CallCriterion.id == JurorScore.criterion_id)
        .join(Application, Application.id == JuryAssignment.application_id)
        .where(
            *opened,
            JuryAssignment.sent_at.is_not(None),
            JuryAssignment.recused_at.is_(None),
            JurorScore.value.is_not(None),
            *([Application.id.in_(ids)] if first is not None else []),
        )
        .order_by(JuryAssignment.id),
        {},
    )
    scores: dict[UUID, dict[str, dict[str, int]]] = {id_: {} for id_ in ids if id_ not in without}
    for application_id, person_id, key, value in rows:
        if application_id in scores:
            scores[application_id].setdefault(str(person_id), {})[key] = value
    return [ApplicationScoresToRank(str(id_), by_juror) for id_, by_juror in scores.items()]


def compute_ranking_and_ids_on_cutoff_line(
    call: Call, without: Collection[UUID] = ()
) -> tuple[Sequence[RankingLine], frozenset[str]]:
    """The ranking of a call from its opened scores, and who stands on the line of places."""
    criteria = calls.build_weighted_criteria(calls.list_criteria(call))
    lines = rank_applications(call.scores_needed, criteria, list_scores_to_rank(call, without))
    return lines, frozenset(list_ids_on_cutoff_line(lines, call.places))


@dataclass(frozen=True)
class _PartialRankingKey:
    """The ranking of a call without some applications, as it was last ranked: a cache key."""

    call_id: UUID
    ranked_at: datetime | None
    places: int
    left_out: frozenset[UUID]
    call: Call = field(compare=False)


def _build_partial_ranking_key(call: Call, left_out: frozenset[UUID]) -> _PartialRankingKey:
    return _PartialRankingKey(call.id, call.ranked_at, call.places, left_out, call)


@lru_cache(maxsize=SEVERITY_CACHED)
def _measure_severity_by_juror_once(partial: _PartialRankingKey) -> Mapping[str, Fraction]:
    """Compute it once for each ranking: 500 applications take 80 ms."""
    scores = list_scores_to_rank(partial.call, partial.left_out, SEVERITY_MAX)
    return measure_severity_by_juror(calls.build_weighted_criteria(calls.list_criteria(partial.call)), scores)


@lru_cache(maxsize=PARTIAL_CACHED)
def _compute_partial_ranking_and_ids_on_cutoff_line(
    partial: _PartialRankingKey,
) -> tuple[Sequence[RankingLine], frozenset[str]]:
    """Compute it once: 10,000 applications take ten seconds."""
    return compute_ranking_and_ids_on_cutoff_line(partial.call, partial.left_out)


def list_barred_application_ids(actor: Actor, call: Call) -> frozenset[UUID]:
    """The applications of a call from which the actor is shut out as a lead."""
    ids = (
        select(LeadConflict.application_id)
        .join(Application, Application.id == LeadConflict.application_id)
        .where(
            Application.call_id == call.id,
            LeadConflict.person_id == actor.person_id,
            LeadConflict.ended_at.is_(None),
        )
    )
    return frozenset(db.session.scalars(ids))


def read_ranking(actor: Actor, call: Call, page: int) -> RankingPage:
    """A page of the ranking for a lead of the call, in a constant number of statements.

    For a lead in conflict it is computed without those applications, so that no gap between two
    ranks tells of them.
    """
    left_out = list_barred_application_ids(actor, call)
    if left_out:
        return _compute_ranking_page(call, page, left_out)
    count, ranked, on_line = _count_stored_ranked_and_on_cutoff_line(call)
    page = min(page, max(1, -(-count // LINES_PER_PAGE)))
    rows = _select_ranking_lines(call).limit(LINES_PER_PAGE).offset((page - 1) * LINES_PER_PAGE)
    lines = [_build_ranked_application(row, row) for row in db.session.execute(rows)]
    return RankingPage(lines, count, page, ranked, on_line, left_out=False)


def count_ranked_and_on_cutoff_line(actor: Actor, call: Call) -> tuple[int, int]:
    """How many applications of a call its reader, a lead, sees ranked, and on the line of places."""
    if list_barred_application_ids(actor, call):
        page = read_ranking(actor, call, 1)
        return page.ranked, page.on_line
    return _count_stored_ranked_and_on_cutoff_line(call)[1:]


def _count_stored_ranked_and_on_cutoff_line(call: Call) -> tuple[int, int, int]:
    """The stored lines of a call; how many are ranked, and on the line of places."""
    counts = (
        select(
            func.count(),
            func.count(StoredRank.rank),
            func.count().filter(StoredRank.is_on_line.is_(True)),
        )
        .select_from(StoredRank)
        .join(Application, Application.id == StoredRank.application_id)
        .where(Application.call_id == call.id)
    )
    count, ranked, on_line = db.session.execute(counts).one()
    return count, ranked, on_line


_LINE_COLUMNS = (
    *(Application.id, Application.number, Application.organisation, Application.title, Application.state),
    *(Application.total_hundredths, Application.is_below, Application.is_dispersed),
    *(StoredRank.rank, StoredRank.is_on_line),
    *(StoredRank.best_by_jurors, StoredRank.worst_by_jurors),
    *(StoredRank.best_by_weights, StoredRank.worst_by_weights),
)


def _select_ranking_lines(call: Call) -> Any:
    """The columns of the stored lines of a call, by rank; those that are not ranked come last."""
    return (
        select(*_LINE_COLUMNS)
        .join(StoredRank, StoredRank.application_id == Application.id)
        .where(Application.call_id == call.id)
        .order_by(StoredRank.rank.is_(None), StoredRank.rank, Application.number)
    )


def _build_ranked_application(application: Any, rank: Any) -> RankedApplication:
    """A line, from the columns of an application and of its stored rank."""
    return RankedApplication(
        id=application.id,
        number=application.number,
        organisation=application.organisation,
        title=application.title,
        state=application.state,
        total_hundredths=application.total_hundredths,
        is_below=application.is_below,
        is_dispersed=application.is_dispersed,
        rank=rank.rank,
        by_jurors=_rank_range(rank.best_by_jurors, rank.worst_by_jurors),
        by_weights=_rank_range(rank.best_by_weights, rank.worst_by_weights),
        is_on_line=rank.is_on_line,
    )


def _rank_range(best: int | None, worst: int | None) -> tuple[int, int] | None:
    return None if best is None or worst is None else (best, worst)


def build_stored_rank(line: RankingLine, on_line: frozenset[str]) -> StoredRank:
    """A line of the ranking as it is stored."""
    by_jurors, by_weights = line.by_jurors or (None, None), line.by_weights or (None, None)
    return StoredRank(
        application_id=UUID(line.id),
        rank=line.rank,
        best_by_jurors=by_jurors[0],
        worst_by_jurors=by_jurors[1],
        best_by_weights=by_weights[0],
        worst_by_weights=by_weights[1],
        is_on_line=line.id in on_line,
    )


def _compute_ranking_page(call: Call, page: int, left_out: frozenset[UUID]) -> RankingPage:
    ranking, on_line = _compute_partial_ranking_and_ids_on_cutoff_line(
        _build_partial_ranking_key(call, left_out)
    )
    ranks = {UUID(line.id): build_stored_rank(line, on_line) for line in ranking}
    statement = select(Application).where(Application.call_id == call.id, Application.id.in_(ranks))
    lines = [
        _build_ranked_application(application, ranks[application.id])
        for application in db.session.scalars(statement)
    ]
    lines.sort(key=lambda line: (line.rank is None, line.rank or 0, line.number))
    count = len(lines)
    page = min(page, max(1, -(-count // LINES_PER_PAGE)))
    return RankingPage(
        lines[(page - 1) * LINES_PER_PAGE : page * LINES_PER_PAGE],
        count,
        page,
        ranked=sum(line.rank is not None for line in lines),
        on_line=len(on_line),
        left_out=True,
    )


def list_juror_severities(actor: Actor, call: Call) -> Sequence[tuple[str, Fraction]]:
    """How much each juror of a call scores above or below the others, the most severe first, from
    the applications that the reader, a lead of the call, is not shut out of.

    Large calls show the first applications alone: severity is a hint, not a rank.
    """
    severity = _measure_severity_by_juror_once(
        _build_partial_ranking_key(call, list_barred_application_ids(actor, call))
    )
    names = read_person_names(UUID(juror) for juror in severity)
    rows = [(names.get(UUID(juror), ""), value) for juror, value in severity.items()]
    return sorted(rows, key=lambda row: (row[1], row[0]))
