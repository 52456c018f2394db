"""Reading sheets. Whatever comes back, the actor may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.accounts.queries import names_of
from portal.kernel.access import Actor
from portal.kernel.audit import AuditEvent
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.projects.models import Project
from portal.projects.numbered import PER_PAGE, Page, get_one, of_project, read_page
from portal.prototypes.models import PrototypeVersion
from portal.questionnaires.answers import Answer, Progress, progress
from portal.questionnaires.definition import Questionnaire
from portal.sheets.models import Sheet, SheetSection


@dataclass(frozen=True)
class Filled:
    """A sheet with what it was answered; `sections` by their key."""

    sheet: Sheet
    sections: Mapping[str, SheetSection]

    @property
    def definition(self) -> Questionnaire:
        return self.sheet.definition

    @property
    def answers(self) -> dict[str, Answer]:
        return {key: one for row in self.sections.values() for key, one in row.answers.items()}

    @property
    def progress(self) -> Progress:
        return progress(self.definition, self.answers)


@dataclass(frozen=True)
class Revision:
    """One save: which answers it changed, by item, of which edition."""

    at: datetime
    who: str
    action: str
    edition: int
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Around:
    """What a page says beside its sheets: names by person, numbers by version of the prototype."""

    names: Mapping[UUID, str]
    versions: Mapping[UUID, int]


def get_sheet(actor: Actor, project: Project, number: int) -> Sheet:
    return get_one(actor, Sheet, project, number)


def read_sheet(actor: Actor, project: Project, number: int) -> Filled:
    """Raises `NotFound`."""
    sheet = get_sheet(actor, project, number)
    return Filled(sheet, read_sections([sheet])[sheet.id])


def read_sections(sheets: Iterable[Sheet]) -> Mapping[UUID, Mapping[str, SheetSection]]:
    """By sheet, then by key. The caller may see them."""
    found: dict[UUID, dict[str, SheetSection]] = {sheet.id: {} for sheet in sheets}
    chosen = select(SheetSection).where(SheetSection.sheet_id.in_(found))
    for row in db.session.scalars(chosen):
        found[row.sheet_id][row.key] = row
    return found


def get_section(sheet: Sheet, key: str) -> SheetSection:
    """Of a sheet that the caller may see. Raises `NotFound`."""
    chosen = select(SheetSection).where(SheetSection.sheet_id == sheet.id, SheetSection.key == key)
    row = db.session.scalar(chosen)
    if row is None:
        raise NotFound
    return row


def list_current(actor: Actor, project: Project) -> Mapping[str, Filled]:
    """The last sheet of each kind, by kind."""
    chosen = of_project(actor, Sheet, project).where(Sheet.number.in_(_newest(project)))
    sheets = db.session.scalars(chosen).all()
    sections = read_sections(sheets)
    return {sheet.kind: Filled(sheet, sections[sheet.id]) for sheet in sheets}


def read_earlier(actor: Actor, project: Project, page: int = 1) -> Page[Sheet]:
    """Complete ones that another of their kind came after, the latest first."""
    chosen = of_project(actor, Sheet, project).where(Sheet.number.not_in(_newest(project)))
    return read_page(chosen, page, Sheet.number.desc())


def find_last(actor: Actor, project: Project, kind: str) -> Filled | None:
    """The last sheet of a kind."""
    chosen = of_project(actor, Sheet, project).where(Sheet.kind == kind)
    sheet = db.session.scalar(chosen.order_by(Sheet.number.desc()).limit(1))
    return Filled(sheet, read_sections([sheet])[sheet.id]) if sheet else None


def read_around(sheets: Iterable[Sheet]) -> Around:
    """Of sheets that the caller may see."""
    people: set[UUID | None] = set()
    versions = set()
    for sheet in sheets:
        people |= {sheet.saved_by_id, sheet.completed_by_id}
        versions.add(sheet.prototype_version_id)
    chosen = select(PrototypeVersion.id, PrototypeVersion.number)
    found = db.session.execute(chosen.where(PrototypeVersion.id.in_(versions - {None})))
    return Around(names_of(people), {row[0]: row[1] for row in found})


def read_history(sheet: Sheet, page: int = 1) -> Page[Revision]:
    """All that was done to a sheet that the caller may see, newest first."""
    of_sheet = AuditEvent.subject_id == sheet.id
    count = db.session.scalar(select(func.count()).where(of_sheet)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    chosen = select(AuditEvent).where(of_sheet).order_by(AuditEvent.id.desc())
    events = db.session.scalars(chosen.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    names = names_of(event.actor_id for event in events)
    told = [
        Revision(
            at=event.created_at,
            who=names.get(event.actor_id, "") if event.actor_id else "",
            action=event.action,
            edition=event.facts["edition"],
            changes={key: (event.before.get(key), event.after.get(key)) for key in event.after},
        )
        for event in events
    ]
    return Page(told, count, page)


# Of the last sheet of each kind, in the project that is bound and that the caller may see: how many
# there are, how many are complete.
_other = aliased(Sheet)
_bound = Sheet.project_id == bindparam("project")
BEGUN = select(func.count(Sheet.kind.distinct())).where(_bound).scalar_subquery()
COMPLETE = (
    select(func.count())
    .where(_bound, Sheet.completed_on.is_not(None))
    .where(
        Sheet.number.in_(
            select(func.max(_other.number))
            .where(_other.project_id == bindparam("project"))
            .group_by(_other.kind)
        )
    )
    .scalar_subquery()
)


def _newest(project: Project) -> Any:
    mine = select(func.max(Sheet.number)).where(Sheet.project_id == project.id)
    return mine.group_by(Sheet.kind)
