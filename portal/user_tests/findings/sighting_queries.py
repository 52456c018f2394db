"""Read where a finding was seen: sessions, tasks and files, of its whole merged family.

The caller may see the finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.sprints.prototypes.models import PrototypeVersion
from portal.user_tests.findings.models import Finding, FindingEvidence, FindingTask, Sighting
from portal.user_tests.findings.queries import CHOICES_MAX, COUNTED_SESSION
from portal.user_tests.findings.state_queries import merged_family_ids
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession


@dataclass(frozen=True)
class SightingDetails:
    """Somebody saw a finding in a session; `session` and `round` are numbers."""

    session: int
    round: int
    observer: str

    @property
    def code(self) -> str:
        return f"P{self.session}"


@dataclass(frozen=True)
class RoundSightings:
    """In how many of a round's sessions a finding was seen. `round` and `version` are numbers."""

    round: int
    version: int
    affected_sessions: int
    sessions: int


def list_sightings(finding: Finding) -> Sequence[SightingDetails]:
    """Return the sightings of a finding and of those merged into it."""
    rows = db.session.execute(
        select(TestSession.number, TestRound.number, Person.name)
        .select_from(Sighting)
        .join(TestSession, TestSession.id == Sighting.session_id)
        .join(TestRound, TestRound.id == TestSession.round_id)
        .join(Person, Person.id == Sighting.observer_id)
        .where(Sighting.finding_id.in_(merged_family_ids(finding.id)))
        .order_by(TestSession.number, Sighting.id)
    )
    return [SightingDetails(*row) for row in rows]


def list_round_sightings(finding: Finding) -> Sequence[RoundSightings]:
    """Return the counts of each round that shows the finding, or in which it was first noted."""
    family_ids = merged_family_ids(finding.id)
    sessions = select(func.count()).where(TestSession.round_id == TestRound.id, *COUNTED_SESSION)
    affected_sessions = (
        select(func.count(TestSession.id.distinct()))
        .join(Sighting, Sighting.session_id == TestSession.id)
        .where(TestSession.round_id == TestRound.id, Sighting.finding_id.in_(family_ids), *COUNTED_SESSION)
    )
    rounds_with_sighting = select(TestSession.round_id).join(Sighting, Sighting.session_id == TestSession.id)
    rows = db.session.execute(
        select(
            TestRound.number,
            PrototypeVersion.number,
            *(count.correlate(TestRound).scalar_subquery() for count in (affected_sessions, sessions)),
        )
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(
            or_(
                TestRound.id == finding.round_id,
                TestRound.id.in_(rounds_with_sighting.where(Sighting.finding_id.in_(family_ids))),
            )
        )
        .order_by(TestRound.number)
    )
    return [RoundSightings(*row) for row in rows]


def list_tasks_of(finding: Finding) -> Sequence[tuple[int, TestTask]]:
    """Return the tasks in which it was seen, each with the number of its round."""
    task_ids = select(FindingTask.task_id).where(FindingTask.finding_id.in_(merged_family_ids(finding.id)))
    rows = db.session.execute(
        select(TestRound.number, TestTask)
        .join(TestRound, TestRound.id == TestTask.round_id)
        .where(TestTask.id.in_(task_ids))
        .order_by(TestRound.number, TestTask.position, TestTask.number)
    )
    return [(row[0], row[1]) for row in rows]


def list_own_tasks(finding: Finding) -> set[UUID]:
    own = select(FindingTask.task_id).where(FindingTask.finding_id == finding.id)
    return set(db.session.scalars(own))


def list_own_sightings(actor: Actor, finding: Finding) -> dict[UUID, Sighting]:
    """Return the actor’s own sightings, by session id."""
    own = select(Sighting).where(Sighting.finding_id == finding.id, Sighting.observer_id == actor.person_id)
    return {sighting.session_id: sighting for sighting in db.session.scalars(own)}


def list_session_files(finding: Finding) -> Sequence[tuple[Attachment, int, bool]]:
    """Return the files of the sessions that show the finding: (file, session number, whether it is
    evidence of the finding)."""
    sessions = select(Sighting.session_id).where(Sighting.finding_id.in_(merged_family_ids(finding.id)))
    is_evidence = and_(
        FindingEvidence.attachment_id == Attachment.id, FindingEvidence.finding_id == finding.id
    )
    rows = db.session.execute(
        select(Attachment, TestSession.number, FindingEvidence.finding_id)
        .join(TestSession, TestSession.id == Attachment.subject_id)
        .outerjoin(FindingEvidence, is_evidence)
        .where(
            Attachment.subject == TestSession.__tablename__,
            Attachment.subject_id.in_(sessions),
            Attachment.removed_at.is_(None),
        )
        .order_by(TestSession.number, Attachment.id)
        .limit(CHOICES_MAX)
    )
    return [(file, number, mark is not None) for file, number, mark in rows]
