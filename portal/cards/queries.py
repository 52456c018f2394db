"""Reading cards: that of a project for whoever reads the project, and for anybody what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, select

from portal.cards.models import TEXTS, PublicCard
from portal.data_sources.models import DataSource
from portal.framing.metrics import ImpactMetric
from portal.kernel.access import Actor
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.text import LOCALES
from portal.programmes.models import Programme
from portal.projects.models import Project
from portal.projects.numbered import of_project
from portal.prototypes.models import PrototypeVersion
from portal.prototypes.queries import read_latest

EACH_MAX = 20  # rows of a kind that a first draft is made of
CARDS_MAX = 500  # of a programme, on one page


@dataclass(frozen=True)
class Shown:
    """A card that anybody reads, with whose it is."""

    card: PublicCard
    project: Project
    programme: Programme


@dataclass(frozen=True)
class Known:
    """What a project's file holds of what a card says."""

    sources: Sequence[DataSource]
    metrics: Sequence[ImpactMetric]
    version: PrototypeVersion | None


def find_card(project: Project) -> PublicCard | None:
    """Of a project that the caller was shown."""
    return db.session.scalar(select(PublicCard).where(PublicCard.project_id == project.id))


def get_card(project: Project) -> PublicCard:
    """The same. Raises `NotFound` before one was written."""
    found = find_card(project)
    if found is None:
        raise NotFound
    return found


def read_known(actor: Actor, project: Project) -> Known:
    """What its first draft is made of."""
    sources = of_project(actor, DataSource, project).order_by(DataSource.number)
    metrics = of_project(actor, ImpactMetric, project).order_by(ImpactMetric.number)
    return Known(
        db.session.scalars(sources.limit(EACH_MAX)).all(),
        db.session.scalars(metrics.limit(EACH_MAX)).all(),
        read_latest(project).version,
    )


def get_programme(project: Project) -> Programme:
    """That of a project that the caller was shown."""
    return db.session.scalars(select(Programme).where(Programme.id == project.programme_id)).one()


def get_shown(programme: str, slug: str) -> Shown:
    """For anybody: by the names of both. Raises `NotFound`."""
    found = db.session.execute(_SHOWN.where(Programme.slug == programme, Project.slug == slug))
    one = found.first()
    if one is None:
        raise NotFound
    return Shown(one[0], one[1], one[2])


def list_shown(programme: str) -> Sequence[Shown]:
    """For anybody, by organisation. Raises `NotFound` where a programme shows none: whether there
    is such a programme is nobody's to know."""
    mine = _SHOWN.where(Programme.slug == programme)
    ordered = mine.order_by(Project.organisation_fold, Project.slug).limit(CARDS_MAX)
    found = [Shown(row[0], row[1], row[2]) for row in db.session.execute(ordered)]
    if not found:
        raise NotFound
    return found


_SHOWN: Select[PublicCard, Project, Programme] = (
    select(PublicCard, Project, Programme)
    .join(Project, Project.id == PublicCard.project_id)
    .join(Programme, Programme.id == Project.programme_id)
    .where(PublicCard.shown_at.is_not(None))
)


# Of the project that is bound as `project`.
SHOWN_AT = (
    select(PublicCard.shown_at)
    .where(PublicCard.project_id == bindparam("project"))
    .scalar_subquery()
)


def texts_of(card: PublicCard) -> Mapping[str, str]:
    """All that was written, by field."""
    names = [f"{name}_{language}" for name in TEXTS for language in LOCALES]
    return {name: getattr(card, name) for name in names}
