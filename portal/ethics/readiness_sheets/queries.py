"""Reads sheets and their history, limited to what the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.ethics.questionnaires.completion_rules import AnswerProgress, compute_progress
from portal.ethics.questionnaires.definition_rules import Answer, Questionnaire
from portal.ethics.readiness_sheets import policy
from portal.ethics.readiness_sheets.definition_documents import (
    get_latest_definition,
    read_definitions_by_kind_and_edition,
)
from portal.ethics.readiness_sheets.models import Sheet, SheetSection
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db, get_scalar
from portal.project.data_sources.models import DataSource
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    PER_PAGE,
    ListPage,
    bound_select_parameters,
    get_by_number,
    read_list_page,
    select_bound_in_project,
    select_in_project,
)
from portal.sprints.prototypes.models import PrototypeVersion

DATA_SHEET = "data_sheet"  # the kind that describes the data sources
SOURCES_NAMED_MAX = 5


@dataclass(frozen=True)
class SheetWithSections:
    """A sheet with its sections, by section key."""

    sheet: Sheet
    sections: Mapping[str, SheetSection]

    @property
    def definition(self) -> Questionnaire:
        return get_definition(self.sheet)

    @property
    def newer(self) -> Questionnaire | None:
        return find_newer_edition(self.sheet)

    @property
    def answers(self) -> dict[str, Answer]:
        return {key: answer for row in self.sections.values() for key, answer in row.answers.items()}

    @property
    def progress(self) -> AnswerProgress:
        return compute_progress(self.definition, self.answers)


@dataclass(frozen=True)
class SheetRevision:
    """One save: the answers before and after by item key, and the edition."""

    at: datetime
    who: str
    action: str
    edition: int
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class SheetNamesAndVersions:
    """Names by person id, and numbers by id of the prototype's version."""

    names: Mapping[UUID, str]
    versions: Mapping[UUID, int]


def get_definition(sheet: Sheet) -> Questionnaire:
    """The definition that a sheet answers."""
    return read_definitions_by_kind_and_edition()[sheet.kind][sheet.edition]


def find_newer_edition(sheet: Sheet) -> Questionnaire | None:
    """The edition to which an open sheet can be upgraded; None when it has the latest."""
    latest = get_latest_definition(sheet.kind)
    is_behind = sheet.completed_on is None and latest.edition > sheet.edition
    return latest if is_behind else None


def get_sheet(actor: Actor, project: Project, number: int) -> Sheet:
    """A sheet by its number. Raises `NotFound`."""
    return get_by_number(actor, Sheet, project, number)


def find_first_completion_day(project: Project, sheet: Sheet) -> date:
    """The first day on which a sheet may have been complete: not before its last answer, its version of
    the prototype, the sheet before it, or the project's start; today at the latest."""
    version_day = (
        select(PrototypeVersion.released_on)
        .where(PrototypeVersion.id == sheet.prototype_version_id)
        .scalar_subquery()
    )
    is_before = (Sheet.project_id == project.id, Sheet.kind == sheet.kind, Sheet.number < sheet.number)
    day_before = select(func.max(Sheet.completed_on)).where(*is_before).scalar_subquery()
    days = [*db.session.execute(select(version_day, day_before)).one()]
    if sheet.saved_at:  # None while all its answers are those of the sheet before
        days.append(clock.day_of(sheet.saved_at))
    return min(clock.today(), max([project.starts_on, *filter(None, days)]))


def can_correct_completion_day(actor: Actor, project: Project, sheet: Sheet) -> bool:
    """Whether the actor may correct the day on which a sheet was complete: no other of its kind follows."""
    if not policy.may_correct_completion_day(actor, project, sheet):
        return False
    last = select(func.max(Sheet.number)).where(Sheet.project_id == project.id, Sheet.kind == sheet.kind)
    return db.session.scalar(last) == sheet.number


def read_sheet(actor: Actor, project: Project, number: int) -> SheetWithSections:
    """A sheet with its answers. Raises `NotFound`."""
    sheet = get_sheet(actor, project, number)
    return SheetWithSections(sheet, read_sections_by_sheet([sheet])[sheet.id])


_SECTIONS = select(SheetSection).where(SheetSection.sheet_id.in_(bindparam("sheets", expanding=True)))
_LAST_OF_KIND = (
    select_bound_in_project(Sheet)
    .where(Sheet.kind == bindparam("kind"))
    .order_by(Sheet.number.desc())
    .limit(1)
)
_VERSIONS = select(PrototypeVersion.id, PrototypeVersion.number).where(
    PrototypeVersion.id.in_(bindparam("versions", expanding=True))
)


def read_sections_by_sheet(sheets: Iterable[Sheet]) -> Mapping[UUID, Mapping[str, SheetSection]]:
    """Sections of visible sheets, by sheet id and section key."""
    sections_by_sheet: dict[UUID, dict[str, SheetSection]] = {sheet.id: {} for sheet in sheets}
    for row in db.session.scalars(_SECTIONS, {"sheets": list(sections_by_sheet)}):
        sections_by_sheet[row.sheet_id][row.key] = row
    return sections_by_sheet


