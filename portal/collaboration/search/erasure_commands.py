"""Index anew what an erasure redacted, retention removed, or a join of accounts changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.collaboration.search.commands import BATCH, index_rows, rewrite_pages_beginning_with
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.search import SearchSource
from portal.collaboration.search.word_rules import fold_words
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.personal_data import IdentityToErase, JoinedAccounts

WORD_MIN = 4  # letters: shorter words name nobody


def index_redacted_rows(identity: IdentityToErase, row_ids: Sequence[UUID]) -> None:
    """Index anew the texts that an erasure redacted; no word of the person's names stays in the index."""
    index_rows_anew(row_ids)
    rewrite_pages_beginning_with({word for word in _list_name_words(identity) if len(word) >= WORD_MIN})


def _list_name_words(identity: IdentityToErase) -> Iterator[str]:
    locals_ = (email.partition("@")[0] for email in identity.emails)
    for text in (*identity.names, *identity.handles, *locals_):
        yield from fold_words(text)


def index_rows_of_joined_accounts(joined: JoinedAccounts) -> None:
    """Index anew the rows that changed hands, where the index knows them."""
    row_ids = joined.row_ids
    for begin in range(0, len(row_ids), BATCH):
        indexed = sa.select(SearchEntry.kind, SearchEntry.subject_id).where(
            SearchEntry.subject_id.in_(row_ids[begin : begin + BATCH])
        )
        ids_by_kind: dict[str, list[UUID]] = defaultdict(list)
        for kind, subject_id in db.session.execute(indexed):
            ids_by_kind[kind].append(subject_id)
        for source in list_contributions(SearchSource):
            index_rows(source, ids_by_kind.get(source.kind, ()))


def index_rows_anew(row_ids: Sequence[UUID]) -> None:
    """Index anew these rows, of whatever kind each one is; those that are gone leave the index."""
    for source in list_contributions(SearchSource):
        index_rows(source, row_ids)
