"""Read a finding, and the rounds and sessions to choose among. Filtered by what the actor sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Uuid, bindparam, select
from sqlalchemy.orm import aliased

from portal.people.accounts.models import Person
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    bound_select_parameters,
    get_by_number,
    select_bound_in_project,
    select_in_project,
)
from portal.project.projects.policy import can_read
from portal.sprints.backlog.models import Item
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings.models import Finding, Retest
from portal.user_tests.findings.state_queries import FINDING_STATE, FindingState
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.session_models import TestSession

CHOICES_MAX = 200  # findings, sessions or files in a form
COUNTED_SESSION = (TestSession.started_at.is_not(None), TestSession.is_rehearsal.is_(False))


@dataclass(frozen=True)
class FindingDetails:
    """A finding with the rows that its page shows; `into` is the finding it was merged into,
    `sprint` the one of its item."""

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
class RetestWithRound:
    """A retest with the numbers of its round and version, and who noted it."""

    retest: Retest
    round: int
    version: int
    who: str


def get_finding(actor: Actor, project: Project, number: int) -> Finding:
    return get_by_number(actor, Finding, project, number)


def read_finding(actor: Actor, project: Project, number: int) -> FindingDetails:
    """Read a finding with its related rows. Raises `NotFound`."""
    if not can_read(actor, project):
        raise NotFound
    row = db.session.execute(_DETAILS, {"project": project.id, "number": number}).first()
    finding, state, *rest = require_row(row)
    return FindingDetails(finding, FindingState(state), *rest)


_owner, _closer, _into = aliased(Person), aliased(Person), aliased(Finding)
_DETAILS = (
    select(
        Finding, FINDING_STATE, TestRound, PrototypeVersion, _owner.name, Item, Sprint, _closer.name, _into
    )
    .join(TestRound, TestRound.id == Finding.round_id)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .outerjoin(_owner, _owner.id == Finding.owner_id)
    .outerjoin(Item, Item.id == Finding.item_id)
    .outerjoin(Sprint, Sprint.id == Item.iteration_id)
    .outerjoin(_closer, _closer.id == Finding.closed_by_id)
    .outerjoin(_into, _into.id == Finding.merged_into_id)
    .where(
        Finding.project_id == bindparam("project", type_=Uuid()),
        Finding.number == bindparam("number", type_=Integer()),
    )
)


_ROUNDS = (
    select_bound_in_project(TestRound)
    .add_columns(PrototypeVersion)
    .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
    .order_by(TestRound.number.desc())
    .limit(CHOICES_MAX)
)


def list_rounds_with_versions(actor: Actor, project: Project) -> Sequence[tuple[TestRound, PrototypeVersion]]:
    """Return rounds with their versions, the latest first."""
    rows = db.session.execute(_ROUNDS, bound_select_parameters(actor, project))
    return [(row[0], row[1]) for row in rows]


def get_round_with_version(actor: Actor, project: Project, number: int) -> tuple[TestRound, PrototypeVersion]:
    """Return a round with its version. Raises `NotFound`."""
    matches = [both for both in list_rounds_with_versions(actor, project) if both[0].number == number]
    if not matches:
        raise NotFound
    return matches[0]


def list_counted_sessions(round_: TestRound) -> Sequence[TestSession]:
    """Return the counted sessions of a round that the caller may see, by number."""
    counted_sessions = select(TestSession).where(TestSession.round_id == round_.id, *COUNTED_SESSION)
    return db.session.scalars(counted_sessions.order_by(TestSession.number).limit(CHOICES_MAX)).all()


def list_retests_of_finding(finding: Finding) -> Sequence[RetestWithRound]:
    """Return the retests of a finding, in the order of versions and rounds."""
    rows = db.session.execute(
        select(Retest, TestRound.number, PrototypeVersion.number, Person.name)
        .join(TestRound, TestRound.id == Retest.round_id)
        .join(PrototypeVersion, PrototypeVersion.id == TestRound.prototype_version_id)
        .join(Person, Person.id == Retest.noted_by_id)
        .where(Retest.finding_id == finding.id)
        .order_by(PrototypeVersion.number, TestRound.number)
    )
    return [RetestWithRound(*row) for row in rows]


def list_merged_findings(finding: Finding) -> Sequence[tuple[Finding, int | None]]:
    """Return the findings merged into this one, each with the number of its item."""
    rows = db.session.execute(
        select(Finding, Item.number)
        .outerjoin(Item, Item.id == Finding.item_id)
        .where(Finding.merged_into_id == finding.id)
        .order_by(Finding.number)
    )
    return [(row[0], row[1]) for row in rows]


def list_merge_candidates(actor: Actor, project: Project, finding: Finding) -> Sequence[Finding]:
    """Return other open findings, those of the same round first."""
    other_findings = select_in_project(actor, Finding, project).where(
        Finding.closed_at.is_(None), Finding.id != finding.id
    )
    in_other_round = Finding.round_id != finding.round_id
    return db.session.scalars(
        other_findings.order_by(in_other_round, Finding.number).limit(CHOICES_MAX)
    ).all()


def find_item_of_finding(finding: Finding) -> Item | None:
    """Return the backlog item of a finding that the caller may see, if there is one."""
    if finding.item_id is None:
        return None
    return db.session.scalar(select(Item).where(Item.id == finding.item_id))


def list_findings_of_item(
    actor: Actor, project: Project, item: Item
) -> Sequence[tuple[Finding, FindingState]]:
    """Return the finding from which an item was created, with its state: none or one."""
    item_findings = (
        select_in_project(actor, Finding, project)
        .add_columns(FINDING_STATE)
        .join(Item, Item.id == Finding.item_id)
        .where(Finding.item_id == item.id)
    )
    return [(row[0], FindingState(row[1])) for row in db.session.execute(item_findings)]


# Findings whose items are in the bound `sprint`: (number, whether the item is done).
SPRINT_FINDINGS = rows_subquery(
    select(Finding.number, Item.done_at.is_not(None))
    .join(Item, Item.id == Finding.item_id)
    .where(Item.iteration_id == bindparam("sprint"), Item.gone_at.is_(None))
    .order_by(Finding.number),
    lambda *values: values,
)
