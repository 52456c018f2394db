"""The figures of a project are read anew in the transaction that changed what they follow from.

As health is, and after it: the lines that the transaction wrote to the trail say whose. A day that
passes changes none of them, since they hold dates.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.oversight.gates.projections import lock_project_gates
from portal.oversight.open_issues.figure_queries import read_figures
from portal.oversight.open_issues.models import ConcernFigures
from portal.platform.kernel.audit import AuditEvent, AuditLine
from portal.platform.kernel.audit_chain import run_before_commit
from portal.platform.kernel.database import db, execute_write
from portal.project.projects.models import Project

# What a line of the trail is about, where it may change them…
SUBJECTS = frozenset(
    {"finding", "risk", "mitigation", "review", "condition", "rereview", "transparency"}
)
# …or what was done.
_ACTIONS = frozenset({"gate.waived", "gate.restored"})
# What is about one of these and leaves it where it stood.
_IGNORED_ACTIONS = frozenset(
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
    run_before_commit(update_figures)


def affects_figures(line: AuditEvent | AuditLine) -> bool:
    """Whether a deed may have changed the figures of its project."""
    about = line.action.split(".")[0] in SUBJECTS and line.action not in _IGNORED_ACTIONS
    return about or line.action in _ACTIONS


def update_figures(lines: Iterable[AuditEvent | AuditLine]) -> None:
    """Read what these lines touched, each project once."""
    touched = {line.scope_id for line in lines if affects_figures(line)} - {None}
    if not touched:
        return
    projects = select(Project).where(Project.id.in_(touched)).order_by(Project.id)
    for project in db.session.scalars(projects).all():
        refresh_project(project)


def refresh_project(project: Project) -> None:
    """As they are now, from the features themselves."""
    lock_project_gates(project)
    execute_write(
        _UPSERTS[db.engine.dialect.name], {"project_id": project.id, **read_figures(project.id)}
    )


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(ConcernFigures)
    columns = ConcernFigures.__table__.columns.keys()
    updates = {name: statement.excluded[name] for name in columns if name != "project_id"}
    return statement.on_conflict_do_update(index_elements=["project_id"], set_=updates)


_UPSERTS = {
    dialect.__name__.rsplit(".", 1)[1]: _upsert(dialect) for dialect in (postgresql, sqlite)
}
