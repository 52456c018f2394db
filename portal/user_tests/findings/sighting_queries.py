"""Read where a finding was seen: sessions, tasks and files, of its whole merged family.

The caller may see the finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select

from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import Finding, FindingEvidence, FindingTask, Sighting
from portal.user_tests.findings.queries import CHOICES_MAX, COUNTED_SESSION
from portal.user_tests.findings.state_queries import MERGED_FAMILY_IDS
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession


@dataclass(frozen=True)
class ListedSighting:
    """Somebody saw a finding in a session; `session` and `round` are numbers."""

    session: int
    round: int
    observer: str

    @property
    def code(self) -> str:
        return f"P{self.session}"


@dataclass(frozen=True)
class RoundSightingCount:
    """In how many of a round's sessions a finding was seen. `round` and `version` are numbers."""

    round: int
    version: int
    affected_sessions: int
    sessions: int


def list_sightings(finding: Finding) -> Sequence[ListedSighting]:
    """Return the sightings of a finding and of those merged into it."""
    return [ListedSighting(*row) for row in db.session.execute(_SIGHTINGS, {"finding": finding.id})]


_SIGHTINGS = (
    select(TestSession.number, TestRound.number, Person.name)
    .select_from(Sighting)
    .join(TestSession, TestSession.id == Sighting.session_id)
    .join(TestRound, TestRound.id == TestSession.round_id)
    .join(Person, Person.id == Sighting.observer_id)
    .where(Sighting.finding_id.in_(MERGED_FAMILY_IDS))
    .order_by(TestSession.number, Sighting.id)
)


def list_round_sighting_counts(finding: Finding) -> Sequence[RoundSightingCount]:
    """Return the counts of each round that shows the finding, or in which it was first noted."""
    parameters = {"finding": finding.id, "first_round": finding.round_id}
    return [RoundSightingCount(*row) for row in db.session.execute(_ROUND_SIGHTINGS, parameters)]


_in_round = TestSession.round_id == TestRound.id
_counted_sessions = select(func.count()).where(_in_round, *COUNTED_SESSION)
_affected_sessions = (
    select(func.count(TestSession.id.distinct()))
    .join(Sighting, Sighting.session_id == TestSession.id)
    .where(_in_round, Sighting.finding_id.in_(MERGED_FAMILY_IDS), *COUNTED_SESSION)
)
_rounds_with_sighting = (
    select(TestSession.round_id)
    .join(Sighting, Sighting.session_id == TestSession.id)
    .where(Sighting.finding_id.in_(MERGED_FAMILY_IDS))
)
_ROUND_SIGHTINGS = (
    select(
        TestRound.number,
        PrototypeVersion.number,
        *(count.correlate(TestRound).scalar_subquery() for count in (_affected_sessions, _counted_sessions)),
    )
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .where(
        or_(TestRound.id == bindparam("first_round", type_=Uuid()), TestRound.id.in_(_rounds_with_sighting))
    )
    .order_by(TestRound.number)
)


def list_tasks_of_finding(finding: Finding) -> Sequence[tuple[int, TestTask]]:
    """Return the tasks in which it was seen, each with the number of its round."""
    return [(row[0], row[1]) for row in db.session.execute(_TASKS, {"finding": finding.id})]


_TASKS = (
    select(TestRound.number, TestTask)
    .join(TestRound, TestRound.id == TestTask.round_id)
    .where(TestTask.id.in_(select(FindingTask.task_id).where(FindingTask.finding_id.in_(MERGED_FAMILY_IDS))))
    .order_by(TestRound.number, TestTask.position, TestTask.number)
)


def list_finding_task_ids(finding: Finding) -> set[UUID]:
    own = select(FindingTask.task_id).where(FindingTask.finding_id == finding.id)
    return set(db.session.scalars(own))


def list_own_sightings_by_session(actor: Actor, finding: Finding) -> dict[UUID, Sighting]:
    """Return the actor’s own sightings, by session id."""
    own = select(Sighting).where(Sighting.finding_id == finding.id, Sighting.observer_id == actor.person_id)
    return {sighting.session_id: sighting for sighting in db.session.scalars(own)}


def list_session_files(finding: Finding) -> Sequence[tuple[Attachment, int, bool]]:
    """Return the files of the sessions that show the finding: (file, session number, whether it is
    evidence of the finding)."""
    rows = db.session.execute(_SESSION_FILES, {"finding": finding.id})
    return [(file, number, mark is not None) for file, number, mark in rows]


_SESSION_FILES = (
    select(Attachment, TestSession.number, FindingEvidence.finding_id)
    .join(TestSession, TestSession.id == Attachment.subject_id)
    .outerjoin(
        FindingEvidence,
        and_(
            FindingEvidence.attachment_id == Attachment.id,
            FindingEvidence.finding_id == bindparam("finding", type_=Uuid()),
        ),
    )
    .where(
        Attachment.subject == TestSession.__tablename__,
        Attachment.subject_id.in_(
            select(Sighting.session_id).where(Sighting.finding_id.in_(MERGED_FAMILY_IDS))
        ),
        Attachment.removed_at.is_(None),
    )
    .order_by(TestSession.number, Attachment.id)
    .limit(CHOICES_MAX)
)
