"""What closing a sprint asks, and the figure by which lists filter teams that await a decision."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from portal.oversight.decisions import commands, event_commands, queries
from portal.oversight.decisions.commands import DecisionFacts
from portal.oversight.decisions.models import AwaitedDecision
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import PendingAuditEvent
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.projection import ALL, Projection, actions_of, build_dependencies
from portal.project.projects.models import ProjectFigures
from portal.project.projects.projections import random_change_number
from portal.sprints.sprints import commands as sprints
from portal.sprints.sprints import projections as sprint_projections
from portal.sprints.sprints.section_queries import AwaitedHelp, HelpSource

FIELD = "decision_awaited"  # of a sprint's log
_LOGS = (sprints.CLOSED, sprints.LOG_CHANGED)


def refresh_decisions_from_sprint_logs(lines: Sequence[PendingAuditEvent]) -> None:
    """Turn what sprints' logs ask into decisions, then update the figures of their projects."""
    for line in lines:
        if line.action in {action.code for action in _LOGS} and line.actor_id is not None:
            with clock.frozen_at(line.created_at):  # the moment of the close, not of the commit
                _sync_decision_with_log(line, Actor(line.actor_id, {}))
    for project_id in sorted({line.scope_id for line in lines if line.scope_id is not None}):
        update_project_figures(project_id)


def _sync_decision_with_log(line: PendingAuditEvent, actor: Actor) -> None:
    """Ask what the log of a closed sprint asks, once; a reworded log rewords an open question.

    A log that repeats a question already asked adds none: see `is_already_asked`. An emptied log
    leaves the question: only its team withdraws it, by name.
    """
    question = line.after.get(FIELD) or ""
    if not question:
        return
    project, row = queries.find_project_and_decision_by_origin(line.subject_id)
    if row is None:
        if queries.is_already_asked(project, question):
            return
        facts = DecisionFacts(question=question)
        commands.create_decision_row(actor, project, facts, origin_sprint_id=line.subject_id)
    elif row.is_open and row.question == line.before.get(FIELD):
        row.question = question
        changes = {"question": (line.before.get(FIELD), question)}
        commands.record_decision_event(actor, project, event_commands.CHANGED, row, changes)


def update_project_figures(project_id: UUID) -> bool:
    """Store whether the project has an open decision, and the help that it asks for; tell whether the first
    changed."""
    flush_session()
    of_project, is_help = AwaitedDecision.project_id == project_id, AwaitedDecision.asks_for_help
    is_open = sa.exists().where(of_project, AwaitedDecision.closed_at.is_(None), ~is_help)
    same_project = ProjectFigures.project_id == project_id
    may_ask_help = sa.or_(ProjectFigures.help_wanted, sa.exists().where(of_project, is_help))
    stored = sa.select(ProjectFigures.decision_awaited, is_open, may_ask_help)
    row = db.session.execute(stored.where(same_project)).first()
    if row is None:
        return False
    if row[2]:
        sprint_projections.update_project_figures(project_id)
    if row[0] == row[1]:
        return False
    lock_row(ProjectFigures, project_id)
    changed = {"decision_awaited": row[1], "mark": random_change_number()}
    db.session.execute(sa.update(ProjectFigures).where(same_project).values(changed))
    return True


def list_help_questions_awaiting(project_id: UUID) -> Sequence[AwaitedHelp]:
    """The requests for help put as questions that wait: when each was made, and whether
    somebody has it."""
    rows = db.session.execute(
        sa.select(AwaitedDecision.created_at, AwaitedDecision.owner_id.is_not(None)).where(
            AwaitedDecision.project_id == project_id,
            AwaitedDecision.closed_at.is_(None),
            AwaitedDecision.asks_for_help,
        )
    )
    return [(requested_at, bool(is_taken)) for requested_at, is_taken in rows]


HELP_QUESTIONS = HelpSource(list_awaited=list_help_questions_awaiting)


def rebuild_all_figures() -> int:
    """The same for all projects; how many had a figure that did not hold."""
    ids = db.session.scalars(sa.select(ProjectFigures.project_id).order_by(ProjectFigures.project_id))
    return sum(update_project_figures(project_id) for project_id in ids.all())


PROJECTION = Projection(
    name="decisions",
    depends=build_dependencies((ALL, [event_commands, *_LOGS])),
    refresh=refresh_decisions_from_sprint_logs,
    records=(event_commands.REQUESTED, event_commands.CHANGED),
    exempt=actions_of(sprints) - actions_of(*_LOGS),
)
