"""Queries of files. A file is as visible as its subject, which the caller may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.collaboration.files.erasure_commands import FORGOTTEN
from portal.collaboration.files.models import Attachment
from portal.collaboration.files.subject_queries import (
    AttachmentSubject,
    SubjectKinds,
    get_subject,
    visible_to,
)
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Entity, db, fetch_rows
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.identifiers import lowest_id_at
from portal.platform.kernel.personal_data import PersonalFile
from portal.platform.kernel.subqueries import rows_subquery
from portal.platform.storage.extraction import can_extract_text
from portal.platform.storage.transaction import get_storage

PER_PAGE = 20
UNREAD_MAX = 5  # files without a text that a search names
WAITING_MAX = timedelta(days=7)  # age of a file whose text may still be read
_READ_TYPES = ("application/pdf", "text/%", "application/vnd.%")  # see `extraction.can_extract_text`


@dataclass(frozen=True)
class ListedAttachment:
    """A file with the names of who attached and who removed it: nobody where an erasure did."""

    file: Attachment
    author: str
    removed_by: str | None


@dataclass(frozen=True)
class FilePage:
    """A page of files: `count` are present, `total` includes removed ones."""

    rows: Sequence[ListedAttachment]
    count: int
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))

    @property
    def is_text_being_read(self) -> bool:
        """Whether one of the files may be read by the worker at any moment."""
        earliest = clock.now() - WAITING_MAX
        unread = [row.file for row in self.rows if row.file.has_text is None and not row.file.removed_at]
        return any(file.created_at > earliest and can_extract_text(file.media_type) for file in unread)


@dataclass(frozen=True)
class ListedFile:
    """The columns of a present file that a list shows."""

    id: UUID
    name: str
    media_type: str
    size: int


@dataclass(frozen=True)
class StorageQuota:
    """How many files a project has; bytes used and allowed."""

    count: int
    used: int
    allowed: int

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.used)


_remover = aliased(Person)
# Whose decision deleted a file that named an erased person is in the trail, not in its row.
_is_forgotten = exists().where(AuditEvent.subject_id == Attachment.id, AuditEvent.action == FORGOTTEN.code)
_LISTED = (
    select(
        Attachment,
        Person.name,
        case((_is_forgotten, None), else_=_remover.name),
        func.count().over(),
        func.count(Attachment.removed_at).over(),
    )
    .join(Person, Person.id == Attachment.author_id)
    .outerjoin(_remover, _remover.id == Attachment.removed_by_id)
    .order_by(Attachment.removed_at.is_not(None), Attachment.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_OF_SUBJECT = _LISTED.where(Attachment.subject_id == bindparam("id"), Attachment.subject == bindparam("kind"))


def read_subject_files_page(place: AttachmentSubject, page: int = 1) -> FilePage:
    """A page of a subject's files, newest first, removed ones last."""
    return _read_file_page(_OF_SUBJECT, page, id=place.id, kind=place.kind)


def read_project_files_page(actor: Actor, kinds: SubjectKinds, scope_id: UUID, page: int = 1) -> FilePage:
    """The same for a whole project, limited to subjects that the actor sees."""
    conditions = Attachment.scope_id == scope_id, visible_to(actor, kinds)
    return _read_file_page(_LISTED.where(*conditions), page)


def _read_file_page(
    statement: Select[Attachment, str, str | None, int, int], page: int, **parameters: Any
) -> FilePage:
    """The requested page; page 1 when it is beyond the last."""
    results = db.session.execute(statement, parameters | {"offset": (page - 1) * PER_PAGE}).all()
    if not results and page > 1:
        return _read_file_page(statement, 1, **parameters)
    total, removed = (results[0][3], results[0][4]) if results else (0, 0)
    return FilePage([ListedAttachment(*row[:3]) for row in results], total - removed, total, page)


def get_file_and_subject(
    actor: Actor, kinds: SubjectKinds, file_id: UUID
) -> tuple[Attachment, AttachmentSubject]:
    """A file, possibly removed, and its subject. Raises `NotFound`."""
    file = db.session.scalar(select(Attachment).where(Attachment.id == file_id))
    if file is None:
        raise NotFound
    return file, get_subject(actor, kinds, file.subject, file.subject_id)


def get_file(actor: Actor, kinds: SubjectKinds, file_id: UUID) -> Attachment:
    """A present file. Raises `NotFound`."""
    file, _place = get_file_and_subject(actor, kinds, file_id)
    if file.removed_at is not None:
        raise NotFound
    return file


