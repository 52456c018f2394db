"""Columns and constraints of the first release, in short; migrations alone use them.

A name that ends in "?" may be empty. Names of constraints follow the convention of the models'
metadata. What is here never changes: the migrations that use it must go on making the same tables.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from alembic import op

Tables = Mapping[str, Sequence[Any]]  # the parts of each table, by its name
MOMENT = sa.DateTime(timezone=True)


def _columns(kind: Any, *names: str, **options: Any) -> list[sa.Column[Any]]:
    return [_column(name, kind, **options) for name in names]


def _column(name: str, kind: Any, *parts: Any, **options: Any) -> sa.Column[Any]:
    is_key = options.get("primary_key", False)
    options.setdefault("nullable", name.endswith("?") and not is_key)
    return sa.Column(name.removesuffix("?"), kind, *parts, **options)


uuids = partial(_columns, sa.Uuid())
integers = partial(_columns, sa.Integer())
big_integers = partial(_columns, sa.BigInteger())
moments = partial(_columns, MOMENT)
days = partial(_columns, sa.Date())
texts = partial(_columns, sa.Text())
documents = partial(_columns, sa.JSON())
doubles = partial(_columns, sa.Double())
booleans = partial(_columns, sa.Boolean())
bytes_ = partial(_columns, sa.LargeBinary())
unique = sa.UniqueConstraint


def strings(**options: Any) -> list[sa.Column[Any]]:
    """Short texts with the length of each: `strings(name=120, unique=True)`."""
    lengths, others = _split(options, int)
    return [_column(name, sa.String(length), **others) for name, length in lengths.items()]


def references(ondelete: str | None = None, **options: Any) -> list[sa.Column[Any]]:
    """Columns that hold the id of a row of another table, or what its name says after a dot."""
    tables, others = _split(options, str)
    return [_reference(name, table, ondelete, **others) for name, table in tables.items()]


def _reference(name: str, table: str, ondelete: str | None, **options: Any) -> sa.Column[Any]:
    target = table.removesuffix("?")
    key = sa.ForeignKey(target if "." in target else f"{target}.id", ondelete=ondelete)
    return sa.Column(name, sa.Uuid(), key, nullable=table.endswith("?"), **options)


def _split(options: dict[str, Any], kind: type) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of single columns, by its type, and what is said of all of them."""
    single = {name: value for name, value in options.items() if type(value) is kind}
    return single, {name: value for name, value in options.items() if name not in single}


def one_of(name: str, values: str, *, length: int = 32, **options: Any) -> sa.Column[Any]:
    """A column that holds one of some words."""
    kind = sa.Enum(*values.split(), name=name, native_enum=False, length=length)
    return _column(name, kind, **options)


def choices(**values: str) -> list[sa.Column[Any]]:
    return [
        one_of(name, words.removesuffix("?"), nullable=words.endswith("?")) for name, words in values.items()
    ]


def entity(*, versioned: bool = False) -> list[sa.Column[Any]]:
    """A row with an identity of its own; `versioned` where people edit it."""
    own = [*uuids("id", primary_key=True), *moments("created_at")]
    return [*own, *integers("version")] if versioned else own


def numbered(*, versioned: bool = True, discussed: bool = False) -> list[Any]:
    """A row with a number within its project; `discussed`: with a discussion of its own."""
    own = [*entity(versioned=versioned), *references(project_id="project"), *integers("number")]
    talk = references(discussion_id="discussion", unique=True) if discussed else []
    return [*own, *talk, unique("project_id", "number")]


def checks(**conditions: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(condition, name=name) for name, condition in conditions.items()]


def index(name: str, *columns: str, where: str | None = None, unique: bool = False) -> sa.Index:
    condition = None if where is None else sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def unique_index(name: str, *columns: str, where: str | None = None) -> sa.Index:
    return index(name, *columns, where=where, unique=True)


def append_only(table: str, *keys: str | tuple[str, ...]) -> None:
    """Have the database refuse to change or remove rows. `keys`: what tells its rows apart, since
    SQLite's INSERT OR REPLACE removes rows without asking the trigger on deletion."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        for name, verb, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION {table}_refuse()"
            )
        return
    groups = [("rowid",), *((key,) if isinstance(key, str) else key for key in keys)]
    same = ("(" + " AND ".join(f"{name} = NEW.{name}" for name in group) + ")" for group in groups)
    condition = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {keys})" for keys in same)
    replaced = f"INSERT ON {table} WHEN {condition}"
    verbs = {"update": f"UPDATE ON {table}", "delete": f"DELETE ON {table}", "replace": replaced}
    for name, verb in verbs.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {verb}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def make_tables(tables: Tables) -> None:
    for name, parts in tables.items():
        op.create_table(name, *parts)


def drop_tables(tables: Tables) -> None:
    """Drop tables, the last one first, with the functions of their triggers."""
    for name in reversed(tables):
        op.drop_table(name)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION IF EXISTS {name}_refuse()")


def is_mapped(name: str | None, kind: str, _parents: object) -> bool:
    """The words of the search index are in tables of the engine's own kind, which no model maps."""
    return not (kind == "table" and (name or "").startswith("search_words"))
