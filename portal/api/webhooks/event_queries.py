"""What a delivery says of events: ids, numbers and links, and no text that anybody typed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.people.programmes.models import Programme
from portal.platform.kernel.audit import ACTIONS, AuditEvent
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import API_PREFIX, Settings
from portal.project.projects.feed_queries import find_event_path
from portal.project.projects.models import Project


@dataclass(frozen=True)
class _EventProgrammeAndProject:
    """Where an event was: a programme, and its project unless it was about the programme itself."""

    programme: str
    project: Project | None = None


def build_event_payloads(events: Sequence[AuditEvent]) -> list[dict[str, Any]]:
    """The data of deliveries about these events, in two statements and one for each kind of subject."""
    if not events:
        return []
    places, numbers = _map_event_projects_by_scope(events), _map_numbers_by_subject(events)
    return [
        {
            "action": event.action,
            "subject": event.subject,
            "subject_id": str(event.subject_id),
            "scope_id": str(event.scope_id),
            "actor_id": str(event.actor_id) if event.actor_id else None,
            "at": event.created_at.isoformat(),
            "object_number": numbers.get(event.subject_id, _find_deleted_subject_number(event)),
            **_build_event_addresses(event, places.get(event.scope_id)),
        }
        for event in events
    ]


def _build_event_addresses(event: AuditEvent, place: _EventProgrammeAndProject | None) -> dict[str, Any]:
    """Slugs and absolute addresses: of the operations that read the places, and of the event's page."""
    base = get_service(Settings).public_base_url
    project, programme = place.project if place else None, place.programme if place else None
    path = _find_event_page_path(event, project)
    return {
        "programme": programme,
        "project": project.slug if project else None,
        "links": {
            "programme": f"{base}{API_PREFIX}/programmes/{programme}" if programme else None,
            "project": f"{base}{API_PREFIX}/projects/{project.slug}" if project else None,
            "page": base + path if path else None,
        },
    }


def _find_event_page_path(event: AuditEvent, project: Project | None) -> str:
    """The path of the subject's page; "" for what was deleted, or has none."""
    if ACTIONS[event.action].ends:
        return ""
    path = find_event_path(event, project) if project else str(event.facts.get("path", ""))
    return path if path.startswith("/") else ""


def _map_event_projects_by_scope(
    events: Sequence[AuditEvent],
) -> Mapping[UUID | None, _EventProgrammeAndProject]:
    ids = {event.scope_id for event in events if event.scope_id}
    rows = sa.select(Project, Programme.slug).join(Programme, Programme.id == Project.programme_id)
    projects = db.session.execute(rows.where(Project.id.in_(ids))).all()
    programmes = db.session.execute(sa.select(Programme.id, Programme.slug).where(Programme.id.in_(ids)))
    places: dict[UUID | None, _EventProgrammeAndProject] = {
        id_: _EventProgrammeAndProject(slug) for id_, slug in programmes
    }
    return places | {project.id: _EventProgrammeAndProject(slug, project) for project, slug in projects}


def _map_numbers_by_subject(events: Sequence[AuditEvent]) -> Mapping[UUID, int]:
    """The numbers of the subjects that are still there and have one."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for event in events:
        ids[event.subject].add(event.subject_id)
    numbers: dict[UUID, int] = {}
    for name, subject_ids in ids.items():
        table = Base.metadata.tables[name]
        if _is_numbered_table(table):
            rows = db.session.execute(
                sa.select(table.c.id, table.c.number).where(table.c.id.in_(subject_ids))
            )
            numbers.update({id_: int(number) for id_, number in rows})
    return numbers


def _is_numbered_table(table: sa.Table) -> bool:
    """Whether rows have an id and a number that counts them; an agreement's is a text."""
    return "id" in table.c and "number" in table.c and isinstance(table.c.number.type, sa.Integer)


def _find_deleted_subject_number(event: AuditEvent) -> int | None:
    """The number of a subject that is gone, which its event tells where rows of its kind have a page;
    other facts of that name count something else."""
    table = Base.metadata.tables[event.subject]
    has_page = any(
        mapper.local_table is table and hasattr(mapper.class_, "page_path")
        for mapper in Base.registry.mappers
    )
    number = event.facts.get("number")
    return number if has_page and _is_numbered_table(table) and isinstance(number, int) else None
