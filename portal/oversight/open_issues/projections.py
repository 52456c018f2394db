"""The figures of a project are read anew in the transaction that changed what they follow from.

As health is, and after it: the lines that the transaction wrote to the trail say whose. A day that
passes changes none of them, since they hold dates.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.ethics.reviews import answer_commands
from portal.ethics.transparency import commands as transparency_commands
from portal.oversight.gates import commands as gate_commands
from portal.oversight.gates.dependency_projections import (
    FINDING_SOURCES,
    REVIEW_SOURCES,
    RISK_SOURCES,
    WITHOUT_EFFECT,
)
from portal.oversight.gates.projections import lock_project_gates
from portal.oversight.gates.queries import list_projects_in_id_order
from portal.oversight.open_issues.figure_queries import read_figures
from portal.oversight.open_issues.models import StoredIssueFigures
from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db, execute_write
from portal.platform.kernel.projection import ALL, Projection, actions_of, build_dependencies
from portal.project.projects.models import Project

_WAIVERS = (gate_commands.WAIVED, gate_commands.RESTORED)
_EXEMPT = WITHOUT_EFFECT | {answer_commands.EXPORTED, *actions_of(gate_commands) - set(_WAIVERS)}
_SOURCES = (*FINDING_SOURCES, *RISK_SOURCES, *REVIEW_SOURCES, transparency_commands, *_WAIVERS)
DEPENDENCIES = build_dependencies((ALL, _SOURCES), exempt=_EXEMPT)


def update_figures(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Read the figures of each project that these lines touched, once a project."""
    parts = PROJECTION.changed_parts_by_scope(lines)
    for project in list_projects_in_id_order(parts):
        refresh_project_figures(project)


def refresh_project_figures(project: Project) -> None:
    """As they are now, from the features themselves."""
    lock_project_gates(project)
    execute_write(_UPSERTS[db.engine.dialect.name], {"project_id": project.id, **read_figures(project.id)})


def _build_upsert(dialect: Any) -> Any:
    statement = dialect.insert(StoredIssueFigures)
    columns = StoredIssueFigures.__table__.columns.keys()
    updates = {name: statement.excluded[name] for name in columns if name != "project_id"}
    return statement.on_conflict_do_update(index_elements=["project_id"], set_=updates)


_UPSERTS = {dialect.__name__.rsplit(".", 1)[1]: _build_upsert(dialect) for dialect in (postgresql, sqlite)}

PROJECTION = Projection(name="open issues", depends=DEPENDENCIES, refresh=update_figures, exempt=_EXEMPT)
