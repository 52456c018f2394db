"""Committees in search: found by whoever reads the programme's portfolio."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText, join_texts
from portal.oversight.committees import policy
from portal.oversight.committees.labels import describe_record_state
from portal.oversight.committees.models import Committee
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    return [
        SearchText(
            subject_id=row.id,
            scope_id=row.programme_id,
            title="",
            body=join_texts(row.agenda, row.members, row.place),
            reach=TextAudience.PORTFOLIO,
            author_id=row.author_id,
            changed_at=row.created_at,
        )
        for row in db.session.scalars(select(Committee).where(Committee.id.in_(ids)))
    ]


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(
        select(Committee, Programme)
        .join(Programme, Programme.id == Committee.programme_id)
        .where(Committee.id.in_(ids), policy.visible_to(actor))
    )
    return {
        row.id: SearchHit(
            title=_("Comité %(n)s", n=row.number),
            address=f"/programmes/{programme.slug}/committees/{row.number}",
            place=programme.name,
            state=(describe_record_state(row), None),
            text=join_texts(row.agenda, row.members),
            day=row.created_at,
        )
        for row, programme in rows
    }


SEARCH = (
    SearchSource(
        model=Committee,
        label=_l("Comités"),
        read=_read_search_texts,
        find=_find_search_hits,
        called=(_l("Comité"), "comite comites committee committees"),
    ),
)