def list_files_by_subject(kind: str, ids: Iterable[UUID]) -> Mapping[UUID, Sequence[Attachment]]:
    """The present files of several subjects of one kind, oldest first, by subject id."""
    files_by_subject: dict[UUID, list[Attachment]] = defaultdict(list)
    subject_ids = list(ids)
    if not subject_ids:
        return files_by_subject
    present = (Attachment.subject_id.in_(subject_ids), Attachment.subject == kind, _IS_PRESENT)
    for file in db.session.scalars(select(Attachment).where(*present).order_by(Attachment.id)):
        files_by_subject[file.subject_id].append(file)
    return files_by_subject


def row_files_subquery(row: type[Entity]) -> ColumnElement[Sequence[ListedFile]]:
    """A correlated subquery: the present files of each row of a statement, oldest first."""
    present = Attachment.subject_id == row.id, Attachment.subject == row.__tablename__, _IS_PRESENT
    columns = select(Attachment.id, Attachment.name, Attachment.media_type, Attachment.size)
    files = columns.where(*present).order_by(Attachment.id)
    return rows_subquery(files, ListedFile, correlated=[row])


def count_files_by_subject(kind: str, ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """How many files are present, by subject id; subjects without files are left out."""
    present = Attachment.subject_id.in_(list(ids)), Attachment.subject == kind, _IS_PRESENT
    counts = select(Attachment.subject_id, func.count()).where(*present)
    return dict(db.session.execute(counts.group_by(Attachment.subject_id)).all())


def has_files(kind: str, id_: UUID) -> bool:
    return bool(count_files_by_subject(kind, [id_]))


def read_project_storage_quota(scope_id: UUID, allowed: int) -> StorageQuota:
    """How much of its quota of `allowed` bytes a project uses."""
    count, used = fetch_rows(_USAGE, {"project": scope_id})[0]
    return StorageQuota(count, int(used), allowed)


def find_name_of_identical_file(place: AttachmentSubject, sha256: str) -> str | None:
    """The name of a file attached to the same subject with the same bytes."""
    statement = select(Attachment.name).where(
        Attachment.subject_id == place.id,
        Attachment.subject == place.kind,
        Attachment.sha256 == sha256,
        _IS_PRESENT,
    )
    return db.session.scalar(statement.limit(1))


_IS_PRESENT = Attachment.removed_at.is_(None)
_in_project = (Attachment.scope_id == bindparam("project"), _IS_PRESENT)
# Subqueries about the project bound as `project`: how many files it has, and their bytes.
COUNT = select(func.count()).where(*_in_project).scalar_subquery()
USED = select(func.coalesce(func.sum(Attachment.size), 0)).where(*_in_project).scalar_subquery()
_USAGE = select(COUNT, USED)


def list_incompletely_searchable_files(
    actor: Actor, kinds: SubjectKinds, scope_id: UUID | None
) -> Sequence[Attachment]:
    """The latest files that the actor sees and that search does not find by their text or by all of it,
    or not yet, of one project or of all; one more than `UNREAD_MAX` where there are more."""
    earliest = lowest_id_at(clock.now() - WAITING_MAX)
    due = and_(Attachment.id >= earliest, *text_reading_due_conditions(kinds))
    unread = select(Attachment).where(
        or_(Attachment.unread_because.is_not(None), due), _IS_PRESENT, visible_to(actor, kinds)
    )
    if scope_id:
        unread = unread.where(Attachment.scope_id == scope_id)
    return db.session.scalars(unread.order_by(Attachment.id.desc()).limit(UNREAD_MAX + 1)).all()


def text_reading_due_conditions(kinds: Collection[str]) -> Sequence[ColumnElement[bool]]:
    """Conditions of files of subjects of these kinds whose text the worker is yet to read."""
    return (
        Attachment.has_text.is_(None),
        _IS_PRESENT,
        Attachment.subject.in_(list(kinds)),
        or_(*(Attachment.media_type.like(pattern) for pattern in _READ_TYPES)),
    )


def is_text_reading_due(file: Attachment, kinds: Collection[str]) -> bool:
    """Whether a file is one of these."""
    is_unread = file.has_text is None and file.removed_at is None
    return is_unread and file.subject in kinds and can_extract_text(file.media_type)


def iterate_files_attached_by_person(person_id: UUID) -> Iterator[PersonalFile]:
    """The present files that a person attached, oldest first, for an export of their data."""
    present = select(Attachment.id, Attachment.name, Attachment.key).where(
        Attachment.author_id == person_id, Attachment.removed_at.is_(None)
    )
    for id_, name, key in db.session.execute(present.order_by(Attachment.id)).all():
        yield PersonalFile(id_, name, partial(get_storage().open, key))
