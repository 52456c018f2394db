"""When the help request of a sprint was taken, and answered: `Sprint.help_taken_at`, `helped_at`. Whoever has
it may hold its clinic: else it waits again."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.coaching.clinics import assignment_commands, commands, request_commands
from portal.coaching.clinics.claim_queries import list_claims_to_release
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import IS_CURRENT, would_wait_again
from portal.people.accounts import commands as accounts
from portal.people.accounts.models import Person
from portal.people.programmes import role_commands as roles
from portal.people.programmes.queries import actor_for
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.projection import ALL, Projection, actions_of, build_dependencies
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


def release_claims_of_who_left(lines: Sequence[PendingAuditEvent]) -> None:
    """Have the requests wait again that somebody has whose role ended, or whose account was closed. What
    was held already, and what would wait nowhere, stays for a lead to close or take over."""
    ids = {roles.find_person_id(line) for line in lines}
    closed = sa.select(Person.id).where(Person.id.in_(ids), Person.disabled_at.is_not(None))
    without_account = set(db.session.scalars(closed))
    claimants = [Actor(id_, {}) if id_ in without_account else actor_for(id_) for id_ in ids]
    for project, sprint, claimant_id in list_claims_to_release(claimants):
        clinic = commands.lock_sprint_and_find_clinic(project, sprint)
        is_theirs = clinic is not None and clinic.taken_by_id == claimant_id
        if clinic is None or not is_theirs or clinic.closed_at is not None or clinic.held_on is not None:
            continue
        if would_wait_again(project, sprint):
            commands.release_claim(None, project, sprint, clinic)


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

_ENDS = (roles.ENDED, roles.LEFT, accounts.DISABLED)
CLAIMANTS = Projection(
    name="help claimants",
    depends=build_dependencies((ALL, _ENDS)),
    refresh=release_claims_of_who_left,
    records=(commands.GIVEN_BACK,),
    exempt=actions_of(accounts, roles) - actions_of(*_ENDS),
)
