"""Agreements and instalments, filtered by what the actor may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select

from portal.collaboration.files.models import Attachment
from portal.funding.agreements import policy
from portal.funding.agreements.condition_rules import NeededDocument
from portal.funding.agreements.models import (
    AgreementAmendment,
    FundingAgreement,
    Instalment,
    InstalmentDocument,
    InstalmentState,
    fold_number,
)
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_row, get_scalar
from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.kernel.text import fold
from portal.project.projects.models import Project, ProjectFigures
from portal.project.projects.numbered_queries import ListPage, read_column_page


class LoadedInstalment(NamedTuple):
    """An instalment with its agreement and project, loaded in the actor's scope."""

    project: Project
    agreement: FundingAgreement
    row: Instalment


@dataclass(frozen=True)
class ListedAgreement:
    """An agreement in a list, with its project."""

    agreement: FundingAgreement
    project: Project


def get_project_with_readable_funding_states(actor: Actor, slug: str) -> Project:
    """A project the states of whose funding the actor reads. Raises `NotFound`."""
    return require_row(find_project_with_readable_funding(actor, slug))


def find_project_with_readable_funding(actor: Actor, slug: str) -> Project | None:
    """The same; None for whoever may not know."""
    statement = select(Project).where(Project.slug == slug, policy.funding_states_visible_condition(actor))
    return db.session.scalar(statement)


def get_project_with_readable_amounts(actor: Actor, slug: str) -> Project:
    """A project whose amounts the actor reads. Raises `NotFound`."""
    return get_scalar(
        select(Project).where(Project.slug == slug, policy.funding_amounts_visible_condition(actor))
    )


def find_agreement(project: Project) -> FundingAgreement | None:
    """The agreement of a project that the caller was allowed to see."""
    return db.session.scalar(_AGREEMENT, {"project": project.id})


_AGREEMENT = select(FundingAgreement).where(FundingAgreement.project_id == bindparam("project"))
_AMENDMENTS = (
    select(AgreementAmendment, Person.name)
    .join(Person, Person.id == AgreementAmendment.author_id)
    .where(AgreementAmendment.agreement_id == bindparam("agreement"))
    .order_by(AgreementAmendment.number.desc())
)
_INSTALMENTS = (
    select(Instalment).where(Instalment.project_id == bindparam("project")).order_by(Instalment.number)
)


def get_agreement(project: Project) -> FundingAgreement:
    """The same; raises `NotFound` before there is one."""
    return get_scalar(_AGREEMENT, {"project": project.id})


def list_amendments(agreement: FundingAgreement) -> Sequence[tuple[AgreementAmendment, str]]:
    """The amendments of an agreement, latest first, each with its author."""
    rows = db.session.execute(_AMENDMENTS, {"agreement": agreement.id})
    return [(row[0], row[1]) for row in rows]


def count_amendments(agreement: FundingAgreement) -> int:
    statement = select(func.count()).where(AgreementAmendment.agreement_id == agreement.id)
    return db.session.scalar(statement) or 0


def find_signed_document(agreement: FundingAgreement, amendment: int | None) -> dict[str, str] | None:
    """The signed document of an agreement, or of one of its amendments. Raises `NotFound`."""
    if amendment is None:
        file = agreement.document_id
        return {"file": str(file), "sha256": agreement.document_sha256} if file else None
    if not 1 <= amendment <= count_amendments(agreement):
        raise NotFound
    return (agreement.amendment_documents or {}).get(str(amendment))


def list_other_signed_files(agreement: FundingAgreement, amendment: int | None) -> frozenset[str]:
    """The files that are signed documents, but that of the agreement, or of the amendment of this number."""
    of_amendments = (agreement.amendment_documents or {}).items()
    files = {str(each["file"]) for number, each in of_amendments if number != str(amendment)}
    return frozenset(files if amendment is None else {*files, str(agreement.document_id)})


def list_instalments(project: Project) -> Sequence[Instalment]:
    """The instalments of a project in their order."""
    return db.session.scalars(_INSTALMENTS, {"project": project.id}).all()


def get_instalment(actor: Actor, slug: str, number: int) -> LoadedInstalment:
    """An instalment whose state the actor reads. Raises `NotFound`."""
    statement = (
        select(Project, FundingAgreement, Instalment)
        .join(Instalment, Instalment.project_id == Project.id)
        .join(FundingAgreement, FundingAgreement.id == Instalment.agreement_id)
        .where(
            Project.slug == slug, Instalment.number == number, policy.funding_states_visible_condition(actor)
        )
    )
    row = get_row(statement)
    return LoadedInstalment(*row)


