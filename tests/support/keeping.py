"""How tests put rows into the database: at once, and committed once for all that a maker needs."""

from collections.abc import Callable
from copy import copy
from functools import cache, partial, wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa

from portal.oversight.open_issues import queries as concerns
from portal.oversight.portfolio import page_views
from portal.platform.kernel.database import Base, db, insert_row
from portal.sprints.sprints import figure_queries

Row = TypeVar("Row", bound=Base)
Given = ParamSpec("Given")
Made = TypeVar("Made")
_at_work = [0]  # how many makers call one another just now


def kept(maker: Callable[Given, Made]) -> Callable[Given, Made]:
    """Commit what is made, once for all that a maker needs; what was loaded stays loaded."""

    @wraps(maker)
    def make(*args: Given.args, **given: Given.kwargs) -> Made:
        _at_work[0] += 1
        try:
            made = maker(*args, **given)
        finally:
            _at_work[0] -= 1
        if not _at_work[0]:
            session = db.session()
            session.expire_on_commit = False
            session.commit()
            session.expire_on_commit = True
            page_views.clear_caches()  # no command did this: the trail does not tell
            figure_queries.clear_cache()
            concerns.clear_cache()
        return made

    return make


def write(row: Row) -> Row:
    """Written at once, without the unit of work: thousands of tests begin with a dozen rows."""
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
    """What the unit of work would give each column that is not named."""
    mapper, found = sa.inspect(model), []
    for attribute in mapper.column_attrs:
        (column,) = attribute.columns
        default: Any = column.default
        if column is mapper.version_id_col:
            found.append((attribute.key, lambda: 1))
        elif default is None:
            found.append((attribute.key, lambda: None))
        elif default.is_scalar:
            found.append((attribute.key, partial(copy, default.arg)))
        else:
            found.append((attribute.key, partial(default.arg, None)))
    return found
