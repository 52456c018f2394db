"""Two people of the demonstration become one: no row points to the one that went, figures agree."""

import sqlalchemy as sa

from portal.app.command_line.gates import JUDGED
from portal.collaboration.search.queries import count_differences
from portal.oversight.gates.models import GateEvaluation
from portal.oversight.health.models import HealthReading
from portal.people.accounts.models import Person
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_verification import AuditWalk
from portal.platform.kernel.database import db
from tests.support import account_joins

# Coaches of other tracks, members of one team, a lead of teams and an observer.
PAIRS = (
    ("coach-technical", "coach-strategic"),
    ("agent1-ign", "agent2-ign"),
    ("direction", "observateur"),
    ("relecteur", "relectrice"),
)


def test_no_row_points_to_an_account_that_went(told):
    _judge(told)
    admin = _person("admin")
    admin_id, gone = admin.id, []
    for goes, stays in PAIRS:
        goes_id = _person(goes).id
        assert len(account_joins.references_to(goes_id)) > 2
        account_joins.join_by_ids(admin_id, goes_id, _person(stays).id)
        gone.append(goes_id)
    assert [account_joins.references_to(goes_id) for goes_id in gone] == [{}] * len(PAIRS)
    assert count_differences() == {}
    assert list(AuditWalk().list_faults()) == []
    figures = _read_figures()
    _judge(told)
    assert _read_figures() == figures, "figures that the joins should have refreshed"


def _person(name: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.email == f"{name}@demo.example")).one()


def _judge(app) -> None:
    """Recompute gates and health of all projects; results that do not change are not stored."""
    db.session.rollback()
    assert app.test_cli_runner().invoke(args=["gates", "judge"]).exit_code == 0
    assert db.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.action == JUDGED.code).limit(1))


def _read_figures() -> list[object]:
    """What is known of each project now: its evaluations of gates, its last reading."""
    readings = db.session.scalars(sa.select(HealthReading).order_by(HealthReading.id)).all()
    latest = {each.project_id: (each.facts, each.signals) for each in readings}
    return [db.session.scalar(sa.select(sa.func.count()).select_from(GateEvaluation)), latest]
