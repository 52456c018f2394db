"""When the help request of a sprint was taken, and answered: `Sprint.help_taken_at`, `helped_at`."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.coaching.clinics import assignment_commands, commands, request_commands
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import IS_CURRENT
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.projection import ALL, Projection
from portal.sprints.sprints import projections as sprint_projections
from portal.sprints.sprints.models import Sprint


def store_help_dates(lines: Sequence[PendingAuditEvent]) -> None:
    """Store when the help that sprints asked for was taken and given, then refresh the figures of
    their projects.

    The sprint's version stays: somebody may be editing its log meanwhile.
    """
    ids = [line.subject_id for line in lines]  # of clinics; of the sprint of one that was given back
    helped = sa.select(Clinic.sprint_id).where(Clinic.id.in_(ids))
    db.session.execute(
        sa.update(Sprint)
        .where(sa.or_(Sprint.id.in_(helped), Sprint.id.in_(ids)))
        .values(
            help_taken_at=_select_clinic_column(Clinic.taken_at),
            helped_at=_select_clinic_column(Clinic.closed_at),
        )
        .execution_options(synchronize_session=False)
    )
    for project_id in sorted(PROJECTION.changed_parts_by_scope(lines)):
        sprint_projections.update_project_figures(project_id)


def _select_clinic_column(column: InstrumentedAttribute[Any]) -> sa.ScalarSelect[Any]:
    return sa.select(column).where(Clinic.sprint_id == Sprint.id, IS_CURRENT).scalar_subquery()


PROJECTION = Projection(
    name="help given",
    depends={
        commands.CLAIMED: ALL,
        commands.GIVEN_BACK: ALL,
        assignment_commands.ASSIGNED: ALL,
        commands.CLOSED: ALL,
        request_commands.REOPENED: ALL,
        request_commands.REOPENING_UNDONE: ALL,
    },
    refresh=store_help_dates,
    exempt=(
        assignment_commands.REMINDED,
        commands.SCHEDULED,
        commands.CONDUCTED,
        commands.REASSIGNED,
    ),
    reads=(sprint_projections.PROJECTION,),
)
