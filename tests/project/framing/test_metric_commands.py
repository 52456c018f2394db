from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken
from portal.project.framing import labels, queries
from portal.project.framing import metric_commands as commands
from portal.project.framing.metric_commands import MeasurementFacts, MetricDefinitionFacts
from portal.project.framing.metric_models import MetricDirection
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.refusals import forbidden

PLAN = MetricDefinitionFacts(
    name="Délai de réponse",
    unit="jours",
    direction=MetricDirection.DOWN,
    baseline=10.0,
    baseline_on=date(2026, 1, 5),
    baseline_source="Rapport annuel",
    target=2.0,
)
VALUE = MeasurementFacts(measured_on=date(2026, 3, 2), value=6.0, sample_size=40, method="")


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def test_a_redefinition_keeps_the_old_one_and_what_was_measured_under_it(project, member):
    metric = commands.define_metric(member, project, PLAN)
    commands.add_measurement(member, project, metric, VALUE)
    hours = replace(PLAN, unit="heures", baseline=240.0, target=48.0)
    commands.redefine_metric(member, project, metric, hours, reason="Plus fin.", version=metric.version)
    commands.add_measurement(member, project, metric, replace(VALUE, value=130.0))
    db.session.commit()
    now, before = queries.list_definitions_of_metric(metric)
    assert [(one.edition, one.unit, one.reason) for one in (now, before)] == [
        (2, "heures", "Plus fin."),
        (1, "jours", ""),
    ]
    assert [row.value for row in queries.list_charted_measurements(metric, 10)] == [130.0]
    assert queries.map_latest_measurement_by_metric([metric])[metric.id].value == 130.0
    assert queries.read_measurements_page(member, project, metric).count == 2
    told = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "metric.redefined")).one()
    assert (told.before["unit"], told.after["unit"]) == ("jours", "heures")


def test_a_redefinition_says_why_and_one_that_changes_nothing_is_none(project, member):
    metric = commands.define_metric(member, project, PLAN)
    with pytest.raises(RuleBroken) as refused:
        commands.redefine_metric(
            member, project, metric, replace(PLAN, unit="heures"), reason="", version=metric.version
        )
    assert refused.value.field == "reason"
    commands.redefine_metric(member, project, metric, PLAN, reason="", version=metric.version)
    assert metric.edition == 1


def test_a_stale_redefinition_is_a_conflict(project, member):
    metric = file.metric(project)
    with pytest.raises(Conflict):
        commands.redefine_metric(member, project, metric, PLAN, reason="r", version=99)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"baseline_on": None}, "baseline_on"),
        ({"baseline_on": clock.today() + timedelta(days=2)}, "baseline_on"),
        ({"target": 12.0}, "target"),
        ({"target": 10.0}, "target"),
        ({"direction": MetricDirection.UP}, "target"),
    ],
)
def test_what_does_not_hold_in_a_definition_is_said_beside_its_field(project, member, given, field):
    with pytest.raises(RuleBroken) as refused:
        commands.define_metric(member, project, replace(PLAN, **given))
    assert refused.value.field == field


def test_a_metric_may_wait_for_its_baseline_and_its_target(project, member):
    bare = replace(PLAN, baseline=None, baseline_on=None, target=None)
    metric = commands.define_metric(member, project, bare)
    assert labels.metric_progress_sentence(metric, None) == "Il manque le point de départ ou la cible."


def test_a_measurement_is_corrected_or_set_aside_and_never_lost(project, member):
    metric = commands.define_metric(member, project, PLAN)
    row = commands.add_measurement(member, project, metric, VALUE)
    for value, aside in ((5.0, False), (5.0, True)):
        measured = replace(VALUE, value=value)
        commands.correct_measurement(
            member, project, metric, row, measured, set_aside=aside, version=row.version
        )
    db.session.commit()
    assert queries.list_charted_measurements(metric, 10) == []
    assert queries.map_latest_measurement_by_metric([metric]) == {}
    assert queries.read_measurements_page(member, project, metric).rows[0].value == 5.0
    actions = db.session.scalars(
        sa.select(AuditEvent.action).where(AuditEvent.subject_id == row.id).order_by(AuditEvent.id)
    )
    assert list(actions) == ["metric.measured", "metric.remeasured", "metric.measure_set_aside"]


def test_nothing_is_measured_tomorrow(project, member):
    metric = file.metric(project)
    later = replace(VALUE, measured_on=clock.today() + timedelta(days=2))
    with pytest.raises(RuleBroken, match="à venir"):
        commands.add_measurement(member, project, metric, later)


@pytest.mark.parametrize("cases", [0, -1])
def test_a_measurement_is_made_on_one_case_at_least(project, member, cases):
    metric = file.metric(project)
    with pytest.raises(RuleBroken, match="un cas au moins") as refused:
        commands.add_measurement(member, project, metric, replace(VALUE, sample_size=cases))
    assert refused.value.field == "sample_size"
    row = commands.add_measurement(member, project, metric, replace(VALUE, sample_size=1))
    none = replace(VALUE, sample_size=cases)
    with pytest.raises(RuleBroken, match="un cas au moins"):
        commands.correct_measurement(member, project, metric, row, none, set_aside=False, version=row.version)


def test_a_measurement_belongs_to_its_metric(project, member):
    one, other = file.metric(project), file.metric(project)
    row = file.measurement(project, one)
    with pytest.raises(NotFound):
        queries.get_measurement(member, project, other, row.number)


def test_who_reads_measures_nothing(project):
    coach = make.actor(make.holder(Role.COACH, project))
    metric = file.metric(project)
    with forbidden():
        commands.add_measurement(coach, project, metric, VALUE)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (10.0, "Pas de progrès depuis le départ."),
        (12.0, "Pas de progrès depuis le départ."),
        (6.0, "50\u00a0% du chemin vers la cible."),
        (2.0, "La cible est atteinte."),
        (1.0, "La cible est atteinte."),
    ],
)
def test_progress_is_said_in_words(project, value, said):
    metric = file.metric(project)
    assert labels.metric_progress_sentence(metric, file.measurement(project, metric, value=value)) == said


@pytest.mark.parametrize("values", [{"baseline_on": clock.today() + timedelta(days=2)}, {"target": 20.0}])
def test_a_redefinition_obeys_the_rules_of_a_definition(project, member, values):
    metric = commands.define_metric(member, project, PLAN)
    faulty = replace(PLAN, **values)
    with pytest.raises(RuleBroken) as refused:
        commands.define_metric(member, project, faulty)
    field = refused.value.field
    with pytest.raises(RuleBroken) as refused:
        commands.redefine_metric(member, project, metric, faulty, reason="r", version=metric.version)
    assert refused.value.field == field
    assert metric.edition == 1
