"""Read packs: their list, one pack, its pages, its PDF."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.oversight.committee_packs import policy
from portal.oversight.committee_packs.models import SUMMARY, CommitteePack, PackPage, PackPdf, PackStage
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import format_day, format_moment
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import ListPage
from portal.user_tests.rounds.labels import LANGUAGES

PER_PAGE = 20
PAGES_BATCH = 50  # pages read in one statement


@dataclass(frozen=True)
class ListedPack:
    """A pack, and the name of the person who requested it."""

    pack: CommitteePack
    requested_by: str


@dataclass(frozen=True)
class PackPageWithProject:
    """A page, and the project that it is about."""

    position: int
    content: dict[str, Any]
    project: str | None  # its slug


def get_readable_programme(actor: Actor, slug: str) -> Programme:
    """A programme whose packs the actor reads. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not policy.can_read(actor, programme):
        raise NotFound
    return programme


def read_packs_page(actor: Actor, programme: Programme, page: int) -> ListPage[ListedPack]:
    """A page of the list, the latest packs first."""
    conditions = CommitteePack.programme_id == programme.id, policy.visible_to(actor)
    count = db.session.scalar(select(func.count()).select_from(CommitteePack).where(*conditions)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    statement = (
        select(CommitteePack, Person.name)
        .join(Person, Person.id == CommitteePack.asked_by_id)
        .where(*conditions)
        .order_by(CommitteePack.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return ListPage([ListedPack(row[0], row[1]) for row in db.session.execute(statement)], count, page)


def list_completed_packs_until(
    actor: Actor, programme: Programme, day: date, limit: int = 2
) -> Sequence[CommitteePack]:
    """The completed packs as of the last days up to a day, the latest first."""
    statement = select(CommitteePack).where(
        CommitteePack.programme_id == programme.id,
        CommitteePack.stage == PackStage.COMPLETED,
        CommitteePack.as_of_on <= day,
        policy.visible_to(actor),
    )
    ordered = statement.order_by(CommitteePack.as_of_on.desc(), CommitteePack.id.desc())
    return db.session.scalars(ordered.limit(limit)).all()


def get_pack(actor: Actor, programme: Programme, id_: UUID) -> ListedPack:
    """A pack of the programme. Raises `NotFound`."""
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
    """A completed pack. Raises `NotFound`."""
    pack = get_pack(actor, programme, id_).pack
    if pack.stage is not PackStage.COMPLETED:
        raise NotFound
    return pack


def get_page(pack: CommitteePack, position: int) -> PackPageWithProject:
    """A page of a pack that the caller may read. Raises `NotFound`."""
    statement = _select_pages(pack.id).where(PackPage.position == position)
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return PackPageWithProject(*row)


def list_pages(pack: CommitteePack, first: int, limit: int) -> Sequence[PackPageWithProject]:
    """The pages from a position on of a pack that the caller may read."""
    statement = _select_pages(pack.id).where(PackPage.position >= first).limit(limit)
    return [PackPageWithProject(*row) for row in db.session.execute(statement)]


def list_team_page_titles(pack: CommitteePack) -> Sequence[tuple[int, str]]:
    """The position and the title of each team's page, in their order."""
    name = PackPage.content["title"].as_string()
    statement = select(PackPage.position, name).where(
        PackPage.pack_id == pack.id, PackPage.position > SUMMARY
    )
    rows = db.session.execute(statement.order_by(PackPage.position))
    return [(row[0], row[1]) for row in rows]


def iterate_pages(pack_id: UUID) -> Iterator[dict[str, Any]]:
    """The content of all pages, the summary first, read in batches."""
    last = SUMMARY - 1
    while True:
        statement = _select_pages(pack_id).where(PackPage.position > last).limit(PAGES_BATCH)
        rows = db.session.execute(statement).all()
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


def describe_packs_by_id(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """A line on each of these packs: its day, when it was requested, its language."""
    columns = CommitteePack.id, CommitteePack.as_of_on, CommitteePack.created_at, CommitteePack.language
    return {
        id_: _(
            "état au %(day)s, demandé à %(hour)s (%(language)s)",
            day=format_day(as_of_on),
            hour=format_moment(created_at, "HH:mm"),
            language=LANGUAGES[language],
        )
        for id_, as_of_on, created_at, language in db.session.execute(
            select(*columns).where(CommitteePack.id.in_(ids))
        )
    }


def pack_path(pack: CommitteePack) -> str:
    """The path of a pack's page, for an audit event."""
    statement = select(Programme.slug).where(Programme.id == pack.programme_id)
    return f"/programmes/{db.session.scalar(statement)}/packs/{pack.id}"


def get_pdf(pack: CommitteePack) -> bytes:
    """The PDF of a completed pack."""
    return db.session.scalars(select(PackPdf.pdf).where(PackPdf.pack_id == pack.id)).one()