def get_instalment_with_readable_amounts(actor: Actor, slug: str, number: int) -> LoadedInstalment:
    """The same for whoever reads its amounts."""
    return get_instalment(actor, get_project_with_readable_amounts(actor, slug).slug, number)


def load_instalment_with_agreement(row: Instalment) -> LoadedInstalment:
    """A row that the caller was allowed to see, with its agreement and project."""
    project = db.session.get_one(Project, row.project_id)
    return LoadedInstalment(project, db.session.get_one(FundingAgreement, row.agreement_id), row)


DocumentsByInstalment = Mapping[UUID, Sequence[NeededDocument]]


_DOCUMENTS = (
    select(InstalmentDocument, Attachment.name, Attachment.removed_at)
    .outerjoin(Attachment, Attachment.id == InstalmentDocument.attachment_id)
    .where(InstalmentDocument.instalment_id.in_(bindparam("instalments", expanding=True)))
    .order_by(InstalmentDocument.instalment_id, InstalmentDocument.position)
)


def list_documents_by_instalment(instalments: Iterable[Instalment]) -> DocumentsByInstalment:
    """The documents that instalments need, in their order; one statement."""
    instalment_ids = [row.id for row in instalments]
    documents: dict[UUID, list[NeededDocument]] = defaultdict(list)
    for row, name, removed_at in db.session.execute(_DOCUMENTS, {"instalments": instalment_ids}):
        documents[row.instalment_id].append(NeededDocument(row, name or "", removed_at is not None))
    return documents


def list_attachments(kind: str, subject_id: UUID) -> Sequence[Attachment]:
    """The files attached to a subject that the caller was allowed to see, latest first."""
    statement = select(Attachment).where(
        Attachment.subject == kind, Attachment.subject_id == subject_id, Attachment.removed_at.is_(None)
    )
    return db.session.scalars(statement.order_by(Attachment.id.desc())).all()


def is_number_taken(column: str, value: str, agreement: FundingAgreement) -> bool:
    """Whether another agreement of the installation has the same number, whatever its case."""
    folded = getattr(FundingAgreement, f"{column}_fold", None)
    is_equal = getattr(FundingAgreement, column) == value if folded is None else folded == fold_number(value)
    same = is_equal, FundingAgreement.id != agreement.id
    return db.session.scalar(select(FundingAgreement.id).where(*same).limit(1)) is not None


def get_handled_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose funding the actor handles. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not policy.can_set_terms(actor, programme):
        raise NotFound
    return programme


def list_agreements(
    actor: Actor, q: str, page: int, programme: Programme | None = None
) -> ListPage[ListedAgreement]:
    """A page of the agreements that the actor handles, in one programme or all, by organisation; `q`
    finds numbers and names."""
    statement = (
        select(FundingAgreement, Project)
        .join(Project, Project.id == FundingAgreement.project_id)
        .where(policy.handled_by_condition(actor))
    )
    if programme:
        statement = statement.where(Project.programme_id == programme.id)
    if q:
        statement = statement.join(ProjectFigures, ProjectFigures.project_id == Project.id)
        statement = statement.where(*map(_build_word_condition, q.split()))
    return read_column_page(statement, page, ListedAgreement, Project.organisation_fold, Project.slug)


def _build_word_condition(word: str) -> ColumnElement[bool]:
    """An agreement has the word in a number, whatever its case, or in a name, whatever its accents too."""
    numbers = (
        FundingAgreement.number,
        FundingAgreement.legal_commitment,
        FundingAgreement.operator_reference,
    )
    names = (ProjectFigures.organisation_fold, ProjectFigures.acronym_fold)
    return or_(
        *(column.icontains(word, autoescape=True) for column in numbers),
        *(column.contains(fold(word), autoescape=True) for column in names),
    )


def list_handled_programmes(actor: Actor) -> Sequence[Programme]:
    """The programmes whose funding the actor handles, by slug."""
    ids = actor.scopes_with(policy.OPERATOR, policy.LEAD)
    return db.session.scalars(select(Programme).where(Programme.id.in_(ids)).order_by(Programme.slug)).all()


def list_numbers_in_hand(project: Project) -> Sequence[int]:
    """The instalments that are asked or checked, to settle before the agreement is closed."""
    in_hand = {InstalmentState.REQUESTED, InstalmentState.CHECKED}
    return [each.number for each in list_instalments(project) if each.state in in_hand]


def get_needed_document(row: Instalment, document_id: UUID) -> InstalmentDocument:
    """A document that an instalment needs. Raises `NotFound`."""
    documents = {each.row.id: each.row for each in list_documents_by_instalment([row]).get(row.id, ())}
    if document_id not in documents:
        raise NotFound
    return documents[document_id]
