"""Reads what the lines of the audit trail tell of the purposes of data sources."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.ethics.rereviews.models import Trigger
from portal.ethics.rereviews.trigger_rules import PurposeGap, PurposeLine, map_gaps_by_end
from portal.platform.kernel.audit import ACTIONS, AuditEvent, PendingAuditEvent
from portal.platform.kernel.database import db
from portal.project.data_sources import commands as source_commands
from portal.project.projects.models import Project

TrailLine = AuditEvent | PendingAuditEvent
TrailLines = Sequence[tuple[int, TrailLine]]
SOURCE_ACTIONS = frozenset({source_commands.ADDED, source_commands.REPURPOSED})


def map_completed_positions(project: Project, lines: TrailLines) -> Mapping[int, int]:
    """Where a data source came to be without a purpose, by where one was written that is not another
    one; without those of a source of which a trigger was answered meanwhile, not knowing it."""
    purposes = [
        PurposeLine(
            position, event.subject_id, event.before.get("purpose") or "", event.after.get("purpose") or ""
        )
        for position, event in lines
        if ACTIONS[event.action] in SOURCE_ACTIONS
    ]
    gaps = map_gaps_by_end(purposes)
    if not gaps:
        return {}
    keys = {str(lines[position][1].id) for gap in gaps.values() for position in gap.earlier}
    statement = select(Trigger.key, Trigger.answered_at).where(
        Trigger.project_id == project.id, Trigger.key.in_(keys), Trigger.answered_at.is_not(None)
    )
    answered_at = {key: moment for key, moment in db.session.execute(statement) if moment}

    def was_answered_meanwhile(gap: PurposeGap, end: int) -> bool:
        began, ended = lines[gap.began_at][1].created_at, lines[end][1].created_at
        moments = [answered_at.get(str(lines[position][1].id)) for position in gap.earlier]
        return any(moment is not None and began <= moment <= ended for moment in moments)

    return {end: gap.began_at for end, gap in gaps.items() if not was_answered_meanwhile(gap, end)}


def list_positions_of_first_purposes(lines: TrailLines) -> frozenset[int]:
    """Where a data source that was added without a purpose got its first one."""
    with_purpose: set[UUID] = set()
    positions = set()
    for position, event in lines:
        if ACTIONS[event.action] not in SOURCE_ACTIONS:
            continue
        if event.before.get("purpose"):
            with_purpose.add(event.subject_id)
        if event.after.get("purpose"):
            if ACTIONS[event.action] is source_commands.REPURPOSED and event.subject_id not in with_purpose:
                positions.add(position)
            with_purpose.add(event.subject_id)
    return frozenset(positions)