def get_sheet_section(sheet: Sheet, key: str) -> SheetSection:
    """A section of a visible sheet. Raises `NotFound`."""
    statement = select(SheetSection).where(SheetSection.sheet_id == sheet.id, SheetSection.key == key)
    return get_scalar(statement)


def read_last_sheet_by_kind(actor: Actor, project: Project) -> Mapping[str, SheetWithSections]:
    """The last sheet of each kind, by kind."""
    statement = select_in_project(actor, Sheet, project).where(
        Sheet.number.in_(_select_last_number_by_kind(project))
    )
    sheets = db.session.scalars(statement).all()
    sections = read_sections_by_sheet(sheets)
    return {sheet.kind: SheetWithSections(sheet, sections[sheet.id]) for sheet in sheets}


def read_sheets_overview(
    actor: Actor, project: Project, page: int
) -> tuple[Mapping[str, SheetWithSections], ListPage[Sheet], SheetNamesAndVersions]:
    """The last sheet of each kind, a page of those before, and the names that both show."""
    current, earlier = read_last_sheet_by_kind(actor, project), read_earlier_sheets_page(actor, project, page)
    sheets = [filled.sheet for filled in current.values()]
    return current, earlier, read_sheet_names_and_versions([*sheets, *earlier.rows])


def read_earlier_sheets_page(actor: Actor, project: Project, page: int = 1) -> ListPage[Sheet]:
    """A page of the sheets that a later one of their kind replaced, the latest first."""
    statement = select_in_project(actor, Sheet, project).where(
        Sheet.number.not_in(_select_last_number_by_kind(project))
    )
    return read_list_page(statement, page, Sheet.number.desc())


def find_last_sheet(actor: Actor, project: Project, kind: str) -> SheetWithSections | None:
    """The last sheet of a kind, None without one."""
    sheet = db.session.scalar(_LAST_OF_KIND, {"kind": kind, **bound_select_parameters(actor, project)})
    return SheetWithSections(sheet, read_sections_by_sheet([sheet])[sheet.id]) if sheet else None


def read_sheet_names_and_versions(sheets: Iterable[Sheet]) -> SheetNamesAndVersions:
    """Names and version numbers that the pages of visible sheets show."""
    people: set[UUID | None] = set()
    versions = set()
    for sheet in sheets:
        people |= {sheet.saved_by_id, sheet.completed_by_id}
        versions.add(sheet.prototype_version_id)
    rows = db.session.execute(_VERSIONS, {"versions": list(versions - {None})})
    return SheetNamesAndVersions(read_person_names(people), {row[0]: row[1] for row in rows})


def list_sources_since_completion(actor: Actor, project: Project, sheet: Sheet) -> Sequence[str]:
    """The names of data sources that were added after the day on which a data sheet was complete; none for
    another kind, or before it is."""
    if sheet.kind != DATA_SHEET or sheet.completed_on is None:
        return []
    after = DataSource.created_at > clock.end_of_day(sheet.completed_on)
    sources = select_in_project(actor, DataSource, project).where(after).order_by(DataSource.number)
    return [source.name for source in db.session.scalars(sources.limit(SOURCES_NAMED_MAX))]


def read_history_page(sheet: Sheet, page: int = 1) -> ListPage[SheetRevision]:
    """A page of the history of a visible sheet, newest first."""
    of_sheet = AuditEvent.subject_id == sheet.id
    count = db.session.scalar(select(func.count()).where(of_sheet)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    statement = select(AuditEvent).where(of_sheet).order_by(AuditEvent.id.desc())
    events = db.session.scalars(statement.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    names = read_person_names(event.actor_id for event in events)
    revisions = [
        SheetRevision(
            at=event.created_at,
            who=names.get(event.actor_id, "") if event.actor_id else "",
            action=event.action,
            edition=event.facts["edition"],
            changes={key: (event.before.get(key), event.after.get(key)) for key in event.after},
        )
        for event in events
    ]
    return ListPage(revisions, count, page)


# Figures of the visible project bound as `project`: kinds with a sheet, and kinds whose last sheet
# is complete.
_other_sheet = aliased(Sheet)
_IN_PROJECT = Sheet.project_id == bindparam("project")
BEGUN_COUNT = select(func.count(Sheet.kind.distinct())).where(_IN_PROJECT).scalar_subquery()
COMPLETE_COUNT = (
    select(func.count())
    .where(_IN_PROJECT, Sheet.completed_on.is_not(None))
    .where(
        Sheet.number.in_(
            select(func.max(_other_sheet.number))
            .where(_other_sheet.project_id == bindparam("project"))
            .group_by(_other_sheet.kind)
        )
    )
    .scalar_subquery()
)


def _select_last_number_by_kind(project: Project) -> Any:
    statement = select(func.max(Sheet.number)).where(Sheet.project_id == project.id)
    return statement.group_by(Sheet.kind)
