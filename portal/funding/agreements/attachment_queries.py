"""Files of the wing: for those who read amounts, and for nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import AttachmentSubject, AttachmentSubjectKind
from portal.funding.agreements import policy
from portal.funding.agreements.commands import funding_path, lock_agreement
from portal.funding.agreements.models import FundingAgreement
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import get_row
from portal.platform.kernel.errors import TooLate
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project

Row = Any


@dataclass(frozen=True)
class FundingAttachmentKind(AttachmentSubjectKind):
    """The files of one model with a `project_id`. `closed` says why no file changes any more."""

    model: Any
    label: LazyString
    find_page: Callable[[Project, Row], str]
    number_of: Callable[[Row], int]
    closed: Callable[[Row], str]
    is_writer: Callable[[Actor, Project], bool]
    before_removal: Callable[[Row, Actor, Attachment], None] | None = None
    list_lasting: Callable[[Row], frozenset[UUID]] = lambda _row: frozenset()

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)

    @property
    def is_findable(self) -> bool:
        return False

    def called(self, number: int) -> str:
        return str(self.label) % {"n": number}

    def visible(self, actor: Actor) -> Select[Any]:
        rows = select(self.model.id).join(Project, Project.id == self.model.project_id)
        return rows.where(policy.funding_amounts_visible_condition(actor))

    def get(self, actor: Actor, id_: UUID) -> AttachmentSubject:
        statement = (
            select(self.model, Project)
            .join(Project, Project.id == self.model.project_id)
            .where(self.model.id == id_, policy.funding_amounts_visible_condition(actor))
        )
        row = get_row(statement)
        return self.place(actor, row[1], row[0])

    def place(self, actor: Actor, project: Project, row: Row) -> AttachmentSubject:
        """The subject for a row whose amounts the caller was allowed to read."""
        number = self.number_of(row)
        return AttachmentSubject(
            kind=self.name,
            id=row.id,
            scope_id=project.id,
            number=number,
            title=f"{project.short_name}, {self.called(number)}",
            find_page=lambda: self.find_page(project, row),
            is_shown_there=True,
            is_writer=self.is_writer(actor, project),
            closed_because=self.closed(row),
            lasting_ids=self.list_lasting(row),
            is_in_feed=False,
            is_named=False,
            before_removal=self.before_removal and partial(self.before_removal, row),
        )


def _list_signed_document_ids(row: FundingAgreement) -> frozenset[UUID]:
    """The files that are or were the signed document, or that of an amendment."""
    others = (*(row.earlier_documents or ()), *(row.amendment_documents or {}).values())
    files = (UUID(each["file"]) for each in others)
    return frozenset([*([row.document_id] if row.document_id else []), *files])


def _refuse_removing_signed_document(row: FundingAgreement, _actor: Actor, file: Attachment) -> None:
    lock_agreement(row)
    signed = {str(row.document_id), *(each["file"] for each in (row.amendment_documents or {}).values())}
    if str(file.id) in signed:
        raise TooLate(_("C’est le document signé : choisissez d’abord celui qui le remplace."))
    if file.id in _list_signed_document_ids(row):
        raise TooLate(_("Ce fichier a été le document signé : il reste joint."))


AGREEMENT_FILES = FundingAttachmentKind(
    FundingAgreement,
    _l("Convention"),
    lambda project, _row: funding_path(project),
    lambda _row: 0,
    lambda _row: "",
    policy.can_handle,
    before_removal=_refuse_removing_signed_document,
    list_lasting=_list_signed_document_ids,
)
