"""Index anew what an erasure redacted, or retention removed."""

from collections.abc import Sequence
from uuid import UUID

from portal.collaboration.search.commands import index_rows
from portal.collaboration.search.search import SearchSource
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.personal_data import Identity


def index_redacted_rows(_identity: Identity, row_ids: Sequence[UUID]) -> None:
    """Index anew the texts that an erasure redacted."""
    index_rows_anew(row_ids)


def index_rows_anew(row_ids: Sequence[UUID]) -> None:
    """Index anew these rows, of whatever kind each one is; those that are gone leave the index."""
    for source in contributed(SearchSource):
        index_rows(source, row_ids)
