"""Whether a question that a team asks is a request for help: its reason said so, in French."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"

_KINDS = (
    "Accès aux données",
    "Annotation",
    "Prestataire",
    "Informatique",
    "Juridique ou protection des données",
    "Équipe et disponibilité",
)
REASONS = ("Demande d’aide", *(f"Nature du blocage\u00a0: {kind}" for kind in _KINDS))


def upgrade() -> None:
    op.add_column(
        "awaited_decision",
        sa.Column("asks_for_help", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    decision = sa.table("awaited_decision", sa.column("why", sa.Text()), sa.column("asks_for_help"))
    op.execute(sa.update(decision).where(decision.c.why.in_(REASONS)).values(asks_for_help=sa.true()))


def downgrade() -> None:
    op.drop_column("awaited_decision", "asks_for_help")
