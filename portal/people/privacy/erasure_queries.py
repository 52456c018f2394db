"""Queries on erasures: their list, what one would do, the texts to decide on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts import address_commands, join_queries
from portal.people.accounts import commands as profile_commands
from portal.people.accounts.models import AddressChange, Person
from portal.people.privacy import policy
from portal.people.privacy.erasure_models import (
    OPEN_STAGES,
    Erasure,
    ErasureMention,
    MentionDecision,
)
from portal.people.privacy.mention_queries import TextNamingPerson
from portal.people.privacy.text_place_queries import find_scope_name
from portal.people.programmes import policy as programmes
from portal.people.programmes import queries as roles
from portal.people.programmes.models import RoleAssignment, Scope
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db, get_scalar, lock_row
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    IdentityToErase,
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
)

ERASURES_LISTED = 100


def get_person_of_erasure(erasure: Erasure) -> Person:
    """Whose erasure it is; who decides on it is checked by commands."""
    return db.session.get_one(Person, erasure.person_id)


def get_person_by_erasure_id(erasure_id: UUID) -> Person:
    """The same by its id, without a lock; for the worker."""
    statement = sa.select(Person).join(Erasure, Erasure.person_id == Person.id)
    return db.session.scalars(statement.where(Erasure.id == erasure_id)).one()


def lock_erasure_for_worker(erasure_id: UUID) -> Erasure:
    """An erasure, locked; for the worker, which carries out what commands allowed."""
    return db.session.get_one(Erasure, erasure_id, with_for_update=True)


def get_erasure_for_worker(erasure_id: UUID) -> Erasure:
    """The same without a lock."""
    return db.session.get_one(Erasure, erasure_id)


def find_person_for_worker(person_id: UUID) -> Person | None:
    """A person by id, for the worker."""
    return db.session.get(Person, person_id)


def get_person_for_worker(person_id: UUID) -> Person:
    """The same of one who exists."""
    return db.session.get_one(Person, person_id)


@dataclass(frozen=True)
class ListedErasure:
    erasure: Erasure
    person: Person
    undecided: int


@dataclass(frozen=True)
class ErasureEffectLine:
    """How many rows of a feature an erasure deletes, and how many stay without the name."""

    dataset: PersonalDataset
    deleted: int
    signed: int


@dataclass(frozen=True)
class SoleHolderRole:
    """A role that nobody else holds, and the name of the project or programme where it is held."""

    assignment: RoleAssignment
    label: str
    place: str


def build_identity(person: Person, words_alone: Collection[str] = ()) -> IdentityToErase:
    """What names a person, now and before, also by the accounts that were joined into theirs; of
    these words alone."""
    former = [
        IdentityToErase(join.former_id, (join.name,), (join.email,), join.handle)
        for join in join_queries.list_joins(person.id)
    ]
    ids = [person.id, *(other.person_id for other in former)]
    changed = AddressChange.person_id.in_(ids), AddressChange.applied_at.is_not(None)
    names = [person.name, *_list_former_values(ids, profile_commands.CHANGED_PROFILE, "name")]
    emails = [
        person.email,
        *_list_former_values(ids, address_commands.CHANGED, "email"),
        *db.session.scalars(sa.select(AddressChange.email).where(*changed)),
    ]
    for other in former:
        names, emails = [*names, *other.names], [*emails, *other.emails]
    distinct_emails = tuple(dict.fromkeys(emails))
    return IdentityToErase(person.id, names, distinct_emails, person.handle, frozenset(words_alone), former)


def list_pending_addresses(identity: IdentityToErase) -> Sequence[str]:
    """The addresses that the person asked for and never confirmed, but for those of other accounts."""
    own = AddressChange.person_id.in_(identity.person_ids), AddressChange.applied_at.is_(None)
    is_taken = sa.exists().where(Person.email == AddressChange.email)
    return db.session.scalars(sa.select(AddressChange.email).where(*own, ~is_taken).distinct()).all()


def _list_former_values(ids: Sequence[UUID], action: audit.Action, field: str) -> Sequence[str]:
    """What a field of these accounts was before each change, by the texts beside the trail."""
    is_change = AuditEvent.subject_id.in_(ids), AuditEvent.action == action.code
    lines = db.session.scalars(sa.select(AuditEvent).where(*is_change)).all()
    return list(dict.fromkeys(line.before[field] for line in lines if line.before.get(field)))


def list_former_accounts(identity: IdentityToErase) -> Sequence[Person]:
    """The emptied rows of accounts that were joined into a person's; for the worker."""
    ids = [other.person_id for other in identity.former]
    return db.session.scalars(sa.select(Person).where(Person.id.in_(ids))).all() if ids else []


def find_open_erasure(person_id: UUID) -> Erasure | None:
    """The erasure of a person that is neither done nor withdrawn; the caller may see it."""
    own_open = Erasure.person_id == person_id, Erasure.stage.in_(OPEN_STAGES)
    return db.session.scalar(sa.select(Erasure).where(*own_open))


def get_erasure_and_person(actor: Actor, erasure_id: UUID) -> tuple[Erasure, Person]:
    """An erasure and its person, for administrators. Raises `NotFound`."""
    if not policy.can_list_erasures(actor):
        raise NotFound
    erasure = get_scalar(sa.select(Erasure).where(Erasure.id == erasure_id))
    return erasure, db.session.get_one(Person, erasure.person_id)


def get_own_erasure(actor: Actor) -> Erasure:
    """The actor's open erasure. Raises `NotFound`."""
    erasure = find_open_erasure(actor.person_id)
    if erasure is None:
        raise NotFound
    return erasure


