"""Sources, runs and what they brought. Callers checked that the reader leads the call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, update

from portal.collaboration.files.models import Attachment
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, get_scalar
from portal.platform.kernel.errors import NotFound
from portal.project.projects.numbered_queries import PER_PAGE, ListPage
from portal.selection.applications import policy as applications
from portal.selection.applications.models import Application, ApplicationOrigin, ApplicationState
from portal.selection.calls.models import Call
from portal.selection.imports.export_rules import ExportTable, build_procedure_form_of_columns
from portal.selection.imports.form_rules import ProcedureForm
from portal.selection.imports.models import (
    CallSource,
    ImportedApplication,
    ImportedFile,
    ImportMode,
    ImportRun,
    RunState,
    UploadedExport,
)


@dataclass(frozen=True)
class DryRunDifference:
    """What a dry run would do with an application: `fields` are (field, old text, new text)."""

    number: str
    kind: str
    title: str
    fields: Sequence[Sequence[str]]
    is_hidden: bool  # a conflict shuts the reader out of its texts


SourcedApplication = tuple[Application, ImportedApplication]
_STANDING = (
    ApplicationState.RECEIVED,
    ApplicationState.ELIGIBLE,
    ApplicationState.NOT_ELIGIBLE,
    ApplicationState.SCORED,
)


def find_source(call: Call) -> CallSource | None:
    """The source of a call, or None."""
    return db.session.scalar(select(CallSource).where(CallSource.call_id == call.id))


def get_source(call_id: UUID) -> CallSource:
    """The source of a call. Raises `NotFound`."""
    return get_scalar(select(CallSource).where(CallSource.call_id == call_id))


def find_export_file(call: Call) -> UploadedExport | None:
    """The file that was uploaded for a call."""
    return db.session.scalar(select(UploadedExport).where(UploadedExport.call_id == call.id))


def get_export_file(call_id: UUID) -> UploadedExport:
    """The same. Raises `NotFound`."""
    return get_scalar(select(UploadedExport).where(UploadedExport.call_id == call_id))


def read_export_form(file: UploadedExport) -> ProcedureForm:
    """The fields that the columns of a stored file may fill."""
    return build_procedure_form_of_columns([ExportTable(name, labels) for name, labels in file.tables])


def find_unfinished_run(call: Call) -> ImportRun | None:
    """The run of a call that is under way."""
    runs = select(ImportRun).where(ImportRun.call_id == call.id, ImportRun.ended_at.is_(None))
    return db.session.scalar(runs.limit(1))


def next_run_number(call: Call) -> int:
    """The number of the next run; the caller holds the call's row."""
    last_number = select(func.max(ImportRun.number)).where(ImportRun.call_id == call.id)
    return (db.session.scalar(last_number) or 0) + 1


