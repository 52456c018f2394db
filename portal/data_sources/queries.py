"""Reading data sources. Whatever comes back, the actor may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.data_sources.models import Access, AccessStep, DataSource, SourceTalk
from portal.data_sources.readiness import Facts, Readiness, judge
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.projects.models import Project
from portal.projects.numbered import Page, get_one, of_project, read_page


def read_sources(actor: Actor, project: Project, page: int = 1) -> Page[DataSource]:
    return read_page(of_project(actor, DataSource, project), page, DataSource.number)


def get_source(actor: Actor, project: Project, number: int) -> DataSource:
    return get_one(actor, DataSource, project, number)


def list_steps(source: DataSource) -> Sequence[AccessStep]:
    """The way so far, the last step first. The caller may see the source."""
    mine = select(AccessStep).where(AccessStep.source_id == source.id)
    return db.session.scalars(mine.order_by(AccessStep.position.desc()).limit(100)).all()


def count_steps(source: DataSource) -> int:
    mine = select(func.count()).where(AccessStep.source_id == source.id)
    return db.session.scalar(mine) or 0


def readiness_of(source: DataSource) -> Readiness:
    """What the row says of how ready its data are."""
    facts = Facts(
        access=source.access,
        has_sample=source.sample_rows is not None and bool(source.sample_sha256),
        faithfulness=source.faithfulness,
        has_quality_note=bool(source.quality_note),
        has_purpose=bool(source.purpose),
        fitness=source.fitness,
    )
    return judge(facts)


# Of the project that is bound, which the caller was already allowed to see.
_counted = select(func.count()).where(DataSource.project_id == bindparam("project"))
COUNTED = _counted.scalar_subquery()
COUNTED_USABLE = _counted.where(DataSource.access == Access.USABLE).scalar_subquery()


def get_talk(source: DataSource) -> UUID:
    """The discussion beside a source."""
    mine = select(SourceTalk.discussion_id).where(SourceTalk.source_id == source.id)
    return db.session.scalars(mine).one()
