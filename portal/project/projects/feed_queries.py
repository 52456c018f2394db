"""The feed of a project: what its trail tells its readers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, bindparam, literal_column, select

from portal.people.accounts.queries import read_person_names
from portal.platform.kernel import audit
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base, db
from portal.project.projects.models import Project
from portal.project.projects.path_rules import HasPage, project_path, row_path_by_number
from portal.project.projects.queries import action_sentence

FEED_PAGE = 30


@dataclass(frozen=True)
class FeedEntry:
    """A line of a project's feed.

    `path` shows the row that the event is about, None once it is deleted; `page` is the path of the
    page whose discussion it belongs to.
    """

    event: AuditEvent
    who: str
    sentence: str
    path: str | None
    page: str | None


@cache
def _select_feed_events(*, is_first_page: bool) -> Select[AuditEvent]:
    """The events of a project that its feed tells, newest first."""
    codes = _action_codes_as_sql_literals(
        action.code for action in audit.ACTIONS.values() if action.sentence is not None
    )
    events = select(AuditEvent).where(
        AuditEvent.scope_id == bindparam("project"), AuditEvent.action.in_(codes)
    )
    if not is_first_page:
        events = events.where(AuditEvent.id < bindparam("before"))
    return events.order_by(AuditEvent.id.desc()).limit(bindparam("limit"))


@cache
def _select_deleted_subject_ids() -> Select[UUID]:
    """The subjects, of some, that were deleted according to the trail."""
    deletions = _action_codes_as_sql_literals(action.code for action in audit.ACTIONS.values() if action.ends)
    return select(AuditEvent.subject_id).where(
        AuditEvent.subject_id.in_(bindparam("subjects", expanding=True)), AuditEvent.action.in_(deletions)
    )


def _action_codes_as_sql_literals(codes: Iterable[str]) -> list[ColumnElement[str]]:
    """Codes of actions as part of the statement: hundreds of parameters would be bound anew each time."""
    return [literal_column(f"'{code}'", String()) for code in codes]


def read_feed_page(
    project: Project, before: UUID | None = None, *, limit: int = FEED_PAGE, with_reserved: bool = False
) -> tuple[Sequence[FeedEntry], UUID | None]:
    """Return a page of the feed, newest first, and the id before which the next one begins: None on the
    last page. The caller was allowed to see the project; `with_reserved`, what its team alone reads."""
    values = {"project": project.id, "before": before, "limit": limit + 1}
    page = db.session.scalars(_select_feed_events(is_first_page=before is None), values).all()
    names = read_person_names([i for event in page for i in (event.actor_id, _find_named_person_id(event))])
    removed_ids = _list_deleted_subject_ids(page)
    entries = [
        _build_feed_entry(
            event,
            names,
            None if event.subject_id in removed_ids else find_event_path(event, project),
            () if with_reserved else audit.ACTIONS[event.action].reserved,
        )
        for event in page[:limit]
    ]
    return entries, page[limit - 1].id if len(page) > limit else None


def _list_deleted_subject_ids(events: Sequence[AuditEvent]) -> frozenset[UUID]:
    """Return the subjects of these events that were deleted since, according to the trail."""
    return frozenset(
        db.session.scalars(
            _select_deleted_subject_ids(), {"subjects": [event.subject_id for event in events]}
        )
    )


@cache
def _map_models_with_pages() -> Mapping[str, type[HasPage]]:
    """Return the models that declare a `page_path`, by table name."""
    models = (mapper.class_ for mapper in Base.registry.mappers)
    return {model.__tablename__: model for model in models if hasattr(model, "page_path")}


def find_event_path(event: AuditEvent, project: Project) -> str:
    """Return the path of the page that shows the subject of an event."""
    project_page = project_path(project)
    if event.subject == "comment":
        return f"/comments/{event.subject_id}"
    if "page" in event.facts:
        return f"{event.facts['page']}#discussion"
    if "path" in event.facts:
        return str(event.facts["path"])
    if event.action.startswith("item."):
        return f"{project_page}/backlog"
    if event.action.startswith("role."):
        return f"{project_page}/team"
    model, number = _map_models_with_pages().get(event.subject), event.facts.get("number")
    return project_page if model is None or number is None else row_path_by_number(project, model, number)


def _find_named_person_id(event: AuditEvent) -> UUID | None:
    return UUID(event.facts["person_id"]) if "person_id" in event.facts else None


def _build_feed_entry(
    event: AuditEvent, names: Mapping[UUID, str], path: str | None, hidden: Sequence[str]
) -> FeedEntry:
    person, facts = _find_named_person_id(event), event.facts | dict.fromkeys(hidden, "")
    sentence = action_sentence(event.action, facts, names.get(person, "?") if person else "").strip()
    who = names.get(event.actor_id, "") if event.actor_id else ""
    return FeedEntry(event, who, sentence, path, event.facts.get("page"))
