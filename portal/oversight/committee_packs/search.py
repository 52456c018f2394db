"""Committee packs in search: found by whoever reads the programme's portfolio, as what they tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.collaboration.search.policy import TextAudience
from portal.collaboration.search.search import (
    SearchHit,
    SearchKindWeight,
    SearchSource,
    SearchText,
    join_texts,
)
from portal.oversight.committee_packs import policy
from portal.oversight.committee_packs.models import CommitteePack, PackPage, PackStage
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l


def _read_search_texts(ids: Sequence[UUID]) -> Sequence[SearchText]:
    bodies = _read_search_body_by_pack(ids)
    return [
        SearchText(
            subject_id=pack.id,
            scope_id=pack.programme_id,
            title=_format_title(pack),
            body=bodies[pack.id],
            reach=TextAudience.PORTFOLIO,
            author_id=pack.asked_by_id,
            changed_at=pack.as_of_at,
        )
        for pack, _programme in db.session.execute(_PACKS.where(CommitteePack.id.in_(ids)))
    ]


def _format_title(pack: CommitteePack) -> str:
    """In the language of the pack."""
    with using_language(pack.language):
        return _("Dossier de comité du %(day)s", day=format_day(pack.as_of_on))


def _read_search_body_by_pack(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The sentences of each pack's pages, in their order."""
    pages = select(PackPage.pack_id, PackPage.content).where(PackPage.pack_id.in_(ids))
    texts: dict[UUID, list[str]] = defaultdict(list)
    for pack_id, content in db.session.execute(pages.order_by(PackPage.pack_id, PackPage.position)):
        texts[pack_id] += _iterate_page_texts(content)
    return defaultdict(str, {pack_id: join_texts(*parts) for pack_id, parts in texts.items()})


def _iterate_page_texts(content: Any) -> Iterator[str]:
    """The texts of a page that are more than a code."""
    if isinstance(content, str) and " " in content:
        yield content
    elif isinstance(content, Mapping | list):
        for part in content.values() if isinstance(content, Mapping) else content:
            yield from _iterate_page_texts(part)


def _find_search_hits(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, SearchHit]:
    bodies = _read_search_body_by_pack(ids)
    rows = db.session.execute(_PACKS.where(CommitteePack.id.in_(ids), policy.visible_to(actor)))
    return {
        pack.id: SearchHit(
            title=_format_title(pack),
            address=f"/programmes/{programme.slug}/packs/{pack.id}",
            place=programme.name,
            text=bodies[pack.id],
            day=pack.as_of_at,
        )
        for pack, programme in rows
    }


_PACKS = (
    select(CommitteePack, Programme)
    .join(Programme, Programme.id == CommitteePack.programme_id)
    .where(CommitteePack.stage == PackStage.COMPLETED)
)
SEARCH = (
    SearchSource(
        model=CommitteePack,
        label=_l("Dossiers de comité"),
        read=_read_search_texts,
        find=_find_search_hits,
        singular=_l("Dossier de comité"),
        weight=SearchKindWeight.DIGEST,
    ),
)
