"""The trail is verified by the same plan whatever statistics SQLite has of its tables."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from portal.platform.kernel.database import db
from tests.platform.kernel.tampering import walk, write_lines

pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


@pytest.fixture(params=[1, 2, 3])
def early_statistics(app: object, request: pytest.FixtureRequest) -> Iterator[None]:
    """Statistics of the day when the trail held so many lines; a connection reads them when it opens."""
    write_lines(request.param)
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    write_lines(8)
    db.session.remove()
    db.engine.dispose()
    yield
    db.session.remove()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sqlite_stat1")
    db.engine.dispose()


def read_plans(engine: Engine, statements: list[tuple[str, Any]]) -> list[str]:
    with engine.connect() as connection:
        return [
            row[3]
            for text, values in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]


def test_a_pass_reads_no_table_whole_by_statistics_of_an_early_day(early_statistics):
    statements: list[tuple[str, Any]] = []

    @sa.event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, text: str, values: Any, *_others: Any) -> None:
        if text.startswith("SELECT"):
            statements.append((text, values))

    try:
        assert walk(batch=3)[0] == []
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) >= 6
    plans = read_plans(db.engine, statements)
    assert not [plan for plan in plans if plan.startswith("SCAN") or "TEMP B-TREE" in plan]
