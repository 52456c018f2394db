from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.sprints.prototypes import commands, evaluation_queries, queries
from portal.sprints.prototypes import evaluation_commands as evaluation
from portal.sprints.prototypes.commands import VersionFacts
from portal.sprints.prototypes.evaluation_commands import ProtocolPlan, RunFacts
from portal.sprints.prototypes.evaluation_models import Pivot, SubgroupResult
from portal.sprints.prototypes.models import AutomationLevel, Exposure
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.refusals import forbidden

FACTS = VersionFacts(
    released_on=date(2026, 3, 2),
    changes="La carte s’affiche.",
    link="https://demo.example",
    recording="",
    sprint_id=None,
    automation=AutomationLevel.INFORM,
    exposure=Exposure.AGENTS,
    model_family="Forêt aléatoire",
    model_provider="L’équipe",
)
PLAN = ProtocolPlan(
    dated_on=date(2026, 3, 2),
    metric="Rappel",
    direction=file.MetricDirection.UP,
    held_out="120 lettres",
    held_out_size=120,
    baseline_name="Lecture au hasard",
    baseline=0.5,
    threshold=0.7,
)


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def trail(subject) -> list[AuditEvent]:
    events = sa.select(AuditEvent).where(AuditEvent.subject_id == subject.id)
    return list(db.session.scalars(events.order_by(AuditEvent.id)))


def facts(version, **given) -> RunFacts:
    usual = {
        "prototype": version,
        "ran_on": date(2026, 3, 9),
        "result": 0.61,
        "code_reference": "abc123",
        "data_sha256": "ab" * 32,
        "note": "",
        "subgroups": [SubgroupFigure("Côte", 0.7, 40), SubgroupFigure("Montagne", 0.4, None)],
    }
    return RunFacts(**usual | given)


def test_the_portal_numbers_versions_and_tells_what_changed_since_the_one_before(project, member):
    sprint = make.sprint(project)
    first = commands.release_version(member, project, replace(FACTS, sprint_id=sprint.id))
    wider = replace(FACTS, automation=AutomationLevel.CHECKED, exposure=Exposure.CITIZENS)
    second = commands.release_version(member, project, wider)
    db.session.commit()
    assert (first.number, second.number, first.sprint_id) == (1, 2, sprint.id)
    told = trail(second)[0]
    assert told.action == "prototype.released"
    assert (told.before["exposure"], told.after["exposure"]) == ("agents", "citizens")
    assert (told.before["automation"], told.after["automation"]) == ("inform", "checked")
    assert told.before["model_family"] == told.after["model_family"]


def test_versions_come_out_in_the_order_of_their_numbers(project, member):
    first = commands.release_version(member, project, FACTS)
    with pytest.raises(RuleBroken) as refused:
        commands.release_version(member, project, replace(FACTS, released_on=date(2026, 3, 1)))
    assert refused.value.field == "released_on"
    assert "version 1 est sortie le 2 mars 2026" in str(refused.value)
    second = commands.release_version(member, project, replace(FACTS, released_on=date(2026, 3, 9)))
    db.session.commit()
    for version, day in ((second, date(2026, 3, 1)), (first, date(2026, 3, 10))):
        moved = replace(FACTS, released_on=day)
        with pytest.raises(RuleBroken):
            commands.change_version(member, project, version, moved, version.version)
    moved = replace(FACTS, released_on=date(2026, 3, 9))
    commands.change_version(member, project, first, moved, first.version)
    assert first.released_on == second.released_on


def test_a_change_of_course_does_not_precede_its_protocol(project, member):
    protocol = evaluation.write_protocol(member, project, PLAN)
    day = PLAN.dated_on - timedelta(days=1)
    with pytest.raises(RuleBroken) as refused:
        evaluation.note_pivot(member, project, protocol, decided_on=day, reason="Trop tôt.")
    assert refused.value.field == "decided_on"
    evaluation.note_pivot(member, project, protocol, decided_on=PLAN.dated_on, reason="Le jour même.")


