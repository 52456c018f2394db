"""Index anew what an erasure redacted."""

from collections.abc import Sequence
from uuid import UUID

from portal.collaboration.search.commands import index_rows
from portal.collaboration.search.search import SearchSource
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.personal_data import Identity


def index_redacted_rows(_identity: Identity, row_ids: Sequence[UUID]) -> None:
    """Index anew the texts of these rows, of whatever kind each one is."""
    for source in contributed(SearchSource):
        index_rows(source, row_ids)
