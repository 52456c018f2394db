import sqlalchemy as sa

from portal.framing.models import Assumption, Verdict
from portal.kernel.db import db
from portal.kernel.lists import rows_of
from tests.support import factories as make
from tests.support import project_file as file


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
        (Assumption.risk > 2).label("risky"),
        sa.literal(project.starts_on).label("day"),
    )
    chosen = sa.select(*columns).order_by(Assumption.risk.desc()).limit(2)
    expected = [tuple(row) for row in db.session.execute(chosen)]
    none = sa.select(Assumption.risk).where(Assumption.risk > 5)
    listed = sa.select(sa.literal(7), rows_of(chosen, lambda *row: row), rows_of(none, int))
    number, found, nothing = db.session.execute(listed).one()
    assert (number, found, nothing) == (7, expected, [])
    assert [(row[2], row[3]) for row in found] == [(5, Verdict.OPEN), (3, Verdict.OPEN)]


def test_a_list_lets_its_statement_be_found_again(app):
    chosen = sa.select(Assumption.statement, Assumption.verdict)
    first, other = (sa.select(rows_of(chosen, make_)) for make_ in (tuple, lambda *row: row))
    keys = [one._generate_cache_key() for one in (first, first, other)]
    assert None not in keys
    assert keys[0] == keys[1] != keys[2]