def test_a_version_is_mended_with_before_and_after(project, member):
    version = file.version(project)
    commands.change_version(member, project, version, FACTS, version.version)
    db.session.commit()
    assert trail(version)[0].before["automation"] == "suggest"
    with pytest.raises(Conflict):
        commands.change_version(member, project, version, FACTS, 99)


def test_no_version_comes_out_tomorrow(project, member):
    later = replace(FACTS, released_on=clock.today() + timedelta(days=2))
    with pytest.raises(RuleBroken) as refused:
        commands.release_version(member, project, later)
    assert refused.value.field == "released_on"


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 1)])
def test_a_run_that_its_protocol_does_not_precede_is_refused(project, member, day):
    protocol = file.protocol(project)
    run = facts(file.version(project), ran_on=day)
    with pytest.raises(RuleBroken, match="Le protocole est daté du 2 mars 2026") as refused:
        evaluation.note_run(member, project, protocol, run)
    assert refused.value.field == "ran_on"


def test_a_run_keeps_its_subgroups_in_order(project, member):
    protocol = file.protocol(project)
    run = evaluation.note_run(member, project, protocol, facts(file.version(project)))
    db.session.commit()
    kept = evaluation_queries.list_subgroups_by_run([run])[run.id]
    assert [(row.name, row.result, row.size) for row in kept] == [("Côte", 0.7, 40), ("Montagne", 0.4, None)]
    assert trail(run)[0].after["subgroups"] == "Côte; 0.7; 40\nMontagne; 0.4"


def test_a_corrected_run_tells_what_it_said(project, member):
    protocol, version = file.protocol(project), file.version(project)
    run = evaluation.note_run(member, project, protocol, facts(version))
    mended = facts(version, result=0.72, subgroups=[SubgroupFigure("Côte", 0.8, 40)])
    evaluation.change_run(member, project, protocol, run, mended, expected_version=run.version)
    db.session.commit()
    assert db.session.query(SubgroupResult).count() == 1
    told = trail(run)[1]
    assert (told.before["result"], told.after["result"]) == (0.61, 0.72)
    assert "Montagne" in told.before["subgroups"]
    with pytest.raises(Conflict):
        evaluation.change_run(member, project, protocol, run, mended, expected_version=99)


def test_a_protocol_with_runs_is_not_changed_but_replaced(project, member):
    protocol = evaluation.write_protocol(member, project, PLAN)
    easier = replace(PLAN, threshold=0.6)
    evaluation.change_protocol(member, project, protocol, easier, protocol.version)
    evaluation.note_run(member, project, protocol, facts(file.version(project)))
    with pytest.raises(TooLate, match="Remplacez-le"):
        evaluation.change_protocol(member, project, protocol, PLAN, protocol.version)
    after = evaluation.replace_protocol(member, project, protocol, PLAN)
    db.session.commit()
    assert evaluation_queries.find_adjacent_protocols(protocol) == (None, after)
    assert evaluation_queries.find_adjacent_protocols(after) == (protocol, None)
    assert (trail(after)[0].before, trail(after)[0].after) == ({"threshold": 0.6}, {"threshold": 0.7})


def test_a_replaced_protocol_takes_nothing_more(project, member):
    protocol, version = file.protocol(project), file.version(project)
    evaluation.replace_protocol(member, project, protocol, PLAN)
    for deed in (
        lambda: evaluation.note_run(member, project, protocol, facts(version)),
        lambda: evaluation.replace_protocol(member, project, protocol, PLAN),
        lambda: evaluation.note_pivot(member, project, protocol, decided_on=date(2026, 3, 9), reason="r"),
    ):
        with pytest.raises(TooLate, match="remplacé par le protocole 2"):
            deed()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"threshold": 0.4}, "threshold"),
        ({"direction": file.MetricDirection.DOWN}, "threshold"),
        ({"dated_on": clock.today() + timedelta(days=2)}, "dated_on"),
    ],
)
def test_what_does_not_hold_in_a_protocol_is_said_beside_its_field(project, member, given, field):
    with pytest.raises(RuleBroken) as refused:
        evaluation.write_protocol(member, project, replace(PLAN, **given))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ran_on": clock.today() + timedelta(days=2)}, "ran_on"),
        ({"data_sha256": "ab"}, "data_sha256"),
        ({"subgroups": [SubgroupFigure("a", 1, None)] * 51}, "subgroups"),
    ],
)
def test_what_does_not_hold_in_a_run_is_said_beside_its_field(project, member, given, field):
    protocol = file.protocol(project)
    with pytest.raises(RuleBroken) as refused:
        evaluation.note_run(member, project, protocol, facts(file.version(project), **given))
    assert refused.value.field == field


