"""Reading packs: their list, one of them, its pages, its paper."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.kernel.text import write_day
from portal.packs import policy
from portal.packs.models import SUMMARY, CommitteePack, PackPage, PackPaper, Stage
from portal.programmes.models import Programme
from portal.programmes.queries import get_programme
from portal.projects.models import Project
from portal.projects.numbered import Page

PER_PAGE = 20
AT_ONCE = 50  # pages read together


@dataclass(frozen=True)
class Listed:
    """A pack and who had it made."""

    pack: CommitteePack
    asked_by: str


@dataclass(frozen=True)
class Leaf:
    """A page, and the project it is about."""

    position: int
    content: dict[str, Any]
    project: str | None  # its slug


def get_read(actor: Actor, slug: str) -> Programme:
    """A programme whose packs the actor reads. Raises `NotFound`."""
    programme = get_programme(actor, slug)
    if not policy.can_read(actor, programme):
        raise NotFound
    return programme


def read_packs(actor: Actor, programme: Programme, page: int) -> Page[Listed]:
    """The latest first."""
    mine = CommitteePack.programme_id == programme.id, policy.visible_to(actor)
    count = db.session.scalar(select(func.count()).select_from(CommitteePack).where(*mine)) or 0
    page = min(page, max(1, -(-count // PER_PAGE)))
    found = (
        select(CommitteePack, Person.name)
        .join(Person, Person.id == CommitteePack.asked_by_id)
        .where(*mine)
        .order_by(CommitteePack.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return Page([Listed(row[0], row[1]) for row in db.session.execute(found)], count, page)


def get_pack(actor: Actor, programme: Programme, id_: UUID) -> Listed:
    """Raises `NotFound`."""
    one = (
        select(CommitteePack, Person.name)
        .join(Person, Person.id == CommitteePack.asked_by_id)
        .where(CommitteePack.id == id_, CommitteePack.programme_id == programme.id)
        .where(policy.visible_to(actor))
    )
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return Listed(found[0], found[1])


def get_done(actor: Actor, programme: Programme, id_: UUID) -> CommitteePack:
    """One whose pages are all there. Raises `NotFound`."""
    pack = get_pack(actor, programme, id_).pack
    if pack.stage is not Stage.DONE:
        raise NotFound
    return pack


def get_page(pack: CommitteePack, position: int) -> Leaf:
    """Of a pack that the caller may read. Raises `NotFound`."""
    one = _pages(pack.id).where(PackPage.position == position)
    found = db.session.execute(one).first()
    if found is None:
        raise NotFound
    return Leaf(*found)


def get_summary(pack: CommitteePack) -> Leaf:
    return get_page(pack, SUMMARY)


def list_names(pack: CommitteePack) -> Sequence[tuple[int, str]]:
    """The position and the title of each team's page, in their order."""
    name = PackPage.content["title"].as_string()
    mine = select(PackPage.position, name).where(
        PackPage.pack_id == pack.id, PackPage.position > SUMMARY
    )
    found = db.session.execute(mine.order_by(PackPage.position))
    return [(row[0], row[1]) for row in found]


def each_page(pack_id: UUID) -> Iterator[dict[str, Any]]:
    """What all its pages say, the summary first, some at a time."""
    last = SUMMARY - 1
    while True:
        some = _pages(pack_id).where(PackPage.position > last).limit(AT_ONCE)
        found = db.session.execute(some).all()
        for row in found:
            yield row[1]
        if len(found) < AT_ONCE:
            return
        last = found[-1][0]


def _pages(pack_id: UUID) -> Any:
    return (
        select(PackPage.position, PackPage.content, Project.slug)
        .outerjoin(Project, Project.id == PackPage.project_id)
        .where(PackPage.pack_id == pack_id)
        .order_by(PackPage.position)
    )


def name_days(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Which day each of these packs tells of, in a line."""
    found = select(CommitteePack.id, CommitteePack.as_of_on).where(CommitteePack.id.in_(ids))
    return {
        row[0]: _("État au %(day)s", day=write_day(row[1])) for row in db.session.execute(found)
    }


def path_of(pack: CommitteePack) -> str:
    """Its page, for a line of the trail."""
    mine = select(Programme.slug).where(Programme.id == pack.programme_id)
    return f"/programmes/{db.session.scalar(mine)}/packs/{pack.id}"


def get_paper(pack: CommitteePack) -> bytes:
    """Of a pack that is done."""
    return db.session.scalars(select(PackPaper.pdf).where(PackPaper.pack_id == pack.id)).one()
