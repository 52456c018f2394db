"""The texts of an erasure as an administrator reads them: where they stand, what they say, their page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.people.privacy.erasure_models import Erasure, ErasureMention
from portal.people.privacy.erasure_queries import identity_of
from portal.people.privacy.identity_rules import NamePatterns, patterns_of
from portal.people.privacy.mention_queries import parse_row_key, read_value
from portal.people.privacy.text_place_queries import TextPlace, read_place
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.personal_data import PersonalText, TextPages

PER_PAGE = 100


@dataclass(frozen=True)
class ListedMention:
    """A text to decide on, or decided. `excerpt` is None where an administrator may not read it,
    `address` "" where it has no page that the reader may open."""

    mention: ErasureMention
    place: TextPlace
    excerpt: str | None
    address: str


def list_texts(
    actor: Actor, erasure: Erasure, person: Person, page: int, *, is_fixed: bool = False
) -> Sequence[ListedMention]:
    """A page of the texts to decide on, then of those decided; `is_fixed`: the records of money, which
    stay. Pages are numbered from 1."""
    own = ErasureMention.erasure_id == erasure.id, ErasureMention.is_fixed == is_fixed
    order = ErasureMention.decision.is_not(None), ErasureMention.id
    statement = sa.select(ErasureMention).where(*own).order_by(*order)
    rows = db.session.scalars(statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    patterns, addresses = patterns_of(identity_of(person, erasure.words_alone)), _find_addresses(actor, rows)
    sealed = {each.model.__tablename__ for each in contributed(PersonalText) if each.is_sealed}
    return [
        _list_text(row, patterns, row.table_name in sealed, addresses.get((row.table_name, row.row_key), ""))
        for row in rows
    ]


def count_pages(erasure: Erasure) -> int:
    """How many pages the longer of the two lists has; 1 at least."""
    own = sa.select(sa.func.count()).where(ErasureMention.erasure_id == erasure.id)
    counts = db.session.scalars(own.group_by(ErasureMention.is_fixed)).all()
    return max(1, ceil(max(counts, default=0) / PER_PAGE))


def _list_text(row: ErasureMention, patterns: NamePatterns, is_sealed: bool, address: str) -> ListedMention:
    table = Base.metadata.tables[row.table_name]
    key = parse_row_key(table, row.row_key)
    value = read_value(db.session(), table, row.column_name, key)
    excerpt = None if is_sealed else patterns.excerpt(value)
    return ListedMention(row, read_place(table, key), excerpt, address)


def _find_addresses(actor: Actor, rows: Sequence[ErasureMention]) -> Mapping[tuple[str, str], str]:
    """The pages of the rows by table and key, a few statements a table."""
    keys: dict[str, dict[UUID, str]] = defaultdict(dict)
    for row in rows:
        key = parse_row_key(Base.metadata.tables[row.table_name], row.row_key)
        if len(key) == 1 and isinstance(key[0], UUID):
            keys[row.table_name][key[0]] = row.row_key
    return {
        (table_name, row_keys[id_]): address
        for pages in contributed(TextPages)
        for table_name, row_keys in keys.items()
        for id_, address in pages.find(actor, table_name, list(row_keys)).items()
    }
