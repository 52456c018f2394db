import sqlalchemy as sa

from portal.platform.kernel.database import db
from portal.platform.kernel.folded_text import FoldedText
from portal.platform.kernel.subqueries import rows_subquery
from portal.project.framing.models import Assumption, AssumptionVerdict
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support import project_file as file


def test_a_column_is_searched_without_case_and_accents_on_sqlite_as_on_postgresql(app):
    title = "Évaluer l’État des CŒURS, en français"
    make.project(title_fr=title, title_en="")
    folded = [
        word
        for word in ("evaluer", "etat", "coeurs", "francais", "état")
        if db.session.scalar(sa.select(Project.id).where(FoldedText(Project.title_fr).contains(word)))
    ]
    assert folded == ["evaluer", "etat", "coeurs", "francais"]


def test_rows_come_as_they_are_kept_in_their_order_beside_other_things(app):
    project = make.project()
    for risk in (2, 5, 3):
        file.assumption(project, risk=risk, statement=f"« {risk} », dit-on")
    columns = (
        Assumption.id,
        Assumption.statement,
        Assumption.risk,
        Assumption.verdict,
        Assumption.settled_on,
        Assumption.created_at,
        (Assumption.risk > 2).label("risky"),
        sa.literal(project.starts_on).label("day"),
    )
    chosen = sa.select(*columns).order_by(Assumption.risk.desc()).limit(2)
    expected = [tuple(row) for row in db.session.execute(chosen)]
    none = sa.select(Assumption.risk).where(Assumption.risk > 5)
    listed = sa.select(sa.literal(7), rows_subquery(chosen, lambda *row: row), rows_subquery(none, int))
    number, found, nothing = db.session.execute(listed).one()
    assert (number, found, nothing) == (7, expected, [])
    assert [(row[2], row[3]) for row in found] == [(5, AssumptionVerdict.OPEN), (3, AssumptionVerdict.OPEN)]


def test_each_row_has_a_list_of_its_own(app):
    own = {}
    for n, project in enumerate([make.project(), make.project()]):
        made = [file.assumption(project, statement=f"{n} {m}") for m in range(n + 1)]
        own[project.id] = [one.statement for one in made]
    chosen = sa.select(Assumption.statement).order_by(Assumption.number)
    stated = rows_subquery(chosen.where(Assumption.project_id == Project.id), str, correlated=[Project])
    assert dict(db.session.execute(sa.select(Project.id, stated)).all()) == own


def test_a_list_lets_its_statement_be_found_again(app):
    chosen = sa.select(Assumption.statement, Assumption.verdict)
    first, other = (sa.select(rows_subquery(chosen, make_)) for make_ in (tuple, lambda *row: row))
    keys = [one._generate_cache_key() for one in (first, first, other)]
    assert None not in keys
    assert keys[0] == keys[1] != keys[2]
