"""Reading one finding and what a round is told of. Whatever comes back, the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import get_by_number, select_in_project
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import (
    Finding,
    FindingEvidence,
    FindingTask,
    Retest,
    Sighting,
)
from portal.user_tests.findings.state_queries import FINDING_STATE, FindingState, merged_family_ids
from portal.user_tests.rounds.models import TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession

CHOICES_MAX = 200  # findings, sessions or files to choose among
COUNTED_SESSION = (TestSession.started_at.is_not(None), TestSession.is_rehearsal.is_(False))


@dataclass(frozen=True)
class FindingDetails:
    """A finding with all that its page says of it; `into` is what it was merged into, `sprint` the
    one that its item stands in."""

    finding: Finding
    state: FindingState
    round: TestRound
    version: PrototypeVersion
    owner: str | None
    item: Item | None
    sprint: Sprint | None
    closed_by: str | None
    into: Finding | None


@dataclass(frozen=True)
class SightingDetails:
    """That somebody saw a finding in a session; `of` is the number of the one it was noted of."""

    session: int
    round: int
    observer: str
    observer_id: UUID
    finding_number: int

    @property
    def code(self) -> str:
        return f"P{self.session}"


@dataclass(frozen=True)
class RoundSightings:
    """In how many of a round's sessions a finding was seen."""

    round: int
    version: int
    affected_sessions: int
    sessions: int


@dataclass(frozen=True)
class RetestAnswer:
    """What a round said of a finding."""

    retest: Retest
    round: int
    version: int
    who: str


def get_finding(actor: Actor, project: Project, number: int) -> Finding:
    return get_by_number(actor, Finding, project, number)


