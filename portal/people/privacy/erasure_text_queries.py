"""The texts of an erasure as an administrator reads them: where they stand, what they say, their page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.accounts.models import Person
from portal.people.privacy.erasing_commands import STOPPED
from portal.people.privacy.erasure_models import Erasure, ErasureMention, ErasureStage, MentionDecision
from portal.people.privacy.erasure_queries import build_identity
from portal.people.privacy.identity_rules import build_name_patterns
from portal.people.privacy.mention_queries import parse_row_key, read_columns_by_key
from portal.people.privacy.text_place_queries import TextOrigin, read_text_origins
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.personal_data import PersonalTextRedaction, RowKey, TextPageSource

PER_PAGE = 100


@dataclass(frozen=True)
class ListedMention:
    """A text to decide on, or decided. `excerpt` is None where an administrator may not read it,
    `address` "" where it has no page that the reader may open. `is_file`: redacting deletes its file."""

    mention: ErasureMention
    place: TextOrigin
    excerpt: str | None
    address: str
    is_file: bool


@dataclass(frozen=True)
class ErasureStop:
    """When an approved erasure stopped, and how many texts named the person since its list."""

    at: datetime
    texts: int


def find_last_stop(erasure: Erasure) -> ErasureStop | None:
    """Why an erasure that was approved is to decide again; None for one that never was."""
    if erasure.stage is not ErasureStage.LISTED:
        return None
    own = AuditEvent.subject_id == erasure.id, AuditEvent.action == STOPPED.code
    last = sa.select(AuditEvent).where(*own).order_by(AuditEvent.id.desc()).limit(1)
    line = db.session.scalar(last)
    return ErasureStop(line.created_at, int(line.facts["texts"])) if line else None


def list_mentions_page(
    actor: Actor, erasure: Erasure, person: Person, page: int, *, is_fixed: bool = False
) -> Sequence[ListedMention]:
    """A page of the texts to decide on, then of those decided; `is_fixed`: the records of money, which
    stay. After the erasure, of those that keep the name. Pages are numbered from 1."""
    own = [ErasureMention.erasure_id == erasure.id, ErasureMention.is_fixed == is_fixed]
    if not erasure.is_open:
        own.append(ErasureMention.decision == MentionDecision.KEEP)
    order = ErasureMention.decision.is_not(None), ErasureMention.id
    statement = sa.select(ErasureMention).where(*own).order_by(*order)
    rows = db.session.scalars(statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    patterns, addresses = (
        build_name_patterns(build_identity(person, erasure.words_alone)),
        _map_page_paths(actor, rows),
    )
    declared = list_contributions(PersonalTextRedaction)
    sealed = {each.model.__tablename__ for each in declared if each.is_sealed}
    files = {each.model.__tablename__ for each in declared if each.redact}
    keys = {row.id: parse_row_key(Base.metadata.tables[row.table_name], row.row_key) for row in rows}
    by_table: dict[sa.Table, list[ErasureMention]] = defaultdict(list)
    for row in rows:
        by_table[Base.metadata.tables[row.table_name]].append(row)
    places = read_text_origins({table: [keys[row.id] for row in own] for table, own in by_table.items()})
    values = _read_mention_texts(by_table, keys)
    return [
        ListedMention(
            row,
            places[Base.metadata.tables[row.table_name], keys[row.id]],
            None if row.table_name in sealed else patterns.excerpt(values[row.id]),
            addresses.get((row.table_name, row.row_key), ""),
            is_file=row.table_name in files,
        )
        for row in rows
    ]


def _read_mention_texts(
    by_table: Mapping[sa.Table, Sequence[ErasureMention]], keys: Mapping[UUID, RowKey]
) -> Mapping[UUID, Any]:
    """The text of each mention by its id, a statement a table; None where its row is gone."""
    values: dict[UUID, Any] = {}
    for table, rows in by_table.items():
        names = {row.column_name for row in rows}
        texts = read_columns_by_key(db.session(), table, names, [keys[row.id] for row in rows])
        values |= {row.id: texts.get(keys[row.id], {}).get(row.column_name) for row in rows}
    return values


def count_mention_pages(erasure: Erasure) -> int:
    """How many pages the longer of the two lists has; 1 at least."""
    own = sa.select(sa.func.count()).where(ErasureMention.erasure_id == erasure.id)
    counts = db.session.scalars(own.group_by(ErasureMention.is_fixed)).all()
    return max(1, ceil(max(counts, default=0) / PER_PAGE))


def _map_page_paths(actor: Actor, rows: Sequence[ErasureMention]) -> Mapping[tuple[str, str], str]:
    """The pages of the rows by table and key, a few statements a table."""
    keys: dict[str, dict[UUID, str]] = defaultdict(dict)
    for row in rows:
        key = parse_row_key(Base.metadata.tables[row.table_name], row.row_key)
        if len(key) == 1 and isinstance(key[0], UUID):
            keys[row.table_name][key[0]] = row.row_key
    return {
        (table_name, row_keys[id_]): address
        for pages in list_contributions(TextPageSource)
        for table_name, row_keys in keys.items()
        for id_, address in pages.find(actor, table_name, list(row_keys)).items()
    }
