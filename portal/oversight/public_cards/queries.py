"""Read public cards: of a project for its readers, and published ones for anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, select

from portal.oversight.public_cards.models import TEXTS, PublicCard
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import LOCALES
from portal.project.data_sources.models import DataSource
from portal.project.framing.metric_models import ImpactMetric
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import select_in_project
from portal.sprints.prototypes.models import PrototypeVersion
from portal.sprints.prototypes.queries import get_prototype_summary

DRAFT_ROWS_MAX = 20  # rows of a kind in a first draft
CARDS_MAX = 500  # of a programme, on one page


@dataclass(frozen=True)
class PublishedCard:
    """A published card with its project and programme."""

    card: PublicCard
    project: Project
    programme: Programme


@dataclass(frozen=True)
class CardDraftInputs:
    """Rows of a project's file from which a first draft is made."""

    sources: Sequence[DataSource]
    metrics: Sequence[ImpactMetric]
    version: PrototypeVersion | None


def find_card(project: Project) -> PublicCard | None:
    """Return the card of a project that the caller was shown."""
    return db.session.scalar(select(PublicCard).where(PublicCard.project_id == project.id))


def get_card(project: Project) -> PublicCard:
    """Return the card of a project that the caller was shown. Raises `NotFound`."""
    card = find_card(project)
    if card is None:
        raise NotFound
    return card


def read_draft_inputs(actor: Actor, project: Project) -> CardDraftInputs:
    """Return the rows from which the first draft is made."""
    sources = select_in_project(actor, DataSource, project).order_by(DataSource.number)
    metrics = select_in_project(actor, ImpactMetric, project).order_by(ImpactMetric.number)
    return CardDraftInputs(
        db.session.scalars(sources.limit(DRAFT_ROWS_MAX)).all(),
        db.session.scalars(metrics.limit(DRAFT_ROWS_MAX)).all(),
        get_prototype_summary(project).version,
    )


def get_published_card(programme: str, slug: str) -> PublishedCard:
    """Return a published card by the slugs of programme and project. Raises `NotFound`."""
    rows = db.session.execute(_PUBLISHED.where(Programme.slug == programme, Project.slug == slug))
    row = rows.first()
    if row is None:
        raise NotFound
    return PublishedCard(row[0], row[1], row[2])


def list_published_cards(programme: str) -> Sequence[PublishedCard]:
    """Return the published cards of a programme, by organisation. Raises `NotFound` if there is
    none: the page does not reveal whether the programme exists."""
    statement = _PUBLISHED.where(Programme.slug == programme)
    ordered = statement.order_by(Project.organisation_fold, Project.slug).limit(CARDS_MAX)
    published_cards = [PublishedCard(row[0], row[1], row[2]) for row in db.session.execute(ordered)]
    if not published_cards:
        raise NotFound
    return published_cards


_PUBLISHED: Select[PublicCard, Project, Programme] = (
    select(PublicCard, Project, Programme)
    .join(Project, Project.id == PublicCard.project_id)
    .join(Programme, Programme.id == Project.programme_id)
    .where(PublicCard.shown_at.is_not(None))
)


# Subquery on the project bound as `project`.
PUBLISHED_AT = (
    select(PublicCard.shown_at).where(PublicCard.project_id == bindparam("project")).scalar_subquery()
)


def get_card_texts(card: PublicCard) -> Mapping[str, str]:
    """Return all texts by field, empty ones included."""
    names = [f"{name}_{language}" for name in TEXTS for language in LOCALES]
    return {name: getattr(card, name) for name in names}