def read_finding(actor: Actor, project: Project, number: int) -> FindingDetails:
    """Raises `NotFound`."""
    owner, closer, into = aliased(Person), aliased(Person), aliased(Finding)
    statement = (
        select_in_project(actor, Finding, project)
        .where(Finding.number == number)
        .add_columns(
            FINDING_STATE, TestRound, PrototypeVersion, owner.name, Item, Sprint, closer.name, into
        )
        .join(TestRound, TestRound.id == Finding.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .outerjoin(owner, owner.id == Finding.owner_id)
        .outerjoin(Item, Item.id == Finding.item_id)
        .outerjoin(Sprint, Sprint.id == Item.iteration_id)
        .outerjoin(closer, closer.id == Finding.closed_by_id)
        .outerjoin(into, into.id == Finding.merged_into_id)
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    finding, standing, *rest = row
    return FindingDetails(finding, FindingState(standing), *rest)


def list_rounds(actor: Actor, project: Project) -> Sequence[tuple[TestRound, PrototypeVersion]]:
    """The latest first, each with what it tried."""
    rounds = (
        select_in_project(actor, TestRound, project)
        .add_columns(PrototypeVersion)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .order_by(TestRound.number.desc())
        .limit(CHOICES_MAX)
    )
    return [(row[0], row[1]) for row in db.session.execute(rounds)]


def get_round(actor: Actor, project: Project, number: int) -> tuple[TestRound, PrototypeVersion]:
    """Raises `NotFound`."""
    matches = [both for both in list_rounds(actor, project) if both[0].number == number]
    if not matches:
        raise NotFound
    return matches[0]


def list_sessions(round_: TestRound) -> Sequence[TestSession]:
    """Those that began, in the order of their codes, of a round that the caller may see."""
    counted_sessions = select(TestSession).where(
        TestSession.round_id == round_.id, *COUNTED_SESSION
    )
    return db.session.scalars(
        counted_sessions.order_by(TestSession.number).limit(CHOICES_MAX)
    ).all()


def list_tasks(round_: TestRound) -> Sequence[TestTask]:
    """In the order of their turns, of a round that the caller may see."""
    round_tasks = select(TestTask).where(TestTask.round_id == round_.id)
    return db.session.scalars(round_tasks.order_by(TestTask.position, TestTask.number)).all()


def list_sightings(finding: Finding) -> Sequence[SightingDetails]:
    """Where it was seen, and what was merged into it. The caller may see the finding."""
    rows = db.session.execute(
        select(TestSession.number, TestRound.number, Person.name, Person.id, Finding.number)
        .select_from(Sighting)
        .join(TestSession, TestSession.id == Sighting.session_id)
        .join(TestRound, TestRound.id == TestSession.round_id)
        .join(Person, Person.id == Sighting.observer_id)
        .join(Finding, Finding.id == Sighting.finding_id)
        .where(Sighting.finding_id.in_(merged_family_ids(finding.id)))
        .order_by(TestSession.number, Sighting.id)
    )
    return [SightingDetails(*row) for row in rows]


def list_round_sightings(finding: Finding) -> Sequence[RoundSightings]:
    """A line for each round that shows it, or in which it was first noted."""
    kin = merged_family_ids(finding.id)
    sessions = select(func.count()).where(TestSession.round_id == TestRound.id, *COUNTED_SESSION)
    affected_sessions = (
        select(func.count(TestSession.id.distinct()))
        .join(Sighting, Sighting.session_id == TestSession.id)
        .where(TestSession.round_id == TestRound.id, Sighting.finding_id.in_(kin), *COUNTED_SESSION)
    )
    shows = select(TestSession.round_id).join(Sighting, Sighting.session_id == TestSession.id)
    rows = db.session.execute(
        select(
            TestRound.number,
            PrototypeVersion.number,
            *(
                count.correlate(TestRound).scalar_subquery()
                for count in (affected_sessions, sessions)
            ),
        )
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .where(
            or_(
                TestRound.id == finding.round_id,
                TestRound.id.in_(shows.where(Sighting.finding_id.in_(kin))),
            )
        )
        .order_by(TestRound.number)
    )
    return [RoundSightings(*row) for row in rows]


def list_tasks_of(finding: Finding) -> Sequence[tuple[int, TestTask]]:
    """Tasks in which it was seen, each once, with the number of their round."""
    kin = select(FindingTask.task_id).where(
        FindingTask.finding_id.in_(merged_family_ids(finding.id))
    )
    rows = db.session.execute(
        select(TestRound.number, TestTask)
        .join(TestRound, TestRound.id == TestTask.round_id)
        .where(TestTask.id.in_(kin))
        .order_by(TestRound.number, TestTask.position, TestTask.number)
    )
    return [(row[0], row[1]) for row in rows]


def list_own_tasks(finding: Finding) -> set[UUID]:
    own = select(FindingTask.task_id).where(FindingTask.finding_id == finding.id)
    return set(db.session.scalars(own))


def list_own_sightings(actor: Actor, finding: Finding) -> dict[UUID, Sighting]:
    """The actor's, by session."""
    own = select(Sighting).where(
        Sighting.finding_id == finding.id, Sighting.observer_id == actor.person_id
    )
    return {sighting.session_id: sighting for sighting in db.session.scalars(own)}


def list_retest_answers(finding: Finding) -> Sequence[RetestAnswer]:
    """What later rounds said of it, in their order."""
    rows = db.session.execute(
        select(Retest, TestRound.number, PrototypeVersion.number, Person.name)
        .join(TestRound, TestRound.id == Retest.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .join(Person, Person.id == Retest.noted_by_id)
        .where(Retest.finding_id == finding.id)
        .order_by(PrototypeVersion.number, TestRound.number)
    )
    return [RetestAnswer(*row) for row in rows]


def list_merged(finding: Finding) -> Sequence[tuple[Finding, int | None]]:
    """What was merged into it, each with its own item's number."""
    rows = db.session.execute(
        select(Finding, Item.number)
        .outerjoin(Item, Item.id == Finding.item_id)
        .where(Finding.merged_into_id == finding.id)
        .order_by(Finding.number)
    )
    return [(row[0], row[1]) for row in rows]


def list_merge_candidates(actor: Actor, project: Project, finding: Finding) -> Sequence[Finding]:
    """Open ones that a finding may be the same as; those of its own round first."""
    other_findings = select_in_project(actor, Finding, project).where(
        Finding.closed_at.is_(None), Finding.id != finding.id
    )
    near = Finding.round_id != finding.round_id
    return db.session.scalars(
        other_findings.order_by(near, Finding.number).limit(CHOICES_MAX)
    ).all()


def list_session_files(finding: Finding) -> Sequence[tuple[Attachment, int, bool]]:
    """Files of the sessions in which it was seen: each with its session's number, and whether it
    was chosen to show the finding."""
    sessions = select(Sighting.session_id).where(
        Sighting.finding_id.in_(merged_family_ids(finding.id))
    )
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


def find_item_of(finding: Finding) -> Item | None:
    """What it became in the backlog. The caller may see the finding."""
    if finding.item_id is None:
        return None
    return db.session.scalar(select(Item).where(Item.id == finding.item_id))


def list_findings_of_item(
    actor: Actor, project: Project, item: Item
) -> Sequence[tuple[Finding, FindingState]]:
    """The finding that became an item: none, or one."""
    item_findings = (
        select_in_project(actor, Finding, project)
        .add_columns(FINDING_STATE)
        .join(Item, Item.id == Finding.item_id)
        .where(Finding.item_id == item.id)
    )
    return [(row[0], FindingState(row[1])) for row in db.session.execute(item_findings)]


# The findings whose items stand in the sprint that is bound: their number, whether it is done.
SPRINT_FINDINGS = rows_subquery(
    select(Finding.number, Item.done_at.is_not(None))
    .join(Item, Item.id == Finding.item_id)
    .where(Item.iteration_id == bindparam("sprint"), Item.gone_at.is_(None))
    .order_by(Finding.number),
    lambda *values: values,
)
