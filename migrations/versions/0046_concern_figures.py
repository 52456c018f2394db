"""What lists read of each project's findings, reviews, risks and sheet, told of those that are there."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

PLACE = ZoneInfo("Europe/Paris")
UUID, DAY, MOMENT = sa.Uuid(), sa.Date(), sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "concern_figures",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("severe_number", sa.Integer(), nullable=True),
        sa.Column("severe_since", sa.Date(), nullable=True),
        sa.Column("reviews", sa.JSON(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("triggers", sa.Integer(), nullable=False),
        sa.Column("triggered_on", sa.Date(), nullable=True),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("sheet", sa.String(length=16), nullable=False),
        sa.Column("sheet_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_concern_figures_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_concern_figures")),
    )
    told = _tell()
    if told:
        op.bulk_insert(_table(), list(told.values()))


def downgrade() -> None:
    op.drop_table("concern_figures")


def _table() -> sa.TableClause:
    lists = ("findings", "reviews", "conditions", "waived", "measures")
    return sa.table(
        "concern_figures",
        sa.column("project_id", UUID),
        *(sa.column(name, sa.JSON()) for name in lists),
        *(sa.column(name, sa.Integer()) for name in ("severe_number", "triggers", "high")),
        *(sa.column(name, DAY) for name in ("severe_since", "triggered_on", "sheet_on")),
        sa.column("sheet", sa.String()),
    )


def _tell() -> dict[Any, dict[str, Any]]:
    """The rows as the portal would write them, by project."""
    figures: dict[Any, dict[str, Any]] = defaultdict(dict)
    for row in _rows("project", id=UUID):
        figures[row.id] = _nothing(row.id)
    _findings(figures)
    _reviews(figures)
    _risks(figures)
    for row in _rows("gate_decision", project_id=UUID, gate=sa.Integer(), verb=sa.String()):
        waived = figures[row.project_id]["waived"]
        if row.verb == "waived" and row.gate not in waived:
            waived.append(row.gate)
        elif row.verb == "restored" and row.gate in waived:
            waived.remove(row.gate)
    for row in _rows("transparency_part", project_id=UUID):
        figures[row.project_id]["sheet"] = "begun"
    for row in _rows("publication", project_id=UUID, published_on=DAY, ended_at=MOMENT):
        ended = _day(row.ended_at)
        figures[row.project_id] |= {
            "sheet": "withdrawn" if ended else "published",
            "sheet_on": ended or row.published_on,
        }
    for one in figures.values():
        for name in ("conditions", "measures", "waived"):
            one[name].sort()
    return figures


def _nothing(project_id: Any) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "findings": [0] * 6,
        "severe_number": None,
        "severe_since": None,
        "reviews": [],
        "conditions": [],
        "triggers": 0,
        "triggered_on": None,
        "waived": [],
        "high": 0,
        "measures": [],
        "sheet": "",
        "sheet_on": None,
    }


def _findings(figures: dict[Any, dict[str, Any]]) -> None:
    columns = {"number": sa.Integer(), "severity": sa.Integer()}
    for row in _rows("finding", project_id=UUID, closed_at=MOMENT, created_at=MOMENT, **columns):
        if row.closed_at is not None:
            continue
        mine = figures[row.project_id]
        mine["findings"][5 if row.severity is None else row.severity] += 1
        if (row.severity or 0) >= 3 and mine["severe_since"] is None:
            mine |= {"severe_number": row.number, "severe_since": _day(row.created_at)}


def _reviews(figures: dict[Any, dict[str, Any]]) -> None:
    moments = dict.fromkeys(("submitted_at", "decided_at", "discarded_at"), MOMENT)
    columns = {"number": sa.Integer(), "kind": sa.String(), "state": sa.String()}
    for row in _rows("review", project_id=UUID, **columns, **moments):
        if row.discarded_at is None:
            days = {"submitted_on": _day(row.submitted_at), "decided_on": _day(row.decided_at)}
            told = {name: day.isoformat() for name, day in days.items() if day}
            one = {"number": row.number, "kind": row.kind, "state": row.state, **told}
            figures[row.project_id]["reviews"].append(one)
    for row in _rows(
        "review_condition", project_id=UUID, due_on=DAY, decided_at=MOMENT, proved_at=MOMENT
    ):
        if row.decided_at is not None and row.proved_at is None:
            figures[row.project_id]["conditions"].append(row.due_on.isoformat())
    said = {"answer": sa.String(), "confirmed_at": MOMENT}
    for row in _rows("review_trigger", project_id=UUID, happened_at=MOMENT, **said):
        if row.answer is None or (row.answer == "no_impact" and row.confirmed_at is None):
            mine, day = figures[row.project_id], _day(row.happened_at)
            mine["triggers"] += 1
            mine["triggered_on"] = min(filter(None, (mine["triggered_on"], day)))


def _risks(figures: dict[Any, dict[str, Any]]) -> None:
    steps = ("likelihood", "severity", "residual_likelihood", "residual_severity")
    columns = dict.fromkeys(steps, sa.Integer())
    open_ = set()
    for row in _rows("risk", id=UUID, project_id=UUID, closed_at=MOMENT, **columns):
        if row.closed_at is None:
            open_.add(row.id)
            likelihood = row.residual_likelihood or row.likelihood
            is_high = likelihood * (row.residual_severity or row.severity) >= 8
            figures[row.project_id]["high"] += is_high
    for row in _rows("mitigation", project_id=UUID, risk_id=UUID, due_on=DAY, progress=sa.String()):
        if row.risk_id in open_ and row.due_on and row.progress in ("planned", "under_way"):
            figures[row.project_id]["measures"].append(row.due_on.isoformat())


def _rows(table: str, **columns: Any) -> Iterator[Any]:
    """All of a table, in the order in which they were written: ids are in it."""
    named = [sa.column(name, kind) for name, kind in columns.items()]
    chosen = sa.select(*named).select_from(sa.table(table)).order_by(sa.column("id"))
    yield from op.get_bind().execute(chosen)


def _day(moment: datetime | None) -> date | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(PLACE).date()
