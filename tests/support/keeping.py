"""How factories write rows: inserted directly, and committed once per outermost factory."""

from collections.abc import Callable
from copy import copy
from functools import cache, partial, wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa

from portal.app.home import facts
from portal.oversight.open_issues import page_views as concerns
from portal.oversight.portfolio import page_views
from portal.oversight.to_decide import content_views
from portal.platform.kernel.database import Base, db, insert_row
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.project.projects import to_decide_queries
from portal.sprints.sprints import figure_queries

Row = TypeVar("Row", bound=Base)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
_at_work = [0]  # depth of nested factories


def kept(maker: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a factory: commit once after the outermost one, without expiring loaded rows."""

    @wraps(maker)
    def make(*args: Arguments.args, **values: Arguments.kwargs) -> Result:
        _at_work[0] += 1
        try:
            result = maker(*args, **values)
        finally:
            _at_work[0] -= 1
        if not _at_work[0]:
            session = db.session()
            session.expire_on_commit = False
            session.commit()
            session.expire_on_commit = True
            page_views.clear_caches()  # no audit event invalidates the caches here
            figure_queries.clear_figures_cache()
            facts.clear_cache()
            concerns.clear_caches()
            to_decide_queries.clear_waiting_cache()
            content_views.clear_cache()
            clear_cached_answers()
        return result

    return make


def write(row: Row) -> Row:
    """Insert a row without the unit of work, which is faster over thousands of tests."""
    db.session.flush()
    if sa.inspect(row).persistent:
        return row
    for name, value in _defaults(type(row)):
        if name not in row.__dict__:
            setattr(row, name, value())
    insert_row(row)
    return row


@cache
def _defaults(model: type[Base]) -> list[tuple[str, Callable[[], object]]]:
    """Return the default of each column without a value, as the unit of work would."""
    mapper, defaults = sa.inspect(model), []
    for attribute in mapper.column_attrs:
        (column,) = attribute.columns
        default: Any = column.default
        if column is mapper.version_id_col:
            defaults.append((attribute.key, lambda: 1))
        elif default is None:
            defaults.append((attribute.key, lambda: None))
        elif default.is_scalar:
            defaults.append((attribute.key, partial(copy, default.arg)))
        else:
            defaults.append((attribute.key, partial(default.arg, None)))
    return defaults
