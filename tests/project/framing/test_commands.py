from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.framing import commands
from portal.project.framing.commands import AssumptionFacts, GroupFacts, InterviewFacts
from portal.project.framing.models import Assumption, AssumptionVerdict, TargetAudience, TargetGroup
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.refusals import forbidden

GROUP = GroupFacts(audience=TargetAudience.AGENTS, name="Les contrôleurs", size=40, access_needs="")
BELIEF = AssumptionFacts(statement="Les lettres se ressemblent.", risk=4, test="En lire dix.")
HEARD = InterviewFacts(held_on=date(2026, 3, 2), target_group=None, people=2, learnt="Ils lisent.")


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def trail(subject) -> list[AuditEvent]:
    events = sa.select(AuditEvent).where(AuditEvent.subject_id == subject.id)
    return list(db.session.scalars(events.order_by(AuditEvent.id)))


def test_target_groups_are_numbered_in_the_project(project, member):
    other = make.project()
    theirs = make.actor(make.role(other.id, Role.TEAM_MEMBER))
    named = [GROUP, replace(GROUP, name="Les inspecteurs")]
    numbers = [commands.add_group(member, project, one).number for one in named]
    assert (numbers, commands.add_group(theirs, other, GROUP).number) == ([1, 2], 1)


@pytest.mark.parametrize("name", ["Les contrôleurs", "les  controleurs", "LES CONTRÔLEURS"])
def test_two_groups_of_a_project_are_told_apart_by_their_names(project, member, name):
    commands.add_group(member, project, GROUP)
    with pytest.raises(RuleBroken, match="porte déjà ce nom") as refused:
        commands.add_group(member, project, replace(GROUP, name=name))
    assert refused.value.field == "name"
    other = commands.add_group(member, project, replace(GROUP, name="Les inspecteurs"))
    same = replace(GROUP, name=name)
    with pytest.raises(RuleBroken, match="porte déjà ce nom"):
        commands.change_group(member, project, other, same, left=False, version=other.version)


def test_the_name_of_a_group_that_was_left_stays_taken(project, member):
    file.group(project, left_on=date(2026, 2, 1))
    with pytest.raises(RuleBroken, match="reprenez-le"):
        commands.add_group(member, project, GROUP)


def test_a_group_keeps_its_own_name_written_otherwise(project, member):
    group = commands.add_group(member, project, GROUP)
    louder = replace(GROUP, name="Les CONTRÔLEURS")
    commands.change_group(member, project, group, louder, left=False, version=group.version)
    assert trail(group)[1].after == {"name": "Les CONTRÔLEURS"}


def test_the_database_lets_no_second_group_of_a_name_in(project):
    """Covers a concurrent request between the check and the insert."""
    file.group(project)
    with pytest.raises(IntegrityError):
        file.group(project, name="les controleurs")


def test_a_group_that_comes_changes_or_goes_is_told_with_what_was_there(project, member):
    group = commands.add_group(member, project, GROUP)
    more = replace(GROUP, size=400)
    commands.change_group(member, project, group, more, left=False, version=group.version)
    commands.change_group(member, project, group, more, left=True, version=group.version)
    db.session.commit()
    added, changed, left = trail(group)
    assert [added.action, changed.action, left.action] == [
        "target_group.added",
        "target_group.changed",
        "target_group.left",
    ]
    assert added.after["name"] == "Les contrôleurs"
    assert (changed.before, changed.after) == ({"size": 40}, {"size": 400})
    assert left.after == {"left_on": clock.today().isoformat()}
    assert added.scope_id == project.id


def test_a_group_that_was_left_keeps_its_day_and_can_come_back(project, member):
    group = file.group(project, left_on=date(2026, 2, 1))
    commands.change_group(member, project, group, GROUP, left=True, version=group.version)
    assert group.left_on == date(2026, 2, 1)
    commands.change_group(member, project, group, GROUP, left=False, version=group.version)
    assert group.left_on is None


def test_what_changes_nothing_is_not_told(project, member):
    group = commands.add_group(member, project, GROUP)
    commands.change_group(member, project, group, GROUP, left=False, version=group.version)
    assert len(trail(group)) == 1


