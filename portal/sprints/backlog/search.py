"""Items of backlogs in search."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.search import SearchReindexRule
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.search import build_project_rows_search_source
from portal.sprints.backlog import commands, labels
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind


def _list_new_item_ids(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """Items that one line adds together: those of the project that the index lacks."""
    is_indexed = exists().where(SearchEntry.subject_id == Item.id, SearchEntry.kind == Item.__tablename__)
    projects = [line.scope_id for line in lines]
    return db.session.scalars(select(Item.id).where(Item.project_id.in_(projects), ~is_indexed)).all()


def list_project_item_ids(lines: Sequence[PendingAuditEvent]) -> Sequence[UUID]:
    """All items of the lines' projects: an import may have changed any."""
    projects = [line.scope_id for line in lines]
    return db.session.scalars(select(Item.id).where(Item.project_id.in_(projects))).all()


def _list_authors(ids: Sequence[UUID]) -> Mapping[UUID, UUID | None]:
    """Who added items: the trail has one line for several."""
    added = select(ItemEvent.item_id, ItemEvent.actor_id).where(ItemEvent.kind == ItemEventKind.ADDED)
    rows = db.session.execute(added.where(ItemEvent.item_id.in_(ids)))
    return {row.item_id: row.actor_id for row in rows}


ITEMS = build_project_rows_search_source(
    Item,
    _l("Éléments"),
    "title",
    "description",
    "block_reason",
    state=labels.badge,
    authors=_list_authors,
    called=(_l("Élément"), "element elements item items ticket tickets"),
)
SEARCH = (
    ITEMS,
    SearchReindexRule(
        source=ITEMS, actions=(commands.ADDED_SEVERAL, commands.SPLIT), list_ids=_list_new_item_ids
    ),
)
