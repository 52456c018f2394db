"""Commands on rounds: plan, change, copy, end; what is frozen; what is audited."""

from datetime import date

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.platform.kernel.text import using_language
from portal.project.projects.queries import get_programme_of
from portal.user_tests.rounds import commands, queries
from portal.user_tests.rounds import consent_commands as consents
from portal.user_tests.rounds import task_commands as tasks
from portal.user_tests.rounds.consent_commands import ConsentParts
from portal.user_tests.rounds.models import RoundScale, SessionMethod
from portal.user_tests.rounds.task_commands import TaskMoveDirection
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.project_file import group, version
from tests.support.refusals import forbidden
from tests.support.user_tests import SAID


@pytest.fixture
def project(app):
    return make.project(slug="heron", organisation="ASN", title_en="Reading letters")


@pytest.fixture
def tried(project):
    return version(project)


def last_line(action):
    lines = db.session.query(AuditEvent).filter_by(action=action)
    return lines.order_by(AuditEvent.id.desc()).first()


def test_a_round_is_planned_on_a_version_for_target_groups(project, member, tried):
    aimed = group(project, name="Les contrôleurs")
    made = commands.plan_round(member, project, tests.plan(tried, groups=[aimed]))
    told = queries.read_round(member, project, 1)
    assert (told.version, told.tasks, told.sessions) == (tried.number, 0, 0)
    (aim,) = queries.list_group_participations(made)
    assert (aim.group.id, aim.participant_goal, aim.participants) == (aimed.id, 5, 0)
    line = last_line("round.planned")
    assert line.after["groups"] == "Les contrôleurs"
    assert line.facts["path"] == "/projects/heron/tests/1"
    assert not [name for name in line.after if name.endswith("_id")]


def test_the_consent_text_is_proposed_in_both_languages(project, member, tried):
    programme = get_programme_of(project)
    programme.test_retention = 6
    made = commands.plan_round(member, project, tests.plan(tried))
    said = queries.list_consent_texts_by_language(made)
    assert set(said) == {"fr", "en"}
    assert "6 mois après la fin du projet" in said["fr"].retention.replace("\xa0", " ")
    assert "6 months after the end of the project" in said["en"].retention
    assert "Reading letters" in said["en"].purpose
    assert "ASN" in said["fr"].dpo_contact
    assert all(value for value in (said["en"].course, said["fr"].withdrawal))