def test_a_stale_save_is_a_conflict(project, member):
    group, belief = file.group(project), file.assumption(project)
    heard, seen = file.interview(project), 99
    with pytest.raises(Conflict):
        commands.change_group(member, project, group, GROUP, left=False, version=seen)
    with pytest.raises(Conflict):
        commands.change_assumption(member, project, belief, BELIEF, seen)
    with pytest.raises(Conflict):
        commands.change_interview(member, project, heard, HEARD, knowingly=False, version=seen)


def test_an_assumption_is_settled_and_taken_up_again(project, member):
    belief = commands.add_assumption(member, project, BELIEF)
    for verdict, on in [(AssumptionVerdict.REFUTED, date(2026, 3, 9)), (AssumptionVerdict.OPEN, None)]:
        given = {"result": "Six sur dix.", "settled_on": on or date(2026, 3, 10)}
        commands.settle_assumption(member, project, belief, verdict, **given, version=belief.version)
        assert (belief.verdict, belief.settled_on) == (verdict, on)
    db.session.commit()
    _, refuted, reopened = trail(belief)
    assert refuted.after["settled_on"] == "2026-03-09"
    assert reopened.action == "assumption.reopened"
    assert reopened.before == {"verdict": "refuted", "settled_on": "2026-03-09"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"result": ""}, "result"),
        ({"settled_on": None}, "settled_on"),
        ({"settled_on": clock.today() + timedelta(days=2)}, "settled_on"),
    ],
)
def test_a_result_has_its_words_and_a_day_that_has_come(project, member, given, field):
    belief = file.assumption(project)
    usual = {"result": "Six sur dix.", "settled_on": date(2026, 3, 9)}
    with pytest.raises(RuleBroken) as refused:
        commands.settle_assumption(
            member, project, belief, AssumptionVerdict.CONFIRMED, **usual | given, version=belief.version
        )
    assert refused.value.field == field


@pytest.mark.parametrize("risk", [0, 6])
def test_a_risk_is_on_its_scale(project, member, risk):
    with pytest.raises(RuleBroken, match="entre 1 et 5"):
        commands.add_assumption(member, project, replace(BELIEF, risk=risk))


def test_the_database_keeps_a_verdict_and_its_day_together(project):
    with pytest.raises(sa.exc.IntegrityError):
        file.assumption(project, verdict=AssumptionVerdict.CONFIRMED)
    db.session.rollback()


def test_an_interview_keeps_its_group_and_its_words_stay_out_of_the_trail(project, member):
    facts = replace(HEARD, target_group=file.group(project))
    heard = commands.log_interview(member, project, facts, knowingly=False)
    assert heard.target_group_id == facts.target_group.id
    other = replace(facts, learnt="Ils ne lisent pas.", people=3)
    commands.change_interview(member, project, heard, other, knowingly=False, version=heard.version)
    db.session.commit()
    assert "lisent" not in str([(line.before, line.after) for line in trail(heard)])
    assert trail(heard)[1].after == {"people": 3, "learnt": None}


def test_an_address_in_an_interview_is_asked_about_and_not_forbidden(project, member):
    named = replace(HEARD, learnt="Écrire à claire@ville.example ou au 06 12 34 56 78.")
    with pytest.raises(RuleBroken, match=r"claire@ville\.example") as refused:
        commands.log_interview(member, project, named, knowingly=False)
    assert refused.value.field == "knowingly"
    assert commands.log_interview(member, project, named, knowingly=True).number == 1


def test_an_interview_of_tomorrow_has_not_been_held(project, member):
    later = replace(HEARD, held_on=clock.today() + timedelta(days=2))
    with pytest.raises(RuleBroken) as refused:
        commands.log_interview(member, project, later, knowingly=False)
    assert refused.value.field == "held_on"


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_who_reads_does_not_write(project, role):
    reader = make.actor(make.holder(role, project))
    for deed in (
        lambda: commands.add_group(reader, project, GROUP),
        lambda: commands.add_assumption(reader, project, BELIEF),
        lambda: commands.log_interview(reader, project, HEARD, knowingly=True),
    ):
        with forbidden():
            deed()
    assert [db.session.query(kind).count() for kind in (TargetGroup, Assumption)] == [0, 0]


def test_a_project_that_rests_says_why_nobody_writes(project, member):
    project.paused_on = clock.today()
    with pytest.raises(TooLate, match="n’est pas en cours"):
        commands.add_group(member, project, GROUP)