def get_erasable_person(actor: Actor, person_id: UUID) -> Person:
    """A person whose erasure the actor may ask for. Raises `NotFound`."""
    if not policy.can_list_erasures(actor):
        raise NotFound
    return get_scalar(sa.select(Person).where(Person.id == person_id, ~join_queries.IS_JOINED))


_undecided = (
    sa.select(sa.func.count())
    .select_from(ErasureMention)
    .where(ErasureMention.erasure_id == Erasure.id, ErasureMention.decision.is_(None))
    .correlate(Erasure)
    .scalar_subquery()
)


def list_erasures(actor: Actor) -> Sequence[ListedErasure]:
    """The latest erasures, open ones first. Raises `NotFound` for others than administrators."""
    if not policy.can_list_erasures(actor):
        raise NotFound
    statement = (
        sa.select(Erasure, Person, _undecided)
        .join(Person, Person.id == Erasure.person_id)
        .order_by(Erasure.ended_at.is_not(None), Erasure.id.desc())
        .limit(ERASURES_LISTED)
    )
    return [ListedErasure(*row) for row in db.session.execute(statement)]


def count_undecided_mentions(erasure: Erasure) -> int:
    return db.session.scalar(sa.select(_undecided).where(Erasure.id == erasure.id)) or 0


def count_kept_mentions(erasure: Erasure) -> int:
    """How many texts keep the name by a decision."""
    is_kept = ErasureMention.erasure_id == erasure.id, ErasureMention.decision == MentionDecision.KEEP
    statement = sa.select(sa.func.count()).select_from(ErasureMention)
    return db.session.scalar(statement.where(*is_kept, ~ErasureMention.is_fixed)) or 0


def list_mentions(erasure: Erasure, mention_ids: Collection[UUID]) -> Sequence[ErasureMention]:
    """Texts of an erasure that the caller may see. Raises `NotFound` for an id that is none."""
    own = ErasureMention.id.in_(mention_ids), ErasureMention.erasure_id == erasure.id
    rows = db.session.scalars(sa.select(ErasureMention).where(*own, ~ErasureMention.is_fixed)).all()
    if len(rows) != len(set(mention_ids)):
        raise NotFound
    return rows


def read_mentions_by_key(erasure: Erasure) -> Mapping[tuple[str, str, str], ErasureMention]:
    """The texts of an erasure by table, column and key."""
    own = sa.select(ErasureMention).where(ErasureMention.erasure_id == erasure.id)
    return {(row.table_name, row.column_name, row.row_key): row for row in db.session.scalars(own)}


def list_sole_holder_roles(person: Person) -> Sequence[SoleHolderRole]:
    """The roles that somebody else must take before the person is erased."""
    last = []
    for assignment in roles.list_roles_of_person(person.id):
        if assignment.role not in policy.MUST_BE_HANDED_OVER:
            continue
        if not roles.has_other_holder(assignment.scope_id, assignment.role, person.id):
            label = str(programmes.ROLE_LABELS[assignment.role])
            last.append(SoleHolderRole(assignment, label, find_scope_name(assignment.scope_id)))
    return last


def lock_sole_holder_roles(person: Person) -> Sequence[SoleHolderRole]:
    """The same under a lock on their scopes, so that of two erasures at once the second one sees
    what the first one ended."""
    for scope_id in sorted({each.scope_id for each in roles.list_roles_of_person(person.id)}):
        lock_row(Scope, scope_id)
    return list_sole_holder_roles(person)


def list_erasure_effects(person: Person) -> Sequence[ErasureEffectLine]:
    """What an erasure would do, by feature; those that hold nothing are left out."""
    identity = build_identity(person)
    lines = [
        ErasureEffectLine(
            dataset,
            _count_dataset_rows(dataset, identity, ErasureEffect.DELETED),
            _count_dataset_rows(dataset, identity, ErasureEffect.SIGNED),
        )
        for dataset in list_contributions(PersonalDataset)
    ]
    return [line for line in lines if line.deleted or line.signed]


def _count_dataset_rows(dataset: PersonalDataset, identity: IdentityToErase, effect: ErasureEffect) -> int:
    return sum(
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(each.table)
            .where(build_person_rows_condition(each, identity))
        )
        or 0
        for each in dataset.tables
        if each.effect is effect and not each.left_out
    )


def build_person_rows_condition(personal: PersonalTable, identity: IdentityToErase) -> sa.ColumnElement[bool]:
    """The condition on the rows of a table that are a person's, by id or by address."""
    table = personal.table
    by_id = [table.c[name] == identity.person_id for name in personal.columns]
    by_address = [sa.func.lower(table.c[name]).in_(identity.emails) for name in personal.addresses]
    return sa.or_(sa.false(), *by_id, *by_address)


def leave_out_mentions_in_deleted_rows(
    mentions: Sequence[TextNamingPerson], identity: IdentityToErase
) -> Sequence[TextNamingPerson]:
    """The texts without those in rows that the erasure deletes, which nobody has to decide on: a
    statement a table."""
    named = {each.table.name for each in mentions}
    leaving = {
        each.table.name: set(
            map(
                tuple,
                db.session.execute(
                    sa.select(*each.table.primary_key.columns).where(
                        build_person_rows_condition(each, identity)
                    )
                ),
            )
        )
        for dataset in list_contributions(PersonalDataset)
        for each in dataset.tables
        if each.effect is ErasureEffect.DELETED and each.table.name in named
    }
    return [each for each in mentions if each.key not in leaving.get(each.table.name, ())]


def list_tables_with_copied_texts() -> frozenset[str]:
    """The tables whose texts repeat what stands elsewhere."""
    return frozenset(
        each.model.__tablename__ for each in list_contributions(PersonalTextRedaction) if each.is_copy
    )