def test_the_proposed_text_follows_the_method_until_somebody_changes_a_word(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    english = queries.get_consent_text(made, "en")
    parts = ConsentParts(**SAID | {"course": "We watch you."})
    consents.change_consent_text(member, project, made, english, parts, expected_version=1)
    before = queries.get_consent_text(made, "fr").course
    changed = tests.plan(tried, method=SessionMethod.FIELD)
    commands.change_round(member, project, made, changed, made.version)
    db.session.flush()
    assert queries.get_consent_text(made, "fr").course != before
    assert queries.get_consent_text(made, "en").course == "We watch you."


@pytest.mark.parametrize(
    ("given", "field"),
    [({"starts_on": date(2026, 3, 14)}, "ends_on"), ({"starts_on": date(2026, 2, 1)}, "starts_on")],
)
def test_days_of_a_round_hold_together(project, member, tried, given, field):
    with pytest.raises(RuleBroken) as refused:
        commands.plan_round(member, project, tests.plan(tried, **given))
    assert refused.value.field == field


def test_nothing_of_another_project_is_tested_here(project, member, tried):
    other = make.project()
    for given, field in (
        ({"tried": version(other)}, "prototype"),
        ({"tried": tried, "groups": [group(other)]}, "groups"),
    ):
        with pytest.raises(RuleBroken) as refused:
            commands.plan_round(member, project, tests.plan(**given))
        assert refused.value.field == field


def test_only_what_changed_is_told(project, member, tried):
    one, two = group(project), group(project, name="Les usagers")
    made = commands.plan_round(member, project, tests.plan(tried, groups=[one]))
    newer = version(project)
    changed = tests.plan(newer, groups=[one, two], title="Relire la carte")
    commands.change_round(member, project, made, changed, made.version)
    line = last_line("round.changed")
    assert line.before == {"title": "Lire la carte", "version": tried.number, "groups": "Les contrôleurs"}
    assert line.after["groups"] == "Les contrôleurs, Les usagers"
    commands.change_round(member, project, made, changed, made.version)
    assert last_line("round.changed").id == line.id
    with pytest.raises(Conflict):
        commands.change_round(member, project, made, tests.plan(newer), made.version + 1)


def test_once_somebody_tried_the_version_the_scale_the_tasks_and_the_consent_hold_still(
    project, person, member, tried
):
    made = commands.plan_round(member, project, tests.plan(tried))
    doing = tasks.add_task(member, project, made, tests.task_text())
    tests.session(made, person)
    for given, field in (
        ({"tried": version(project)}, "prototype"),
        ({"tried": tried, "scale": RoundScale.NONE}, "scale"),
    ):
        with pytest.raises(RuleBroken) as refused:
            commands.change_round(member, project, made, tests.plan(**given), made.version)
        assert refused.value.field == field
    consent = queries.get_consent_text(made, "fr")
    for deed in (
        lambda: tasks.add_task(member, project, made, tests.task_text()),
        lambda: tasks.change_task(
            member, project, made, doing, tests.task_text(), expected_version=doing.version
        ),
        lambda: tasks.move_task(member, project, made, doing, TaskMoveDirection.UP),
        lambda: tasks.remove_task(member, project, made, doing),
        lambda: consents.change_consent_text(
            member, project, made, consent, ConsentParts(**SAID), expected_version=consent.version
        ),
    ):
        with pytest.raises(TooLate):
            deed()
    commands.change_round(member, project, made, tests.plan(tried, title="Autre"), made.version)
    assert made.title == "Autre"


def test_a_rehearsal_holds_nothing_still(project, person, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    tests.session(made, person, is_rehearsal=True)
    assert tasks.add_task(member, project, made, tests.task_text())
    assert queries.read_round(member, project, 1).sessions == 0


def test_sessions_that_retention_purged_still_count(project, member, tried):
    aimed = group(project)
    made = commands.plan_round(member, project, tests.plan(tried, groups=[aimed]))
    doing = tasks.add_task(member, project, made, tests.task_text())
    tests.tallied(made, doing, aimed)
    assert queries.read_round(member, project, 1).sessions == 5
    assert queries.list_group_participations(made)[0].participants == 5
    with pytest.raises(TooLate):
        tasks.add_task(member, project, made, tests.task_text())


def test_a_copy_takes_everything_but_the_sessions(project, person, member, tried):
    aimed = group(project)
    made = commands.plan_round(member, project, tests.plan(tried, groups=[aimed]))
    first = tasks.add_task(member, project, made, tests.task_text(title="Trouver"))
    tasks.add_task(member, project, made, tests.task_text(title="Lire"))
    consent = queries.get_consent_text(made, "fr")
    parts = ConsentParts(**SAID)
    consents.change_consent_text(member, project, made, consent, parts, expected_version=consent.version)
    tests.session(made, person)
    newer = version(project)
    copied = commands.copy_round(member, project, made, newer, "Encore")
    told = queries.read_round(member, project, 2)
    assert (told.version, told.tasks, told.sessions) == (newer.number, 2, 0)
    assert (copied.title, copied.script, copied.follows_id) == ("Encore", "", made.id)
    assert queries.list_tasks(copied)[0].lineage == first.lineage
    assert [task.is_primary for task in queries.list_tasks(copied)] == [True, False]
    assert queries.get_consent_text(copied, "fr").dpo_contact == SAID["dpo_contact"]
    assert [aim.group.id for aim in queries.list_group_participations(copied)] == [aimed.id]
    assert (told.follows, told.followed_by) == (1, None)
    assert queries.read_round(member, project, 1).followed_by == 2
    with pytest.raises(RuleBroken):
        commands.copy_round(member, project, made, version(make.project()), "t")


def test_no_round_of_a_stopped_project_is_copied(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    project.stopped_on, project.stop_reason, project.learnings = date(2026, 3, 12), "r", "l"
    db.session.flush()
    with pytest.raises(TooLate):
        commands.copy_round(member, project, made, tried, "Encore")
    assert queries.read_rounds_page(member, project, 1).count == 1


def test_access_needs_are_a_number_or_a_reason(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    with pytest.raises(RuleBroken) as refused:
        commands.record_access_needs_count(member, project, made, 0, "", expected_version=made.version)
    assert refused.value.field == "no_access_needs"
    assert "n’est venu" not in str(refused.value)  # people came, without such a need
    commands.record_access_needs_count(
        member, project, made, 0, "Personne invité.", expected_version=made.version
    )
    assert (made.access_needs, made.no_access_needs) == (0, "Personne invité.")
    db.session.flush()
    with pytest.raises(RuleBroken) as refused:
        commands.record_access_needs_count(member, project, made, 1, "", expected_version=made.version)
    assert refused.value.field == "access_needs"
    for _number in range(2):
        tests.session(made, make.person())
    with pytest.raises(RuleBroken, match="que 2 participants"):
        commands.record_access_needs_count(member, project, made, 3, "", expected_version=made.version)
    commands.record_access_needs_count(
        member, project, made, 2, "Personne invité.", expected_version=made.version
    )
    assert (made.access_needs, made.no_access_needs) == (2, "")


def test_a_round_ends_once_and_can_be_opened_again(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    commands.end_or_reopen_round(member, project, made, is_over=True)
    ended = last_line("round.ended").id
    commands.end_or_reopen_round(member, project, made, is_over=True)
    assert last_line("round.ended").id == ended
    with pytest.raises(TooLate):
        tasks.add_task(member, project, made, tests.task_text())
    commands.end_or_reopen_round(member, project, made, is_over=False)
    assert made.ended_on is None


def test_strangers_find_no_round_and_readers_change_none(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    coach = make.actor(make.holder(Role.COACH, project))
    with forbidden():
        commands.plan_round(coach, project, tests.plan(tried))
    with forbidden():
        tasks.add_task(coach, project, made, tests.task_text())
    assert queries.get_round(coach, project, 1).id == made.id
    for role in (Role.OPERATOR, Role.OBSERVER, Role.JUROR, Role.ADMINISTRATOR):
        with pytest.raises(NotFound):
            queries.get_round(make.actor(make.holder(role, project)), project, 1)


def test_what_a_paper_says_is_in_its_own_language(project, member, tried):
    made = commands.plan_round(member, project, tests.plan(tried))
    with using_language("en"):
        assert "Vous pouvez" in queries.get_consent_text(made, "fr").withdrawal
