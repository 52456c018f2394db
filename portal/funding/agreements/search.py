"""Agreements in search, by their numbers and references: for readers of amounts alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText, join_texts
from portal.funding.agreements import policy
from portal.funding.agreements.commands import funding_path
from portal.funding.agreements.labels import badge
from portal.funding.agreements.models import FundingAgreement
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project


def _title_text(row: FundingAgreement) -> str:
    return join_texts(
        *(number or "" for number in (row.number, row.legal_commitment, row.operator_reference))
    )


def _body_text(row: FundingAgreement) -> str:
    return join_texts(row.purpose, *(part for party in row.parties for part in party))


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    rows = db.session.scalars(select(FundingAgreement).where(FundingAgreement.id.in_(ids)))
    return [
        SearchText(
            subject_id=row.id,
            scope_id=row.project_id,
            title=_title_text(row),
            body=_body_text(row),
            reach=TextAudience.FUNDING,
            changed_at=row.created_at,
        )
        for row in rows
    ]


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(
        select(FundingAgreement, Project)
        .join(Project, Project.id == FundingAgreement.project_id)
        .where(FundingAgreement.id.in_(ids), policy.funding_amounts_visible_condition(actor))
    )
    return {
        row.id: SearchHit(
            title=_("Convention %(number)s", number=row.number or project.short_name),
            address=f"{funding_path(project)}#agreement",
            place=project.short_name,
            state=badge(row),
            text=join_texts(_title_text(row), _body_text(row)),
            day=row.created_at,
        )
        for row, project in rows
    }


SEARCH = (
    SearchSource(
        model=FundingAgreement,
        label=_l("Conventions"),
        read=_read_search_texts,
        find=_find_search_hits,
        singular=_l("Convention"),
    ),
)
