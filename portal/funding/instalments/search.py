"""Instalments in search, by the reference of their payment and the names of their documents: for
readers of amounts alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText, join_texts
from portal.funding.agreements import policy
from portal.funding.agreements.labels import INSTALMENT_KINDS
from portal.funding.agreements.models import FundingAgreement, Instalment
from portal.funding.agreements.queries import list_documents_by_instalment
from portal.funding.instalments.labels import state
from portal.funding.ledger.queries import list_references_by_instalment
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    rows = db.session.scalars(select(Instalment).where(Instalment.id.in_(ids))).all()
    texts = _list_texts_by_instalment(rows)
    return [
        SearchText(
            subject_id=row.id,
            scope_id=row.project_id,
            title=join_texts(row.number, row.payment_reference),
            body=texts[row.id],
            reach=TextAudience.FUNDING,
            changed_at=row.created_at,
        )
        for row in rows
    ]


def _list_texts_by_instalment(rows: Sequence[Instalment]) -> Mapping[UUID, str]:
    """The names of documents, and references of payments that came back and of recoveries."""
    documents, references = (
        list_documents_by_instalment(rows),
        list_references_by_instalment([row.id for row in rows]),
    )
    return {
        row.id: join_texts(
            *(each.row.name for each in documents.get(row.id, ())),
            *(reference for reference in references.get(row.id, ()) if reference != row.payment_reference),
        )
        for row in rows
    }


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(
        select(Instalment, FundingAgreement, Project)
        .join(FundingAgreement, FundingAgreement.id == Instalment.agreement_id)
        .join(Project, Project.id == Instalment.project_id)
        .where(Instalment.id.in_(ids), policy.funding_amounts_visible_condition(actor))
    ).all()
    texts = _list_texts_by_instalment([row for row, *_others in rows])
    return {
        row.id: SearchHit(
            title=_("Tranche %(n)s", n=row.number),
            address=row_path(project, row),
            place=project.short_name,
            state=(state(agreement, row), INSTALMENT_KINDS.get(row.state)),
            text=join_texts(row.payment_reference, texts[row.id]),
            day=row.created_at,
        )
        for row, agreement, project in rows
    }


SEARCH = (
    SearchSource(
        model=Instalment,
        label=_l("Tranches"),
        read=_read_search_texts,
        find=_find_search_hits,
        called=(_l("Tranche"), "tranche tranches instalment instalments"),
    ),
)
