"""Write what an archive holds: rows, pages, files and the trail of a programme."""

import json
from collections.abc import Iterator, Mapping, Sequence
from shutil import copyfileobj
from typing import IO, Any, cast
from uuid import UUID

import sqlalchemy as sa
import structlog
from flask import current_app

from portal.app.archives.bundle import TRAIL, ArchiveWriter
from portal.app.archives.rows import ProgrammeTableReader
from portal.app.archives.table_labels import table_label
from portal.app.archives.value_labels import list_row_headings_and_values
from portal.collaboration.files.models import Attachment
from portal.people.accounts.queries import read_person_names
from portal.people.privacy.row_queries import PlainRow
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent, TrailText
from portal.platform.kernel.audit_chain import (
    COLUMNS,
    EMPTY_HASH,
    AuditSeal,
    read_last_seal_number_and_hash,
    stable_line_values,
)
from portal.platform.kernel.audit_verification import AuditAnchor
from portal.platform.kernel.database import db
from portal.platform.kernel.text import using_language
from portal.platform.kernel.version import version
from portal.platform.storage.storage import ObjectMissing
from portal.platform.storage.transaction import get_storage

log = structlog.get_logger("portal")

Tables = Mapping[str, Sequence[PlainRow]]


def write_archive(target: IO[bytes], programme: Programme) -> tuple[str, str, int]:
    """Write the ZIP of a programme; returns its fingerprint, anchor and lines of the trail."""
    writer, reader = ArchiveWriter(target), ProgrammeTableReader(programme.id)
    tables: dict[str, Sequence[PlainRow]] = {}
    for name, rows in reader.iterate_tables():
        writer.write_json(f"data/{name}.json", rows)
        tables[name] = rows
    people = {str(id_): name for id_, name in read_person_names(reader.people).items()}
    writer.write_json("people.json", people)
    write_pages(writer, programme, tables, people)
    _write_attached_files(writer, reader.scope_ids)
    anchor = AuditAnchor(*read_last_seal_number_and_hash(db.session()))
    lines = _write_trail(writer, reader.scope_ids, anchor.number)
    writer.write_json("trail-texts.json", _read_trail_texts(reader.scope_ids))
    made_at = clock.now().isoformat(timespec="seconds")
    fingerprint = writer.finish_archive(
        programme=programme.slug, made_at=made_at, version=version(), anchor=str(anchor), lines=lines
    )
    return fingerprint, str(anchor), lines


def write_pages(
    writer: ArchiveWriter, programme: Programme, tables: Tables, people: Mapping[str, str]
) -> None:
    """A page of the programme, and one of each project with all of its rows."""
    projects = sorted(tables.get("project", ()), key=lambda row: str(row["organisation"]))
    by_project = _group_rows_by_scope(tables)
    own = by_project.get(str(programme.id), {})
    page = _render_archive_page(
        "programme", programme=programme, projects=projects, tables=own, people=people
    )
    writer.write_text("index.html", page)
    for project in projects:
        page = _render_archive_page(
            "project",
            programme=programme,
            project=project,
            tables=by_project.get(project["id"], {}),
            people=people,
        )
        writer.write_text(f"html/{project['slug']}.html", page)


def _render_archive_page(name: str, **context: Any) -> str:
    """A page in the language of the programme, French, whoever asked."""
    with using_language("fr"):
        return current_app.jinja_env.get_template(f"app/archives/{name}.html").render(
            context, describe_row=list_row_headings_and_values, table_label=table_label
        )


def _group_rows_by_scope(tables: Tables) -> Mapping[str, dict[str, list[PlainRow]]]:
    """Rows by the project or programme that they belong to, directly or by what they hang on."""
    owner: dict[str, str] = {}
    grouped: dict[str, dict[str, list[PlainRow]]] = {}
    for name, rows in tables.items():
        for row in rows:
            scope = _find_owning_scope_id(row, owner)
            if scope is None:
                continue
            if "id" in row:
                owner[row["id"]] = scope
            if name not in {"scope", "project"}:
                grouped.setdefault(scope, {}).setdefault(name, []).append(row)
    return grouped


def _find_owning_scope_id(row: PlainRow, owner: Mapping[str, str]) -> str | None:
    for column in ("project_id", "scope_id", "programme_id"):
        if row.get(column):
            return str(row[column])
    for column, value in row.items():
        if column.endswith("_id") and value in owner:
            return owner[value]
    return str(row["id"]) if "slug" in row else None


def _write_attached_files(writer: ArchiveWriter, scope_ids: Sequence[UUID]) -> None:
    """Attached files by id and name; one whose bytes are missing is left out, and logged."""
    files = sa.select(Attachment).where(Attachment.scope_id.in_(scope_ids), Attachment.removed_at.is_(None))
    for file in db.session.scalars(files.order_by(Attachment.id)):
        try:
            source = get_storage().open(file.key)
        except ObjectMissing:
            log.error("file missing", file_id=str(file.id))
            continue
        with source, writer.open_member(f"files/{file.id}/{file.name}") as member:
            copyfileobj(source, cast(Any, member))


def _write_trail(writer: ArchiveWriter, scope_ids: Sequence[UUID], last: int) -> int:
    """The lines of the trail up to the anchor; returns how many."""
    count = 0
    with writer.open_member(TRAIL) as member:
        for seal in _iterate_seals(scope_ids, last):
            member.write(json.dumps(seal, ensure_ascii=False, sort_keys=True).encode() + b"\n")
            count += 1
    return count


def _read_trail_texts(scope_ids: Sequence[UUID]) -> Mapping[str, str]:
    """The typed texts that lines of the trail refer to, by id."""
    texts = (
        sa.select(TrailText.id, TrailText.body)
        .join(AuditEvent, AuditEvent.id == TrailText.event_id)
        .where(AuditEvent.scope_id.in_(scope_ids))
        .order_by(TrailText.id)
    )
    return {str(id_): body for id_, body in db.session.execute(texts)}


def _iterate_seals(scope_ids: Sequence[UUID], last: int) -> Iterator[dict[str, Any]]:
    before = sa.orm.aliased(AuditSeal)
    columns = [AuditEvent.__table__.c[name] for name in COLUMNS]
    statement = (
        sa.select(AuditSeal.number, AuditSeal.hash, before.hash, *columns)
        .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .outerjoin(before, before.number == AuditSeal.number - 1)
        .where(AuditEvent.scope_id.in_(scope_ids), AuditSeal.number <= last)
        .order_by(AuditSeal.number)
        .execution_options(yield_per=1000)
    )
    for number, hash_, hash_before, *values in db.session.execute(statement):
        line = stable_line_values(dict(zip(COLUMNS, values, strict=True)))
        yield {"number": number, "hash": hash_, "before": hash_before or EMPTY_HASH, "line": line}
