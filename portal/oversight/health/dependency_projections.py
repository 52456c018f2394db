"""Which actions the facts of health depend on; they are read again before the commit."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.coaching.clinics import projections as clinic_projections
from portal.coaching.recommendations import commands as recommendation_commands
from portal.coaching.recommendations import undo_commands as recommendation_undo_commands
from portal.coaching.sessions import commands as session_commands
from portal.ethics.readiness_sheets import commands as sheet_commands
from portal.funding.change_requests import decision_commands
from portal.oversight.gates import commands as gate_commands
from portal.oversight.gates import fact_commands, terms_commands
from portal.oversight.gates import projections as gate_projections
from portal.oversight.gates.dependency_projections import (
    FINDING_SOURCES,
    REVIEW_SOURCES,
    RISK_SOURCES,
    ROUND_SOURCES,
    WITHOUT_EFFECT,
)
from portal.oversight.health.charge_projections import end_lost_charges
from portal.oversight.health.fact_queries import ALL_PARTS, HealthFactPart
from portal.oversight.health.projections import refresh_project_reading, refresh_team_readings
from portal.people.programmes import commands as programme_commands
from portal.people.programmes import role_commands
from portal.people.programmes.models import Programme
from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.projection import Projection, actions_of, build_dependencies
from portal.project.data_sources import commands as source_commands
from portal.project.framing import commands as framing_commands
from portal.project.framing import metric_commands
from portal.project.projects import commands as project_commands
from portal.project.projects.models import Project
from portal.project.projects.policy import IS_ACTIVE
from portal.sprints.ceremonies import commands as ceremony_commands
from portal.sprints.prototypes import commands as prototype_commands
from portal.sprints.prototypes import evaluation_commands
from portal.sprints.sprints import commands as sprint_commands
from portal.sprints.sprints import help_commands, undo_commands

_DEMONSTRATIONS = (
    ceremony_commands.DEMONSTRATION_NOTED,
    ceremony_commands.DEMONSTRATION_CHANGED,
    ceremony_commands.DEMONSTRATION_DELETED,
)
_ROLES = (role_commands, project_commands.SHARED, project_commands.CHOSE_TRACKS)
_EXEMPT = WITHOUT_EFFECT | frozenset(
    {
        role_commands.REVOKED,
        programme_commands.INVITED,
        sprint_commands.DRAFTED,
        session_commands.DECISION_CHANGED,
        session_commands.DECISION_PLANNED,
        *actions_of(decision_commands) - {decision_commands.DELAYED},
        *clinic_projections.PROJECTION.exempt,
    }
)
# The steps of a project's gates follow from all of their evidence.
_GATE_EVIDENCE = (
    gate_commands,
    gate_projections,
    fact_commands,
    framing_commands,
    metric_commands,
    source_commands,
    prototype_commands,
    evaluation_commands,
    *_DEMONSTRATIONS,
    sheet_commands,
    *ROUND_SOURCES,
    *FINDING_SOURCES,
    *RISK_SOURCES,
    *REVIEW_SOURCES,
    session_commands,
    sprint_commands,
    undo_commands,
    *_ROLES,
    project_commands.EDITED,
    decision_commands.DELAYED,
)
DEPENDENCIES = build_dependencies(
    (frozenset({HealthFactPart.STEPS}), (*_GATE_EVIDENCE, terms_commands)),
    (frozenset({HealthFactPart.TESTS}), ROUND_SOURCES),
    (frozenset({HealthFactPart.FINDINGS}), FINDING_SOURCES),
    (frozenset({HealthFactPart.RISKS}), RISK_SOURCES),
    (frozenset({HealthFactPart.ETHICS}), [*REVIEW_SOURCES, *_ROLES, fact_commands.ENGAGEMENT_NOTED]),
    (frozenset({HealthFactPart.ROLES}), [*_ROLES, fact_commands.ENGAGEMENT_NOTED]),
    (frozenset({HealthFactPart.CONTACT}), [session_commands, *_ROLES]),
    (
        frozenset({HealthFactPart.WORK}),
        [sprint_commands, undo_commands, help_commands, *clinic_projections.PROJECTION.depends],
    ),
    (frozenset({HealthFactPart.ADVICE}), [recommendation_commands, recommendation_undo_commands]),
    (
        frozenset({HealthFactPart.FILE}),
        [
            project_commands.EDITED,
            project_commands.PAUSED,
            project_commands.RESUMED,
            project_commands.FINISHED,
            project_commands.STOPPED,
        ],
    ),
    (ALL_PARTS, [project_commands.CREATED]),
    exempt=_EXEMPT,
)


def update_readings(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Read the facts of each project that these lines touched, once a project. A line about a
    programme touches all its active projects."""
    parts = PROJECTION.changed_parts_by_scope(lines)
    in_programme = and_(Project.programme_id.in_(parts), *IS_ACTIVE)
    statement = select(Project).where(or_(Project.id.in_(parts), in_programme))
    projects = db.session.scalars(statement.order_by(Project.id)).all()
    if len(projects) > 1:  # before the figures of any, as for an acceptance
        for programme_id in sorted({project.programme_id for project in projects}):
            lock_row(Programme, programme_id)
    of_programmes: dict[UUID, dict[Project, frozenset[HealthFactPart]]] = defaultdict(dict)
    for project in projects:
        common_parts = parts.get(project.programme_id, frozenset())
        project_parts = parts.get(project.id, frozenset()) | common_parts
        if HealthFactPart.ROLES in project_parts:
            end_lost_charges(project)
        if HealthFactPart.STEPS in common_parts:
            of_programmes[project.programme_id][project] = project_parts
        else:
            refresh_project_reading(project, project_parts)
    for parts_by_team in of_programmes.values():
        refresh_team_readings(parts_by_team)


PROJECTION = Projection(
    name="health",
    depends=DEPENDENCIES,
    refresh=update_readings,
    exempt=_EXEMPT,
    reads=(clinic_projections.PROJECTION,),
)