def list_runs(call: Call, page: int) -> ListPage[tuple[ImportRun, str | None]]:
    """A page of the journal with who started each run, the latest first."""
    count = db.session.scalar(select(func.count()).where(ImportRun.call_id == call.id)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    rows = (
        select(ImportRun, Person.name)
        .outerjoin(Person, Person.id == ImportRun.started_by_id)
        .where(ImportRun.call_id == call.id)
        .order_by(ImportRun.number.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return ListPage([(row[0], row[1]) for row in db.session.execute(rows)], count, page)


def get_run(call: Call, number: int) -> ImportRun:
    """A run of a call. Raises `NotFound`."""
    return get_scalar(select(ImportRun).where(ImportRun.call_id == call.id, ImportRun.number == number))


def count_imported_applications(call: Call) -> int:
    """How many applications of a call were read from its source."""
    rows = select(func.count()).select_from(ImportedApplication)
    rows = rows.join(Application, Application.id == ImportedApplication.application_id)
    return db.session.scalar(rows.where(Application.call_id == call.id)) or 0


def get_fresh_run(run_id: UUID) -> ImportRun:
    """A run as it is now, which the caller locked."""
    return db.session.get_one(ImportRun, run_id, populate_existing=True)


def get_fresh_call(call_id: UUID) -> Call:
    """The call of a run as it is now, which the caller locked."""
    return db.session.get_one(Call, call_id, populate_existing=True)


def find_attachment(file: ImportedFile) -> Attachment | None:
    """The stored file of an imported one."""
    return db.session.get(Attachment, file.attachment_id) if file.attachment_id else None


def get_run_by_id(run_id: UUID) -> ImportRun:
    """A run, for whoever advances it. Raises `NotFound`."""
    return get_scalar(select(ImportRun).where(ImportRun.id == run_id))


def list_dry_run_differences(actor: Actor, call: Call, run: ImportRun) -> Sequence[DryRunDifference]:
    """What a dry run would change, without the texts of applications that the actor does not lead."""
    numbers = (
        select(Application.external_id)
        .join(Call, Call.id == Application.call_id)
        .where(Application.call_id == call.id, applications.led_by_condition(actor))
    )
    led = set(db.session.scalars(numbers)) if run.differences else set()
    differences = []
    for each in run.differences:
        is_hidden = bool(each["fields"]) and each["number"] not in led
        shown = () if is_hidden else each["fields"]
        differences.append(DryRunDifference(each["number"], each["kind"], each["title"], shown, is_hidden))
    return differences


def find_trial_of_file(call: Call) -> ImportRun | None:
    """The latest run of a call, where it tried the file that is still there to be imported."""
    runs = select(ImportRun).where(ImportRun.call_id == call.id)
    run = db.session.scalar(runs.order_by(ImportRun.number.desc()).limit(1))
    if run is None or run.mode is not ImportMode.FILE or not run.is_dry or run.state is not RunState.DONE:
        return None
    stored_file = select(UploadedExport.id).where(
        UploadedExport.call_id == call.id,
        UploadedExport.uploaded_at <= run.created_at,
        func.length(UploadedExport.content) > 0,
    )
    return run if db.session.scalar(stored_file) else None


def find_latest_real_run(call: Call) -> ImportRun | None:
    """The last run of a call that was not dry."""
    runs = select(ImportRun).where(ImportRun.call_id == call.id, ImportRun.is_dry.is_(False))
    return db.session.scalar(runs.order_by(ImportRun.number.desc()).limit(1))


def map_applications_by_source_number(
    call_id: UUID, numbers: Sequence[str]
) -> Mapping[str, SourcedApplication]:
    """Imported applications of a call by their numbers at the source."""
    rows = (
        select(Application, ImportedApplication)
        .join(ImportedApplication, ImportedApplication.application_id == Application.id)
        .where(Application.call_id == call_id, Application.external_id.in_(numbers))
    )
    return {str(row[0].external_id): (row[0], row[1]) for row in db.session.execute(rows)}


def list_application_numbers_to_read_again(call_id: UUID, after: str, limit: int) -> Sequence[str]:
    """The next numbers of applications that the source completes later without saying so."""
    numbers = (
        select(Application.external_id)
        .join(ImportedApplication, ImportedApplication.application_id == Application.id)
        .where(
            Application.call_id == call_id,
            ImportedApplication.is_unfinished.is_(True),
            ImportedApplication.removal.is_(None),
            Application.external_id > after,
        )
        .order_by(Application.external_id)
        .limit(limit)
    )
    return [number for number in db.session.scalars(numbers) if number]


def list_undecided_application_numbers(call_id: UUID) -> Sequence[str]:
    """The numbers at the source of applications read from its API that are neither gone, withdrawn
    nor decided."""
    numbers = (
        select(Application.external_id)
        .join(ImportedApplication, ImportedApplication.application_id == Application.id)
        .where(
            Application.call_id == call_id,
            Application.origin == ApplicationOrigin.API,
            ImportedApplication.removal.is_(None),
            Application.state.in_(_STANDING),
        )
        .order_by(Application.number)
    )
    return [number for number in db.session.scalars(numbers) if number]


def map_files_by_source_number(call_id: UUID, numbers: Sequence[str]) -> Mapping[str, Sequence[ImportedFile]]:
    """The imported files of applications, by their numbers at the source."""
    rows = (
        select(Application.external_id, ImportedFile)
        .join(ImportedFile, ImportedFile.application_id == Application.id)
        .where(Application.call_id == call_id, Application.external_id.in_(numbers))
        .order_by(ImportedFile.id)
    )
    files: dict[str, list[ImportedFile]] = {}
    for number, file in db.session.execute(rows):
        files.setdefault(str(number), []).append(file)
    return files


_IMPORTED_FILES = (
    select(ImportedFile)
    .where(ImportedFile.application_id == bindparam("application"))
    .order_by(ImportedFile.id)
)


def list_imported_files(application_id: UUID) -> Sequence[ImportedFile]:
    """The files that the source names of an application that the caller reads in full."""
    return db.session.scalars(_IMPORTED_FILES, {"application": application_id}).all()


def find_imported_application(application_id: UUID) -> ImportedApplication | None:
    """What the source last said of an application that the caller reads in full."""
    return db.session.get(ImportedApplication, application_id)


def clear_dry_run_differences(call: Call) -> None:
    """Clear what an earlier dry run listed: it holds texts of applications."""
    runs = update(ImportRun).where(ImportRun.call_id == call.id, ImportRun.is_dry.is_(True))
    db.session.execute(runs.values(differences=[]))


def get_programme_and_importing_call(slug: str, number: int | None) -> tuple[Programme, Call]:
    """A call with a source, for the command line; the only one of the programme without a number.

    Raises `NotFound`.
    """
    rows = (
        select(Programme, Call)
        .join(Call, Call.programme_id == Programme.id)
        .join(CallSource, CallSource.call_id == Call.id)
        .where(Programme.slug == slug)
    )
    if number is not None:
        rows = rows.where(Call.number == number)
    calls = db.session.execute(rows.limit(2)).all()
    if len(calls) != 1:
        raise NotFound
    return calls[0][0], calls[0][1]


def list_scheduled_calls() -> Sequence[tuple[Call, CallSource, ImportRun | None]]:
    """Calls whose imports run by themselves, with their last run that was not dry."""
    last_number = (
        select(func.max(ImportRun.number))
        .where(ImportRun.call_id == Call.id, ImportRun.is_dry.is_(False))
        .correlate(Call)
        .scalar_subquery()
    )
    rows = (
        select(Call, CallSource, ImportRun)
        .join(CallSource, CallSource.call_id == Call.id)
        .outerjoin(ImportRun, and_(ImportRun.call_id == Call.id, ImportRun.number == last_number))
        .where(CallSource.is_scheduled.is_(True))
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows)]


def find_due_run_id(now: datetime) -> UUID | None:
    """The run that waits longest for a holder."""
    free = or_(ImportRun.leased_until.is_(None), ImportRun.leased_until <= now)
    due = select(ImportRun.id).where(ImportRun.ended_at.is_(None), ImportRun.due_at <= now, free)
    return db.session.scalar(due.order_by(ImportRun.due_at, ImportRun.id).limit(1))
