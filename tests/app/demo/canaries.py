"""A canary in texts of every kind that search knows, in two teams."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.coaching.sessions.models import CoachingSession, Decision
from portal.collaboration.search import commands
from portal.collaboration.search.models import SearchEntry
from portal.collaboration.search.search import SearchSource
from portal.ethics.reviews.models import Review, ReviewAnswer, ReviewCondition, ReviewRound
from portal.oversight.committee_packs.models import CommitteePack, PackPage
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme, RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import connection, db
from portal.project.projects.models import Project
from portal.selection.applications.models import ApplicationMessage
from portal.selection.jury.models import InterestDeclaration, JuryAssignment
from portal.sprints.prototypes.evaluation_models import EvaluationProtocol, Pivot
from portal.sprints.sprints.models import Sprint
from tests.support import packs
from tests.support.coaching import clinic
from tests.support.project_file import save

WORD = "zinzolin"
PER_KIND = 2  # rows of each kind, of two teams


def plant() -> dict[str, set[UUID]]:
    """Plant the canary in rows of every kind: their ids, by kind."""
    triggers = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('gate_decision', 'pivot')"
    )
    for name in connection().execute(sa.text(triggers)).scalars().all():  # append-only otherwise
        connection().execute(sa.text(f'DROP TRIGGER "{name}"'))
    _add_lacking_rows()
    commands.rebuild_search_index()
    rows = {source.kind: _plant(source) for source in list_contributions(SearchSource)}
    rows[Review.__tablename__] = _plant_beside(Review, ReviewAnswer, ReviewAnswer.review_id, note=WORD)
    told = {"title": f"Le {WORD} gris"}
    rows[CommitteePack.__tablename__] = _plant_beside(CommitteePack, PackPage, PackPage.pack_id, content=told)
    decided = _plant_beside(CoachingSession, Decision, Decision.session_id, what=WORD)
    rows[CoachingSession.__tablename__] |= decided
    db.session.commit()
    return rows


def _add_lacking_rows() -> None:
    """Rows of the kinds that the demonstration has in one team at most."""
    lead = db.session.scalar(
        sa.select(Person).join(RoleAssignment).where(RoleAssignment.role == Role.PROGRAMME_LEAD)
    )
    rounds = sa.select(ReviewRound, Review.project_id).join(Review, Review.id == ReviewRound.review_id)
    round_by_project = {project_id: each for each, project_id in db.session.execute(rounds)}
    protocols = db.session.scalars(sa.select(EvaluationProtocol)).all()
    protocol_by_project = {each.project_id: each for each in protocols if each.project_id in round_by_project}
    for project_id in list(protocol_by_project)[:PER_KIND]:
        own, protocol = {"project_id": project_id, "number": 90}, protocol_by_project[project_id]
        days = {"decided_on": clock.today(), "reason_sha256": Pivot.reason_digest("-")}
        save(Pivot(protocol_id=protocol.id, reason="-", **own, **days))
        ids = {
            "review_id": round_by_project[project_id].review_id,
            "round_id": round_by_project[project_id].id,
        }
        save(ReviewCondition(what="-", due_on=clock.today(), decided_at=clock.now(), **own, **ids))
        closed = Sprint.project_id == project_id, Sprint.closed_at.is_not(None)
        sprint = db.session.scalar(sa.select(Sprint).where(*closed).limit(1))
        clinic(sprint, lead, closed_at=clock.now(), closed_by_id=lead.id, outcome="-")
    judged = db.session.scalars(
        sa.select(JuryAssignment).where(JuryAssignment.declaration == InterestDeclaration.CLEAR)
    ).first()
    parents = {"application_id": judged.application_id, "author_id": judged.person_id}
    save(ApplicationMessage(is_from_jury=True, body="-", **parents))
    project = db.session.get(Project, project_id)
    packs.made(db.session.get(Programme, project.programme_id), lead, project)


def _plant_beside(model: type, texts: type, key: Any, **values: object) -> set[UUID]:
    """In rows of two teams whose texts are those of another table."""
    source = next(each for each in list_contributions(SearchSource) if each.model is model)
    entries = sa.select(SearchEntry.scope_id, SearchEntry.subject_id).where(SearchEntry.kind == source.kind)
    written = entries.where(SearchEntry.subject_id.in_(sa.select(key)))
    ids = list(dict(map(tuple, db.session.execute(written))).values())[:PER_KIND]
    db.session.execute(sa.update(texts).where(key.in_(ids)).values(values))
    commands.index_rows(source, ids)
    return set(ids)


def _plant(source: SearchSource) -> set[UUID]:
    entries = sa.select(SearchEntry.subject_id, SearchEntry.scope_id).where(SearchEntry.kind == source.kind)
    by_scope = {scope: subject for subject, scope in db.session.execute(entries)}
    ids = list(by_scope.values())[:PER_KIND]
    table = source.model.__table__
    for column in (each for each in table.columns if isinstance(each.type, sa.Text | sa.String)):
        length = column.type.length or 10_000
        if length < 100 or isinstance(column.type, sa.Enum):
            continue
        values = {column.name: sa.func.substr(WORD + " " + column, 1, length)}
        with db.session.begin_nested() as attempt:
            db.session.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
            db.session.expire_all()
            planted = {t.subject_id for t in source.read(ids) if WORD in f"{t.title} {t.body}"}
            if planted:
                commands.index_rows(source, ids)
                return planted
            attempt.rollback()
    return set()
