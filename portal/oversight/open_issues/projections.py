"""The figures of a project are read anew in the transaction that changed what they follow from.

As health is, and after it: the lines that the transaction wrote to the trail say whose. A day that
passes changes none of them, since they hold dates.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.ethics.rereviews import commands as rereview_commands
from portal.ethics.rereviews import trigger_projections
from portal.ethics.reviews import (
    answer_commands,
    condition_commands,
    reviewer_commands,
)
from portal.ethics.reviews import commands as review_commands
from portal.ethics.risks import commands as risk_commands
from portal.ethics.risks import mitigation_commands
from portal.ethics.transparency import commands as transparency_commands
from portal.oversight.gates import commands as gate_commands
from portal.oversight.gates.projections import lock_project_gates
from portal.oversight.open_issues.figure_queries import read_figures
from portal.oversight.open_issues.models import ConcernFigures
from portal.platform.kernel.audit import AuditEvent, AuditLine
from portal.platform.kernel.database import db, execute_write
from portal.platform.kernel.projection import ALL, Projection, actions_of, depends_on
from portal.project.projects.models import Project
from portal.user_tests.findings import (
    closing_commands,
    merge_commands,
    retest_commands,
    sighting_commands,
)
from portal.user_tests.findings import commands as finding_commands

_EXEMPT = frozenset(
    {
        sighting_commands.SIGHTINGS_CHANGED,
        finding_commands.PLANNED,
        answer_commands.ANSWERED,
        answer_commands.EXPORTED,
        answer_commands.IMPORTED,
        reviewer_commands.OPINION_WRITTEN,
        risk_commands.EXPORTED,
        *actions_of(gate_commands) - {gate_commands.WAIVED, gate_commands.RESTORED},
    }
)
DEPENDENCIES = depends_on(
    (
        ALL,
        [
            finding_commands,
            closing_commands,
            merge_commands,
            retest_commands,
            sighting_commands,
            risk_commands,
            mitigation_commands,
            review_commands,
            answer_commands,
            reviewer_commands,
            condition_commands,
            rereview_commands,
            trigger_projections.RAISED,
            transparency_commands,
            gate_commands.WAIVED,
            gate_commands.RESTORED,
        ],
    ),
    exempt=_EXEMPT,
)


def update_figures(lines: Iterable[AuditEvent | AuditLine]) -> None:
    """Read the figures of each project that these lines touched, once a project."""
    parts = PROJECTION.parts_by_scope(lines)
    projects = select(Project).where(Project.id.in_(parts)).order_by(Project.id)
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

PROJECTION = Projection(
    name="open issues", depends=DEPENDENCIES, refresh=update_figures, exempt=_EXEMPT
)
