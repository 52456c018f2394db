"""Since when gates wait for nothing but their acceptors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.models import GateEvaluation
from portal.oversight.gates.predicate_rules import evaluation_from_plain
from portal.oversight.gates.turn_rules import list_turns
from portal.platform.kernel import clock
from portal.platform.kernel.database import db

GateKey = tuple[UUID, int]  # project, number of the gate
KEYS_PER_STATEMENT = 100


def read_completion_moments(
    waiting_since: Mapping[GateKey, datetime], definitions: Mapping[GateKey, GateDefinition]
) -> Mapping[GateKey, datetime]:
    """Since when gates that were requested, or stale, at a moment and wait for their acceptors now do
    so: that moment, or the later one at which nothing but the acceptance was missing. A statement for
    every hundred gates."""
    keys = list(waiting_since)
    complete_since: dict[GateKey, datetime | None] = dict(waiting_since)
    for start in range(0, len(keys), KEYS_PER_STATEMENT):
        statement = _select_evaluations_since(keys[start : start + KEYS_PER_STATEMENT], waiting_since)
        for project_id, gate, created_at, payload in db.session.execute(statement):
            key = (project_id, gate)
            judged_at = max(created_at, waiting_since[key])
            if list_turns(definitions[key], evaluation_from_plain(payload), clock.day_of(judged_at)):
                complete_since[key] = None
            else:
                complete_since[key] = complete_since[key] or judged_at
    return {key: moment or waiting_since[key] for key, moment in complete_since.items()}


def _select_evaluations_since(
    keys: Sequence[GateKey], waiting_since: Mapping[GateKey, datetime]
) -> Select[Any]:
    """Those of some gates that count since the moment of each, the oldest first."""
    return (
        select(
            GateEvaluation.project_id, GateEvaluation.gate, GateEvaluation.created_at, GateEvaluation.payload
        )
        .where(or_(*(_is_since_condition(key, waiting_since[key]) for key in keys)))
        .order_by(GateEvaluation.created_at, GateEvaluation.id)
    )


def _is_since_condition(key: GateKey, moment: datetime) -> ColumnElement[bool]:
    """Evaluations of a gate from the last one before a moment on."""
    project_id, gate = key
    earlier = aliased(GateEvaluation)
    last_before = (
        select(func.max(earlier.created_at))
        .where(earlier.project_id == project_id, earlier.gate == gate, earlier.created_at <= moment)
        .scalar_subquery()
    )
    return and_(
        GateEvaluation.project_id == project_id,
        GateEvaluation.gate == gate,
        GateEvaluation.created_at >= func.coalesce(last_before, moment),
    )