def test_a_change_of_course_says_why_and_when(project, member):
    protocol = file.protocol(project)
    given = {"decided_on": date(2026, 3, 9), "reason": "Les lettres manquent."}
    decided = evaluation.note_pivot(member, project, protocol, **given)
    db.session.commit()
    assert evaluation_queries.list_protocol_pivots(protocol) == [decided]
    assert trail(decided)[0].after["reason"] == "Les lettres manquent."
    with pytest.raises(RuleBroken):
        evaluation.note_pivot(member, project, protocol, **given | {"reason": ""})


def test_a_change_of_course_is_noted_once(project, member):
    protocol, other = file.protocol(project), file.protocol(project)
    given = {"decided_on": date(2026, 3, 9), "reason": "Les lettres manquent."}
    evaluation.note_pivot(member, project, protocol, **given)
    for reason in (given["reason"], "les  lettres\nmanquent."):
        with pytest.raises(RuleBroken, match="déjà notée") as refused:
            evaluation.note_pivot(member, project, protocol, **given | {"reason": reason})
        assert refused.value.field == "reason"
    evaluation.note_pivot(member, project, protocol, **given | {"reason": "Le juge se trompe."})
    evaluation.note_pivot(member, project, protocol, **given | {"decided_on": date(2026, 3, 10)})
    evaluation.note_pivot(member, project, other, **given)


def test_the_database_keeps_a_change_of_course_once(project, member):
    protocol = file.protocol(project)
    given = {"decided_on": date(2026, 3, 9), "reason": "Les lettres manquent." * 190}
    evaluation.note_pivot(member, project, protocol, **given)
    same = given | {"protocol_id": protocol.id, "reason_sha256": Pivot.reason_digest(given["reason"])}
    with pytest.raises(IntegrityError):
        file.of(project, Pivot, **same)


def test_a_run_belongs_to_its_protocol(project, member):
    one, other = file.protocol(project), file.protocol(project)
    run = file.run(project, one, file.version(project))
    with pytest.raises(NotFound):
        evaluation_queries.get_run(member, project, other, run.number)


def test_the_latest_says_what_is_newest(project):
    assert queries.get_prototype_summary(project) == queries.PrototypeSummary(None, None, None, 0)
    protocol = file.protocol(project)
    assert queries.get_prototype_summary(project).run is None
    version = file.version(project)
    file.run(project, protocol, version, ran_on=date(2026, 4, 1))
    later = file.run(project, protocol, version, ran_on=date(2026, 5, 1))
    file.protocol(project)
    latest = queries.get_prototype_summary(project)
    assert (latest.version, latest.run, latest.protocol) == (version, later, protocol)
    assert latest.protocols == 2


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_who_reads_does_not_write(project, role):
    reader, protocol = make.actor(make.holder(role, project)), file.protocol(project)
    version = file.version(project)
    for deed in (
        lambda: commands.release_version(reader, project, FACTS),
        lambda: commands.change_version(reader, project, version, FACTS, 1),
        lambda: evaluation.write_protocol(reader, project, PLAN),
        lambda: evaluation.change_protocol(reader, project, protocol, PLAN, 1),
        lambda: evaluation.note_run(reader, project, protocol, facts(version)),
        lambda: evaluation.note_pivot(reader, project, protocol, decided_on=date(2026, 3, 9), reason="r"),
    ):
        with forbidden():
            deed()
