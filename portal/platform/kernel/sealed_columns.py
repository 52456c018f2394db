"""Columns that `SecretBox` encrypted, to encrypt them again under the newest key."""

from dataclasses import dataclass

import sqlalchemy as sa

from portal.platform.kernel.database import Base, separate_transaction
from portal.platform.kernel.secret_box import SecretBox, is_encrypted_text

SEALED = {"sealed": True}  # `info` of such a column; "" is a row without a secret


@dataclass(frozen=True)
class RenewedSecrets:
    """How many secrets were encrypted again, and how many no key of the installation opens."""

    renewed: int
    lost: int


def list_sealed_columns() -> list[sa.Column[str]]:
    """All of them, table by table."""
    return [
        column for table in Base.metadata.sorted_tables for column in table.columns if column.info == SEALED
    ]


def renew_secrets(box: SecretBox) -> RenewedSecrets:
    """Encrypt every secret under the newest key, in one transaction; an earlier key may go then.

    A row that is written meanwhile is under the newest key already.
    """
    renewed = lost = 0
    with separate_transaction() as session:
        for column in list_sealed_columns():
            table = column.table
            id_column = next(iter(sa.inspect(table).primary_key))
            for id_, closed in session.execute(sa.select(id_column, column).where(column != "")).all():
                if not is_encrypted_text(
                    closed
                ):  # an answer of the API that an earlier release wrote in clear
                    continue
                secret = box.open(closed)
                if secret is None:
                    lost += 1
                    continue
                same_row = sa.update(table).where(id_column == id_, column == closed)
                session.execute(same_row.values({column.name: box.close(secret)}))
                renewed += 1
    return RenewedSecrets(renewed, lost)
