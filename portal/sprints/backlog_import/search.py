"""Imported items in search: an import may change any item of its project."""

from portal.collaboration.search.search import SearchFollow
from portal.sprints.backlog.search import ITEMS, list_items
from portal.sprints.backlog_import.item_commands import IMPORTED

SEARCH = (SearchFollow(source=ITEMS, actions=(IMPORTED,), list_ids=list_items),)
