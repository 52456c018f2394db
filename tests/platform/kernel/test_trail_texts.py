"""Lines of the trail hold typed text by reference: readers see it, the chain does not depend on it."""

import sqlalchemy as sa

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import REFERENCE, AuditEvent, TrailText, is_text_reference
from portal.platform.kernel.audit_chain import COLUMNS
from portal.platform.kernel.database import db
from portal.platform.kernel.history import map_past_values_by_row
from tests.platform.kernel import tampering
from tests.support.trail import last_event

ACTION = audit.ACTIONS["sprint.closed"]


def record(project, facts=None, **changes: tuple[object, object]) -> None:
    audit.record(None, ACTION, project, scope_id=project.id, facts=facts, changes=changes)
    db.session.commit()


def raw_line() -> dict[str, object]:
    """The last line as it is stored and sealed."""
    table = AuditEvent.__table__
    columns = [table.c[name] for name in COLUMNS]
    return dict(db.session.execute(sa.select(*columns).order_by(table.c.id.desc()).limit(1)).mappings().one())


def test_a_typed_text_is_beside_the_line_and_read_with_it(project):
    record(project, {"name": "Titre tapé", "number": 3}, goal=("But d’avant", "But d’après"), points=(3, 5))
    line = raw_line()
    assert is_text_reference(line["before"]["goal"])
    assert is_text_reference(line["facts"]["name"])
    assert (line["before"]["points"], line["facts"]["number"]) == (3, 3)
    assert "But" not in str(line)
    event = last_event()
    assert (event.before, event.after) == (
        {"goal": "But d’avant", "points": 3},
        {"goal": "But d’après", "points": 5},
    )
    assert event.facts == {"name": "Titre tapé", "number": 3}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TrailText)) == 3


def test_codes_numbers_days_and_nothing_need_no_reference(project):
    state = Role.COACH
    record(project, {"path": "/projects/x"}, role=(None, state), goal=("", None), count=(1, 2))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TrailText)) == 0
    assert raw_line()["facts"] == {"path": "/projects/x"}


def test_past_values_are_read_with_their_texts(project):
    begun = clock.now()
    record(project, goal=("But d’avant", "But d’après"))
    values = map_past_values_by_row([project.id], begun)
    assert values[project.id]["goal"] == "But d’avant"


def test_a_text_that_is_taken_away_leaves_the_chain_whole(project):
    record(project, goal=("But de Zoé", "Autre"))
    db.session.execute(sa.delete(TrailText).where(TrailText.body == "But de Zoé"))
    db.session.commit()
    assert tampering.walk()[0] == []
    assert last_event().before == {"goal": ""}


def test_a_line_from_before_keeps_what_it_holds(project):
    """Lines of earlier releases hold their texts themselves."""
    record(project)
    event = last_event()
    stored = {"goal": "Ancien but", "note": {REFERENCE: "x", "more": 1}}
    assert audit.restore_texts(stored, {}) == stored
    assert event.before == {}


def test_many_lines_are_read_in_two_statements(project, statements):
    for n in range(10):
        record(project, goal=(f"But {n}", f"But {n + 1}"))
    begun = len(statements)
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.scope_id == project.id)).all()
    assert [event.after["goal"] for event in events if event.after][-1].startswith("But")
    assert (
        len([sql for sql in statements[begun:] if "FROM audit_event" in sql or "FROM trail_text" in sql]) == 2
    )
