"""Gates of a programme: names, predicates, place, left out."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = {
    "name_fr": sa.String(120),
    "name_en": sa.String(120),
    "predicates": sa.JSON(),
    "place": sa.Integer(),
    "is_left_out": sa.Boolean(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("gate_terms", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("gate_terms", name)
