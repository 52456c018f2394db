"""Group sessions in search: found by whoever may come, and who organises them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.coaching.group_sessions import policy
from portal.coaching.group_sessions.labels import badge
from portal.coaching.group_sessions.models import Gathering
from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import SearchHit, SearchSource, SearchText, join_texts
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    return [
        SearchText(
            subject_id=row.id,
            scope_id=row.programme_id,
            title=row.title,
            body=join_texts(row.agenda, row.minutes),
            reach=TextAudience.TEAMS,
            author_id=row.author_id,
            changed_at=row.created_at,
        )
        for row in db.session.scalars(select(Gathering).where(Gathering.id.in_(ids)))
    ]


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    rows = db.session.execute(
        select(Gathering, Programme)
        .join(Programme, Programme.id == Gathering.programme_id)
        .where(Gathering.id.in_(ids), policy.visible_programmes_condition(actor))
    )
    return {
        row.id: SearchHit(
            title=row.title,
            address=f"/programmes/{programme.slug}/gatherings/{row.number}",
            place=programme.name,
            state=badge(row),
            text=join_texts(row.agenda, row.minutes),
            day=row.created_at,
        )
        for row, programme in rows
    }


SEARCH = (
    SearchSource(
        model=Gathering,
        label=_l("Séances collectives"),
        read=_read_search_texts,
        find=_find_search_hits,
        called=(_l("Séance collective"), "collective collectives gathering gatherings"),
    ),
)
