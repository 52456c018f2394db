"""Figures over a round's findings: share of problems discovered, agreement of observers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from portal.user_tests.findings.models import Finding, Sighting
from portal.user_tests.findings.queries import COUNTED_SESSION
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.statistics.agreement_rules import ProblemListAgreement, compute_problem_list_agreement
from portal.user_tests.statistics.discovery_rules import Discovery, compute_discovery

PAIRS_MAX = 6


@dataclass(frozen=True)
class ObserverPair:
    """Two observers, the number of sessions in which both noted a finding, and their agreement."""

    first_observer: str
    second_observer: str
    sessions: int
    agreement: ProblemListAgreement


@dataclass(frozen=True)
class RoundFindingFigures:
    """`sessions`: counted sessions; `unseen`: findings of the round without any sighting."""

    sessions: int
    discovery: Discovery | None
    unseen: int
    pairs: Sequence[ObserverPair]


_counted = (TestSession.round_id == bindparam("round"), *COUNTED_SESSION)
_is_problem = or_(Finding.severity.is_(None), Finding.severity > 0)
_SESSIONS = select(TestSession.id).where(*_counted)
_SIGHTINGS = (
    select(
        func.coalesce(Finding.merged_into_id, Finding.id),
        Sighting.session_id,
        Sighting.observer_id,
        Person.name,
    )
    .select_from(Sighting)
    .join(Finding, Finding.id == Sighting.finding_id)
    .join(TestSession, TestSession.id == Sighting.session_id)
    .join(Person, Person.id == Sighting.observer_id)
    .where(*_counted, _is_problem)
    .order_by(Person.name, Sighting.observer_id)
)
_UNSEEN = select(func.count()).where(
    Finding.round_id == bindparam("round"),
    Finding.merged_into_id.is_(None),
    Finding.purged_session_count == 0,
    _is_problem,
    Finding.id.not_in(select(Sighting.finding_id)),
    Finding.id.not_in(
        select(Finding.merged_into_id)
        .join(Sighting, Sighting.finding_id == Finding.id)
        .where(Finding.merged_into_id.is_not(None))
    ),
)


def read_round_finding_figures(round_: TestRound) -> RoundFindingFigures:
    """Read the figures of a round that the caller may see, without findings of severity 0."""
    sessions = db.session.scalars(_SESSIONS, {"round": round_.id}).all()
    rows = db.session.execute(_SIGHTINGS, {"round": round_.id}).all()
    sessions_by_problem: dict[UUID, set[UUID]] = defaultdict(set)
    for problem, session, _observer, _name in rows:
        sessions_by_problem[problem].add(session)
    matrix = [
        [session in problem_sessions for session in sessions]
        for problem_sessions in sessions_by_problem.values()
    ]
    return RoundFindingFigures(
        len(sessions),
        compute_discovery(matrix),
        _count_findings_without_sighting(round_),
        _list_observer_pairs(rows),
    )


def _count_findings_without_sighting(round_: TestRound) -> int:
    """Count the findings of the round that no session shows, merged ones included."""
    return db.session.scalar(_UNSEEN, {"round": round_.id}) or 0


def _list_observer_pairs(rows: Sequence[tuple[UUID, UUID, UUID, str]]) -> list[ObserverPair]:
    """Return the agreement of each two observers over the sessions that both observed."""
    names: dict[UUID, str] = {}
    problems_by_observer: dict[UUID, dict[UUID, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for problem, session, observer, name in rows:
        names[observer] = name
        problems_by_observer[observer][session].add(problem)
    pairs = []
    for first, other in combinations(names, 2):
        by_session = problems_by_observer[first], problems_by_observer[other]
        both = by_session[0].keys() & by_session[1].keys()
        lists = [set().union(*(problems[id_] for id_ in both)) for problems in by_session]
        agreement = compute_problem_list_agreement(*lists)
        if agreement is not None:
            pairs.append(ObserverPair(names[first], names[other], len(both), agreement))
    return sorted(pairs, key=lambda pair: -pair.sessions)[:PAIRS_MAX]
