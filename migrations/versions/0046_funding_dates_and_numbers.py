"""The day until which a team answers a recovery, as it was announced; numbers of agreements as they
are compared, whatever their case."""

from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

_DAYS = 15  # where a programme set none
_FOLD_MAX = 180
_NUMBERS = ("number", "operator_reference")


def upgrade() -> None:
    op.add_column("payment_recovery", sa.Column("answer_until", sa.Date()))
    for name in _NUMBERS:
        op.add_column("funding_agreement", sa.Column(f"{name}_fold", sa.String(_FOLD_MAX)))
    _date_recoveries()
    _fold_numbers()
    for name in _NUMBERS:
        column = f"{name}_fold"
        op.create_index(f"ix_funding_agreement_{column}", "funding_agreement", [column], unique=True)


def downgrade() -> None:
    for name in _NUMBERS:
        op.drop_index(f"ix_funding_agreement_{name}_fold", "funding_agreement")
        op.drop_column("funding_agreement", f"{name}_fold")
    op.drop_column("payment_recovery", "answer_until")


def _table(name: str, **kinds: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, kind) for column, kind in kinds.items()))


def _date_recoveries() -> None:
    """Recoveries that were announced before keep the days that their programme has set now."""
    recovery = _table(
        "payment_recovery",
        id=sa.Uuid(),
        instalment_id=sa.Uuid(),
        created_at=sa.DateTime(timezone=True),
        answer_until=sa.Date(),
    )
    instalment = _table("instalment", id=sa.Uuid(), project_id=sa.Uuid())
    project = _table("project", id=sa.Uuid(), programme_id=sa.Uuid())
    terms = _table("funding_terms", programme_id=sa.Uuid(), recovery_days=sa.Integer())
    statement = sa.select(recovery.c.id, recovery.c.created_at, terms.c.recovery_days).select_from(
        recovery.join(instalment, instalment.c.id == recovery.c.instalment_id)
        .join(project, project.c.id == instalment.c.project_id)
        .outerjoin(terms, terms.c.programme_id == project.c.programme_id)
    )
    connection = op.get_bind()
    for id_, created_at, days in connection.execute(statement).all():
        moment = created_at.replace(tzinfo=created_at.tzinfo or UTC)
        announced_on = moment.astimezone(ZoneInfo("Europe/Paris")).date()
        until = announced_on + timedelta(days=_DAYS if days is None else days)
        connection.execute(sa.update(recovery).where(recovery.c.id == id_).values(answer_until=until))
    with op.batch_alter_table("payment_recovery") as batch:
        batch.alter_column("answer_until", existing_type=sa.Date(), nullable=False)


def _fold_numbers() -> None:
    """Of agreements whose numbers differ in case alone, the first one holds the compared form."""
    folds = {f"{name}_fold": sa.String() for name in _NUMBERS}
    agreement = _table("funding_agreement", id=sa.Uuid(), **{name: sa.String() for name in _NUMBERS}, **folds)
    connection = op.get_bind()
    for name in _NUMBERS:
        taken: set[str] = set()
        rows = connection.execute(sa.select(agreement.c.id, agreement.c[name]).order_by(agreement.c.id)).all()
        for id_, number in rows:
            folded = " ".join((number or "").casefold().split())
            if folded and folded not in taken:
                taken.add(folded)
                change = sa.update(agreement).where(agreement.c.id == id_)
                connection.execute(change.values({f"{name}_fold": folded}))
