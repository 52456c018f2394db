"""Two people of the demonstration become one: no row points to the one that went, figures agree."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from portal.app.command_line.gates import JUDGED
from portal.collaboration.search.index_queries import count_index_differences_by_kind
from portal.oversight.gates.models import GateEvaluation
from portal.oversight.health.models import HealthReading
from portal.oversight.portfolio.hindsight_queries import read_teams_as_of
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.audit_verification import AuditTrailVerification
from portal.platform.kernel.database import db
from tests.support import account_joins
from tests.support import factories as make

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
    assert count_index_differences_by_kind() == {}
    assert list(AuditTrailVerification().list_faults()) == []
    figures = _read_figures()
    _judge(told)
    assert _read_figures() == figures, "figures that the joins should have refreshed"


def test_past_days_keep_their_numbers(told):
    before = _read_past_days()
    assert sum(len(coaches) for _health, coaches in before.values()) > 50
    admin_id = _person("admin").id
    for goes, stays in PAIRS:
        account_joins.join_by_ids(admin_id, _person(goes).id, _person(stays).id)
    after = _read_past_days()
    assert {key: health for key, (health, _coaches) in after.items()} == {
        key: health for key, (health, _coaches) in before.items()
    }
    assert {key: len(coaches) for key, (_health, coaches) in after.items()} == {
        key: len(coaches) for key, (_health, coaches) in before.items()
    }


def _read_past_days() -> dict[object, tuple[object, Sequence[object]]]:
    """Health and coaches of each team of the second call, a month and two months ago."""
    programme = db.session.scalars(sa.select(Programme).where(Programme.slug == "ami-ia-2019")).one()
    lead = make.role(programme.id, Role.PROGRAMME_LEAD)
    actor, tracks = make.actor(lead), list_tracks(programme.id)
    past = {}
    for days in (30, 60):
        day = clock.today() - timedelta(days=days)
        teams = read_teams_as_of(actor, programme, tracks, day, clock.DEFAULT_ZONE)
        for id_ in teams.ids:
            readings = sa.select(HealthReading.signals).where(
                HealthReading.project_id == id_, HealthReading.created_at <= teams.moment
            )
            health = db.session.scalars(readings.order_by(HealthReading.id.desc()).limit(1)).first()
            past[id_, days] = health, teams.support.coaches_of.get(id_, ())
    return past


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
