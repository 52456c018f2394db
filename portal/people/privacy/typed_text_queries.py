"""The texts that a person typed in rows that several people write, for the export of their data."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.privacy.text_column_queries import list_typed_text_columns
from portal.people.privacy.typed_text_rules import RowTrailLine, map_typed_texts_by_line
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.personal_data import SharedTextTable

Texts = dict[str, Any]  # by field
Creations = Mapping[UUID, Sequence[AuditEvent]]  # row → lines that created it and stand elsewhere


def read_typed_texts(acts: Sequence[AuditEvent]) -> Mapping[UUID, Texts]:
    """The texts that the actor of these lines typed then, and the trail does not hold, by line; of a
    line that created several rows, by number. At most five statements a table of shared texts."""
    actor_ids = frozenset(act.actor_id for act in acts if act.actor_id)
    texts: dict[UUID, Texts] = {act.id: {} for act in acts}
    for shared in list_contributions(SharedTextTable):
        table = Base.metadata.tables[shared.model.__tablename__]
        codes = frozenset(action.code for action in shared.created_by)
        single: Creations = {act.subject_id: () for act in acts if act.subject == table.name}
        for by_line in _read_typed_texts_by_row(table, codes, single, actor_ids).values():
            for id_ in by_line.keys() & texts.keys():
                texts[id_] |= by_line[id_]
        several = [act for act in acts if act.action in codes and act.subject != table.name]
        numbers, creations = _map_rows_created_by_acts(table, several)
        for row_id, by_line in _read_typed_texts_by_row(table, codes, creations, actor_ids).items():
            for act in creations[row_id]:
                if act.id in by_line:
                    texts[act.id][str(numbers[row_id])] = by_line[act.id]
    return texts


def _map_rows_created_by_acts(
    table: sa.Table, acts: Sequence[AuditEvent]
) -> tuple[Mapping[UUID, int], Creations]:
    """The rows that these lines created: their numbers, and the line of each."""
    numbers: dict[UUID, int] = {}
    creations: dict[UUID, Sequence[AuditEvent]] = {}
    for act in acts:
        listed = [number for value in act.after.values() if isinstance(value, list) for number in value]
        of_act = sa.select(table.c.id, table.c.number).where(
            table.c.project_id == act.scope_id, table.c.number.in_(listed)
        )
        for id_, number in db.session.execute(of_act):
            numbers[id_], creations[id_] = number, (act,)
    return numbers, creations


def _read_typed_texts_by_row(
    table: sa.Table, codes: frozenset[str], creations: Creations, actor_ids: frozenset[UUID]
) -> dict[UUID, dict[UUID, Texts]]:
    """What `map_typed_texts_by_line` gives for rows, by row."""
    if not creations:
        return {}
    columns, (key,) = list_typed_text_columns(table), table.primary_key.columns
    rows = db.session.execute(sa.select(key, *columns).where(key.in_(creations))).all()
    lines: dict[UUID, list[RowTrailLine]] = defaultdict(list)
    for id_, acts in creations.items():
        lines[id_] = [RowTrailLine(act.id, act.actor_id, True, {}, {}) for act in acts]
    on_rows = sa.select(AuditEvent).where(AuditEvent.subject_id.in_(creations)).order_by(AuditEvent.id)
    for event in db.session.scalars(on_rows):
        creates = event.action in codes
        line = RowTrailLine(event.id, event.actor_id, creates, event.before, event.after)
        lines[event.subject_id].append(line)
    return {
        id_: map_typed_texts_by_line(
            lines[id_], {column.name: value for column, value in zip(columns, values, strict=True)}, actor_ids
        )
        for id_, *values in rows
    }
