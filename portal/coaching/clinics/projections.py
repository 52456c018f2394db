"""`Sprint.helped_at`: when a clinic answered the help request of a sprint."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.coaching.clinics import assignment_commands, commands, request_commands
from portal.coaching.clinics.models import Clinic
from portal.platform.kernel.audit import AuditLine
from portal.platform.kernel.database import db
from portal.platform.kernel.projection import ALL, Projection, actions_of
from portal.sprints.sprints import projections as sprint_projections
from portal.sprints.sprints.models import Sprint


def record_help_given(lines: Sequence[AuditLine]) -> None:
    """Store when the help that sprints asked for was given, then refresh their projects' figures.

    The sprint's version stays: somebody may be editing its log meanwhile.
    """
    closed = Clinic.sprint_id == Sprint.id, Clinic.closed_at.is_not(None)
    helped = sa.select(Clinic.sprint_id).where(Clinic.id.in_([line.subject_id for line in lines]))
    db.session.execute(
        sa.update(Sprint)
        .where(Sprint.id.in_(helped))
        .values(helped_at=sa.select(Clinic.closed_at).where(*closed).scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    for project_id in sorted(PROJECTION.parts_by_scope(lines)):
        sprint_projections.update_project_figures(project_id)


PROJECTION = Projection(
    name="help given",
    depends={commands.CLOSED: ALL, request_commands.REOPENED: ALL},
    refresh=record_help_given,
    exempt=(
        *actions_of(assignment_commands),
        commands.CLAIMED,
        commands.SCHEDULED,
        commands.CONDUCTED,
        commands.REASSIGNED,
    ),
    reads=(sprint_projections.PROJECTION,),
)
