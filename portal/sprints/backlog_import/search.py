"""Imported items in search: an import may change any item of its project."""

from portal.collaboration.search.search import SearchReindexRule
from portal.sprints.backlog.search import ITEMS, list_project_item_ids
from portal.sprints.backlog_import.item_commands import IMPORTED

SEARCH = (SearchReindexRule(source=ITEMS, actions=(IMPORTED,), list_ids=list_project_item_ids),)
