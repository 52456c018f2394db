"""The figures of a project are read anew in the transaction that changed what they follow from.

As health is, and after it: the lines that the transaction wrote to the trail say whose. A day that
passes changes none of them, since they hold dates.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.concerns.gathering import gather
from portal.concerns.models import ConcernFigures
from portal.gates.evaluating import hold
from portal.kernel.audit import AuditEvent, Line
from portal.kernel.audit_chain import follow
from portal.kernel.db import db, write
from portal.projects.models import Project

# What a line of the trail is about, where it may change them…
ABOUT = frozenset(
    {"finding", "risk", "mitigation", "review", "condition", "rereview", "transparency"}
)
# …or what was done.
_DONE = frozenset({"gate.waived", "gate.restored"})
# What is about one of these and leaves it where it stood.
_SPARED = frozenset(
    {
        "finding.seen",
        "finding.planned",
        "review.answered",
        "review.answers_exported",
        "review.answers_imported",
        "review.opinion_written",
    }
)


def init_app() -> None:
    """Hung up before health is, which looks first: it holds the project that both read."""
    follow(catch_up)


def touches(line: AuditEvent | Line) -> bool:
    """Whether a deed may have changed the figures of its project."""
    about = line.action.split(".")[0] in ABOUT and line.action not in _SPARED
    return about or line.action in _DONE


def catch_up(lines: Iterable[AuditEvent | Line]) -> None:
    """Read what these lines touched, each project once."""
    touched = {line.scope_id for line in lines if touches(line)} - {None}
    if not touched:
        return
    projects = select(Project).where(Project.id.in_(touched)).order_by(Project.id)
    for project in db.session.scalars(projects).all():
        read_project(project)


def read_project(project: Project) -> None:
    """As they are now, from the features themselves."""
    hold(project)
    write(_PUT[db.engine.dialect.name], {"project_id": project.id, **gather(project.id)})


def _put(dialect: Any) -> Any:
    one = dialect.insert(ConcernFigures)
    columns = ConcernFigures.__table__.columns.keys()
    told = {name: one.excluded[name] for name in columns if name != "project_id"}
    return one.on_conflict_do_update(index_elements=["project_id"], set_=told)


_PUT = {dialect.__name__.rsplit(".", 1)[1]: _put(dialect) for dialect in (postgresql, sqlite)}
