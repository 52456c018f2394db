"""Queries on data sources, limited to what the actor may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.project.data_sources.models import AccessHistoryEntry, AccessState, DataSource, SourceDiscussion
from portal.project.data_sources.readiness_rules import Readiness, ReadinessFacts, judge_readiness
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    ListPage,
    get_by_number,
    read_list_page,
    select_in_project,
)


def read_sources_page(actor: Actor, project: Project, page: int = 1) -> ListPage[DataSource]:
    return read_list_page(select_in_project(actor, DataSource, project), page, DataSource.number)


def get_source(actor: Actor, project: Project, number: int) -> DataSource:
    return get_by_number(actor, DataSource, project, number)


def list_access_steps(source: DataSource) -> Sequence[AccessHistoryEntry]:
    """List up to 100 access steps of a source that the caller may see, the last first."""
    steps = select(AccessHistoryEntry).where(AccessHistoryEntry.source_id == source.id)
    return db.session.scalars(steps.order_by(AccessHistoryEntry.position.desc()).limit(100)).all()


def count_access_steps(source: DataSource) -> int:
    step_count = select(func.count()).where(AccessHistoryEntry.source_id == source.id)
    return db.session.scalar(step_count) or 0


def compute_source_readiness(source: DataSource) -> Readiness:
    """Return how ready the data of a source are."""
    facts = ReadinessFacts(
        access=source.access,
        has_sample=source.sample_rows is not None and bool(source.sample_sha256),
        faithfulness=source.faithfulness,
        has_quality_note=bool(source.quality_note),
        has_purpose=bool(source.purpose),
        fitness=source.fitness,
    )
    return judge_readiness(facts)


# Counts for the project bound as `project`, which the caller was allowed to see.
_source_count = select(func.count()).where(DataSource.project_id == bindparam("project"))
SOURCE_COUNT = _source_count.scalar_subquery()
USABLE_SOURCE_COUNT = _source_count.where(DataSource.access == AccessState.USABLE).scalar_subquery()


def get_discussion_id(source: DataSource) -> UUID:
    """Return the id of the discussion of a source."""
    discussion_ids = select(SourceDiscussion.discussion_id).where(SourceDiscussion.source_id == source.id)
    return db.session.scalars(discussion_ids).one()
