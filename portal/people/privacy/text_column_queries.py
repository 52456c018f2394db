"""Which columns hold words of people: every text or JSON that is no code. Pure.

A code (a kind, a key, a hash, a path) names nobody and is compared by the portal: an erasure never
looks into it, and never changes it. A test has every short column be one or the other.
"""

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

FOLDED = "_fold"  # the end of the name of a column that repeats another one for sorting
# Columns of codes, by name, in whatever table.
CODES = re.compile(
    r"action|anchor|annotation_type|areas|authority|browser|checksum|company_number|cursor|days|delimiter"
    r"|encoding|fault|fingerprint|form|hash|host|hour|issuer|item|key|kinds?|language|letter|locale|media_type"
    r"|migration|outlook|page|revision|section|sha256|sheet|since|slug|source_state|subject|system|time_zone"
    r"|token|track|version|watermark|\w+_(fold|key|hash|sha256|id|token|secret|since|version|fingerprint)"
)
# The same of single columns, whose names mean words of people elsewhere.
CODE_COLUMNS = frozenset(
    {
        "application_source.source_updated_at",
        "sign_in_request.purpose",
        "submission.location",
        "one_time_secret.closed_secret",
        "webhook.secret",
    }
)


def list_typed_text_columns(table: sa.Table) -> Sequence[sa.Column[Any]]:
    """The columns of a table that hold words of people."""
    return [column for column in table.columns if is_typed_text_column(column)]


def is_typed_text_column(column: sa.Column[Any]) -> bool:
    """Whether a column holds text or JSON, and no key, enumeration or code."""
    name = column.name
    return (
        isinstance(column.type, sa.String | sa.JSON)
        and not isinstance(column.type, sa.Enum | sa.CHAR)
        and not column.primary_key
        and not column.foreign_keys
        and not CODES.fullmatch(name)
        and f"{column.table.name}.{name}" not in CODE_COLUMNS
    )
