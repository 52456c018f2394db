"""Whether the index has what it is made of."""

from collections.abc import Mapping

from sqlalchemy import select

from portal.collaboration.search.commands import iterate_id_batches
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.search import SearchSource
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db


def count_index_differences_by_kind() -> Mapping[str, tuple[int, int]]:
    """Rows with a text that the index lacks, and entries without a row, by kind; only the kinds that
    differ. Compares ids and not words: `rebuild` mends both."""
    differences = {}
    for source in list_contributions(SearchSource):
        expected = {text.subject_id for ids in iterate_id_batches(source) for text in source.read(ids)}
        indexed = set(
            db.session.scalars(select(SearchEntry.subject_id).where(SearchEntry.kind == source.kind))
        )
        if expected != indexed:
            differences[source.kind] = (len(expected - indexed), len(indexed - expected))
    return differences
