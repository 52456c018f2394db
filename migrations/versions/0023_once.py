"""In a project, no two target groups of one name, and no decision to take another way noted twice.

Where rows of one name are there already, the later ones keep their names and are told apart by
their keys: whoever changes one of them next is asked to say what it is.
"""

import unicodedata
from collections.abc import Callable
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

GROUPS, PIVOTS = "ix_target_group_project_id_name_fold", "ix_pivot_once"
NAME_FOLD_MAX = 240


def upgrade() -> None:
    text = {"nullable": False, "server_default": ""}
    op.add_column("target_group", sa.Column("name_fold", sa.String(NAME_FOLD_MAX), **text))
    _fill("target_group", ("project_id",), "name", "name_fold", lambda key: key[:NAME_FOLD_MAX])
    op.create_index(GROUPS, "target_group", ["project_id", "name_fold"], unique=True)
    op.add_column("pivot", sa.Column("reason_sha256", sa.String(64), **text))
    _fill("pivot", ("protocol_id", "decided_on"), "reason", "reason_sha256", _digest)
    once = ["protocol_id", "decided_on", "reason_sha256"]
    op.create_index(PIVOTS, "pivot", once, unique=True)


def _fill(
    table: str, within: tuple[str, ...], text: str, into: str, key_of: Callable[[str], str]
) -> None:
    rows = sa.table(table, *map(sa.column, ("id", "number", *within, text, into)))
    connection = op.get_bind()
    seen = set()
    for row in connection.execute(sa.select(rows).order_by(rows.c.number)).mappings():
        key = key_of(_fold(row[text]))
        place = tuple(str(row[name]) for name in within)
        if (*place, key) in seen:
            key = key_of(f"{row['number']}#{_fold(row[text])}")
        seen.add((*place, key))
        mine = sa.update(rows).where(rows.c.id == row["id"])
        connection.execute(mine.values({into: key}))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'"})


def _fold(text: str) -> str:
    """As `portal.kernel.text.fold_words` did when this was written."""
    flat = unicodedata.normalize("NFKD", text.translate(LIGATURES).casefold())
    return " ".join("".join(char for char in flat if not unicodedata.combining(char)).split())


def downgrade() -> None:
    op.drop_index(PIVOTS, "pivot")
    op.drop_column("pivot", "reason_sha256")
    op.drop_index(GROUPS, "target_group")
    op.drop_column("target_group", "name_fold")
