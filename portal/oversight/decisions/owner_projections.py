"""Who has a decision, or a request for help put as a question, may answer it: else it waits again."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.oversight.decisions import help_commands
from portal.oversight.decisions.answerer_queries import read_decisions_with_answerers
from portal.oversight.decisions.models import AwaitedDecision
from portal.people.accounts import commands as accounts
from portal.people.programmes import role_commands as roles
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.projection import ALL, Projection, actions_of, build_dependencies
from portal.project.projects.models import Project
from portal.project.projects.work_commands import lock_fresh


def give_back_what_nobody_may_answer(lines: Sequence[PendingAuditEvent]) -> None:
    """Have what somebody has wait again where they may answer it no more: a role that allowed it ended, or
    their account was closed."""
    ended_by = {_find_person_id(line): line.actor_id for line in lines}
    statement = (
        sa.select(Project, AwaitedDecision)
        .join(AwaitedDecision, AwaitedDecision.project_id == Project.id)
        .where(AwaitedDecision.owner_id.in_(ended_by), AwaitedDecision.closed_at.is_(None))
        .order_by(AwaitedDecision.id)
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return
    answerable = read_decisions_with_answerers([row.id for _project, row in rows])
    for project, row in rows:
        lock_fresh(row)
        if not row.is_open or row.owner_id is None:
            continue
        if row.owner_id not in dict(answerable[row.id].people):
            actor_id = ended_by.get(row.owner_id)
            help_commands.have_wait_again(Actor(actor_id, {}) if actor_id else None, project, row)


def _find_person_id(line: PendingAuditEvent) -> UUID:
    """Whose role or account an event ends."""
    return line.subject_id if line.action == accounts.DISABLED.code else UUID(line.facts["person_id"])


_ENDS = (roles.ENDED, roles.LEFT, accounts.DISABLED)
PROJECTION = Projection(
    name="decision owners",
    depends=build_dependencies((ALL, _ENDS)),
    refresh=give_back_what_nobody_may_answer,
    records=(help_commands.GIVEN_BACK,),
    exempt=actions_of(accounts, roles) - actions_of(*_ENDS),
)
