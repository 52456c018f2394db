"""Reading packs: their list, one of them, its pages, its paper."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.oversight.committee_packs import policy
from portal.oversight.committee_packs.models import (
    SUMMARY,
    CommitteePack,
    PackPage,
    PackPdf,
    PackStage,
)
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import ListPage

PER_PAGE = 20
PAGES_BATCH = 50  # pages read together


@dataclass(frozen=True)
class ListedPack:
    """A pack and who had it made."""

    pack: CommitteePack
    requested_by: str


@dataclass(frozen=True)
class PackPageContent:
    """A page, and the project it is about."""

    position: int
    content: dict[str, Any]
    project: str | None  # its slug


def get_readable_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose packs the actor reads. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not policy.can_read(actor, programme):
        raise NotFound
    return programme


def read_packs(actor: Actor, programme: Programme, page: int) -> ListPage[ListedPack]:
    """The latest first."""
    conditions = CommitteePack.programme_id == programme.id, policy.visible_to(actor)
    count = (
        db.session.scalar(select(func.count()).select_from(CommitteePack).where(*conditions)) or 0
    )
    page = min(page, max(1, -(-count // PER_PAGE)))
    statement = (
        select(CommitteePack, Person.name)
        .join(Person, Person.id == CommitteePack.asked_by_id)
        .where(*conditions)
        .order_by(CommitteePack.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return ListPage(
        [ListedPack(row[0], row[1]) for row in db.session.execute(statement)], count, page
    )


def get_pack(actor: Actor, programme: Programme, id_: UUID) -> ListedPack:
    """Raises `NotFound`."""
    statement = (
        select(CommitteePack, Person.name)
        .join(Person, Person.id == CommitteePack.asked_by_id)
        .where(CommitteePack.id == id_, CommitteePack.programme_id == programme.id)
        .where(policy.visible_to(actor))
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return ListedPack(row[0], row[1])


def get_completed_pack(actor: Actor, programme: Programme, id_: UUID) -> CommitteePack:
    """One whose pages are all there. Raises `NotFound`."""
    pack = get_pack(actor, programme, id_).pack
    if pack.stage is not PackStage.COMPLETED:
        raise NotFound
    return pack


def get_page(pack: CommitteePack, position: int) -> PackPageContent:
    """Of a pack that the caller may read. Raises `NotFound`."""
    statement = _select_pages(pack.id).where(PackPage.position == position)
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return PackPageContent(*row)


def get_summary(pack: CommitteePack) -> PackPageContent:
    return get_page(pack, SUMMARY)


def list_names(pack: CommitteePack) -> Sequence[tuple[int, str]]:
    """The position and the title of each team's page, in their order."""
    name = PackPage.content["title"].as_string()
    statement = select(PackPage.position, name).where(
        PackPage.pack_id == pack.id, PackPage.position > SUMMARY
    )
    rows = db.session.execute(statement.order_by(PackPage.position))
    return [(row[0], row[1]) for row in rows]


def iterate_pages(pack_id: UUID) -> Iterator[dict[str, Any]]:
    """What all its pages say, the summary first, some at a time."""
    last = SUMMARY - 1
    while True:
        some = _select_pages(pack_id).where(PackPage.position > last).limit(PAGES_BATCH)
        rows = db.session.execute(some).all()
        for row in rows:
            yield row[1]
        if len(rows) < PAGES_BATCH:
            return
        last = rows[-1][0]


def _select_pages(pack_id: UUID) -> Any:
    return (
        select(PackPage.position, PackPage.content, Project.slug)
        .outerjoin(Project, Project.id == PackPage.project_id)
        .where(PackPage.pack_id == pack_id)
        .order_by(PackPage.position)
    )


def describe_packs(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Which day each of these packs tells of, in a line."""
    statement = select(CommitteePack.id, CommitteePack.as_of_on).where(CommitteePack.id.in_(ids))
    return {
        row[0]: _("État au %(day)s", day=format_day(row[1]))
        for row in db.session.execute(statement)
    }


def path_of(pack: CommitteePack) -> str:
    """Its page, for a line of the trail."""
    statement = select(Programme.slug).where(Programme.id == pack.programme_id)
    return f"/programmes/{db.session.scalar(statement)}/packs/{pack.id}"


def get_pdf(pack: CommitteePack) -> bytes:
    """Of a pack that is done."""
    return db.session.scalars(select(PackPdf.pdf).where(PackPdf.pack_id == pack.id)).one()
