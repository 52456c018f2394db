"""Who has a decision, or a request for help put as a question, may answer it: else it waits again."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.oversight.decisions import commands, event_commands
from portal.oversight.decisions.answerer_queries import read_decisions_with_answerers
from portal.oversight.decisions.models import AwaitedDecision
from portal.people.accounts import commands as accounts
from portal.people.programmes import role_commands as roles
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.projection import ALL, Projection, actions_of, build_dependencies
from portal.project.projects.models import Project
from portal.project.projects.work_commands import lock_fresh

NO_CHANGE: Mapping[UUID, UUID | None] = {}


def give_back_what_nobody_may_answer(lines: Sequence[PendingAuditEvent]) -> None:
    """Have what somebody has wait again where they may answer it no more: a role that allowed it ended, one
    that forbids it began, or their account was closed."""
    changed_by = {roles.find_person_id(line): line.actor_id for line in lines}
    _give_back(AwaitedDecision.owner_id.in_(changed_by), changed_by=changed_by)


def mend_rows_of_release_before() -> None:
    """Mark what version 0.13.0 asked as help beside this one, and have what nobody may answer wait again,
    without telling anybody. To be called before figures are told again: who writes locks decisions first."""
    help_question_ids = sa.select(AuditEvent.subject_id).where(
        AuditEvent.action == event_commands.REQUESTED.code,
        AuditEvent.facts[event_commands.ASKS_FOR_HELP].as_boolean(),
    )
    unmarked = ~AwaitedDecision.asks_for_help, AwaitedDecision.id.in_(help_question_ids)
    db.session.execute(sa.update(AwaitedDecision).where(*unmarked).values(asks_for_help=True))
    _give_back(AwaitedDecision.owner_id.is_not(None), is_told=False)


def _give_back(
    concerned: sa.ColumnElement[bool],
    *,
    changed_by: Mapping[UUID, UUID | None] = NO_CHANGE,
    is_told: bool = True,
) -> None:
    statement = (
        sa.select(Project, AwaitedDecision)
        .join(AwaitedDecision, AwaitedDecision.project_id == Project.id)
        .where(concerned, AwaitedDecision.closed_at.is_(None))
        .order_by(AwaitedDecision.id)
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return
    answerable = read_decisions_with_answerers([row.id for _project, row in rows])
    for project, row in rows:
        if row.owner_id in dict(answerable[row.id].people):
            continue
        lock_fresh(row)
        if row.is_open and row.owner_id is not None and row.owner_id not in dict(answerable[row.id].people):
            actor_id = changed_by.get(row.owner_id)
            actor = Actor(actor_id, {}) if actor_id else None
            commands.have_wait_again(actor, project, row, is_told=is_told)


_CHANGES = (roles.GRANTED, roles.ASSIGNED, roles.ENDED, roles.LEFT, accounts.DISABLED)
PROJECTION = Projection(
    name="decision owners",
    depends=build_dependencies((ALL, _CHANGES)),
    refresh=give_back_what_nobody_may_answer,
    records=(event_commands.GIVEN_BACK,),
    exempt=actions_of(accounts, roles) - actions_of(*_CHANGES),
)
