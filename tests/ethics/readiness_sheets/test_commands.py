from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.ethics.readiness_sheets import commands, labels, queries
from portal.ethics.readiness_sheets.definition_documents import (
    get_latest_definition,
    read_definitions_by_kind_and_edition,
)
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import AlreadyDeleted, Conflict, NotFound, RuleBroken, TooLate
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.refusals import forbidden

DAY = clock.today()
ACCESSIBLE = {"checked_on": "2026-03-02", "contrast": "holds", "zoom": "fails", "timing": "holds"}


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def trail(subject) -> list[AuditEvent]:
    events = sa.select(AuditEvent).where(AuditEvent.subject_id == subject.id)
    return list(db.session.scalars(events.order_by(AuditEvent.id)))


def save(member, project, sheet, key, answers, *, seen=None):
    row = queries.get_sheet_section(sheet, key)
    commands.fill_section(member, project, sheet, row, answers, expected_version=seen or row.version)


def test_a_sheet_is_filled_a_section_at_a_time_and_tells_what_changed(project, member):
    sheet = commands.begin_sheet(member, project, get_latest_definition("data_sheet"), file.version(project))
    assert (sheet.number, sheet.prototype_version_id, sheet.saved_at) == (1, None, None)
    save(member, project, sheet, "motivation", {"why": "Contrôler."})
    save(member, project, sheet, "motivation", {"why": "Prévenir.", "creator": "La DDTM"})
    save(member, project, sheet, "motivation", {"why": "Prévenir.", "creator": "La DDTM"})
    save(member, project, sheet, "composition", {"size": 40})
    db.session.commit()
    filled = queries.read_sheet(member, project, 1)
    assert filled.answers == {"why": "Prévenir.", "creator": "La DDTM", "size": 40}
    assert (filled.progress.answered, filled.progress.question_count) == (3, 19)
    assert sheet.saved_by_id == member.person_id
    told = trail(sheet)
    assert [line.action for line in told] == ["sheet.begun"] + 3 * ["sheet.filled"]
    assert (told[2].before, told[2].after) == (
        {"why": "Contrôler.", "creator": None},
        {"why": "Prévenir.", "creator": "La DDTM"},
    )
    assert told[2].facts == {"number": 1, "edition": 1}


def test_two_who_fill_two_sections_do_not_meet_and_two_who_fill_one_do(project, member):
    sheet = file.sheet(project, "data_sheet")
    save(member, project, sheet, "motivation", {"why": "Contrôler."}, seen=1)
    save(member, project, sheet, "composition", {"size": 40}, seen=1)
    with pytest.raises(Conflict):
        save(member, project, sheet, "motivation", {"why": "Prévenir."}, seen=1)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"cases": -1}, "a_cases"),
        ({"evaluated_on": (clock.today() + timedelta(days=2)).isoformat()}, "a_evaluated_on"),
        ({"why": "Ailleurs."}, "a_why"),
        ({"held_out_note": "Sans note."}, "a_held_out_note"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_beside_its_field(project, member, answers, field):
    sheet = file.sheet(project, "model_card")
    with pytest.raises(RuleBroken) as refused:
        save(member, project, sheet, "evaluation", answers)
    assert refused.value.field == field


def test_a_sheet_is_complete_once_all_that_is_required_is_said(project, member):
    answers = file.answers_to("model_card")
    version = file.version(project)
    sheet = file.sheet(project, "model_card", answers=answers)
    with pytest.raises(RuleBroken, match="sur quelle version"):
        commands.complete_sheet(member, project, sheet, DAY, sheet.version)
    commands.set_prototype_version(member, project, sheet, version, sheet.version)
    later = clock.today() + timedelta(days=2)
    with pytest.raises(RuleBroken) as refused:
        commands.complete_sheet(member, project, sheet, later, sheet.version)
    assert refused.value.field == "completed_on"
    seen = sheet.version
    save(member, project, sheet, "results", {"overall": "0,7"})
    db.session.flush()
    with pytest.raises(Conflict):  # somebody removed an answer since it was read
        commands.complete_sheet(member, project, sheet, DAY, seen)
    with pytest.raises(RuleBroken, match="Il manque 2 réponses obligatoires"):
        commands.complete_sheet(member, project, sheet, DAY, sheet.version)
    own = ("overall", "by_group", "errors")
    save(member, project, sheet, "results", {key: answers[key] for key in own})
    db.session.flush()
    commands.complete_sheet(member, project, sheet, DAY, sheet.version)
    db.session.commit()
    assert (sheet.completed_on, sheet.completed_by_id) == (DAY, member.person_id)
    aimed = next(line for line in trail(sheet) if line.action == "sheet.aimed")
    assert (aimed.before, aimed.after) == ({"prototype_version": None}, {"prototype_version": 1})


def test_a_sheet_whose_answers_are_carried_over_is_complete_no_day_before_the_one_before_it(project, member):
    done = {"completed_on": clock.today() - timedelta(days=5), "completed_by_id": member.person_id}
    version, answers = file.version(project), file.answers_to("accessibility")
    file.sheet(project, "accessibility", answers=answers, prototype_version_id=version.id, **done)
    sheet = file.sheet(project, "accessibility", answers=answers, prototype_version_id=version.id)
    with pytest.raises(RuleBroken, match="pas avant"):
        commands.complete_sheet(
            member, project, sheet, done["completed_on"] - timedelta(days=1), sheet.version
        )
    commands.complete_sheet(member, project, sheet, done["completed_on"], sheet.version)


def test_a_sheet_is_not_complete_before_its_answers_and_its_day_is_corrected_until_another_follows(
    project, member
):
    today, answers = clock.today(), file.answers_to("accessibility")
    version = file.version(project, released_on=today - timedelta(days=9))
    sheet = file.sheet(project, "accessibility", answers=answers, prototype_version_id=version.id)

    def complete(day, who=member):
        commands.complete_sheet(who, project, sheet, day, sheet.version)
        db.session.flush()

    with pytest.raises(RuleBroken, match="pas avant") as refused:  # than its version
        complete(today - timedelta(days=10))
    assert refused.value.field == "completed_on"
    complete(today - timedelta(days=9))
    complete(today - timedelta(days=3))
    assert sheet.completed_on == today - timedelta(days=3)
    db.session.commit()
    assert trail(sheet)[-1].action == "sheet.redated"
    assert set(commands.HISTORY_ACTIONS) <= set(labels.ACTION_LABELS)
    version_number = sheet.version
    complete(today - timedelta(days=3))  # the same day
    assert sheet.version == version_number
    sheet.saved_at, sheet.saved_by_id = clock.now() - timedelta(days=1), member.person_id
    db.session.commit()
    with pytest.raises(RuleBroken):  # than its last answer
        complete(today - timedelta(days=2))
    with pytest.raises(TooLate):  # another person
        complete(today, make.actor(make.role(project.id, Role.TEAM_MEMBER)))
    commands.begin_sheet(member, project, get_latest_definition("accessibility"), version)
    with pytest.raises(TooLate):
        complete(today)


def test_a_complete_sheet_never_changes(project, member):
    another = make.role(project.id, Role.TEAM_MEMBER)
    done = {"completed_on": DAY, "completed_by_id": another.id}
    sheet = file.sheet(project, "accessibility", edition=1, **done)
    assert queries.find_newer_edition(sheet) is None
    for deed in (
        lambda: save(member, project, sheet, "tour", {}),
        lambda: commands.set_prototype_version(member, project, sheet, None, 1),
        lambda: commands.upgrade_edition(member, project, sheet, 1),
        lambda: commands.complete_sheet(member, project, sheet, DAY, 1),
    ):
        with pytest.raises(TooLate, match="ne change plus"):
            deed()


def test_the_next_of_a_kind_takes_the_answers_over_unless_it_tells_a_new_fact(project, member):
    done = {"completed_on": DAY, "completed_by_id": member.person_id}
    version = file.version(project)
    old = file.sheet(project, "accessibility", edition=1, answers=ACCESSIBLE, **done)
    sheet = commands.begin_sheet(member, project, get_latest_definition("accessibility"), version)
    kept = {key: ACCESSIBLE[key] for key in ("checked_on", "contrast")}  # other words for the zoom
    assert queries.read_sheet(member, project, sheet.number).answers == kept
    assert sheet.prototype_version_id == version.id
    assert queries.read_sheet(member, project, old.number).answers == ACCESSIBLE
    assert trail(sheet)[0].after == kept
    told = {"roles": "Contrôleurs", "agents": 4}
    file.sheet(project, "oversight", answers=told, **done)
    exercise = commands.begin_sheet(member, project, get_latest_definition("oversight"), version)
    assert not queries.read_sheet(member, project, exercise.number).answers
    current = queries.read_last_sheet_by_kind(member, project)
    assert {filled.sheet.number for filled in current.values()} == {2, 4}
    assert [row.number for row in queries.read_earlier_sheets_page(member, project).rows] == [3, 1]


def test_one_of_a_kind_is_filled_at_a_time(project, member):
    commands.begin_sheet(member, project, get_latest_definition("security"), None)
    with pytest.raises(RuleBroken, match="déjà commencée"):
        commands.begin_sheet(member, project, get_latest_definition("security"), None)
    with pytest.raises(IntegrityError):  # the database constraint, too
        file.sheet(project, "security")


def test_a_sheet_moves_to_the_next_edition_with_its_answers(project, member):
    sheet = file.sheet(project, "accessibility", edition=1, answers=ACCESSIBLE)
    assert queries.find_newer_edition(sheet) is get_latest_definition("accessibility")
    opened = queries.get_sheet_section(sheet, "operate")
    db.session.expunge(opened)  # as loaded by another session
    commands.upgrade_edition(member, project, sheet, sheet.version)
    db.session.commit()
    filled = queries.read_sheet(member, project, sheet.number)
    assert filled.definition is read_definitions_by_kind_and_edition()["accessibility"][2]
    assert filled.answers == {
        key: ACCESSIBLE[key] for key in ("checked_on", "contrast")
    }  # other words for the zoom
    assert {row.version for row in filled.sections.values()} == {2}
    told = trail(sheet)[0]
    assert (told.before, told.after) == (
        {"edition": 1, "zoom": "fails", "timing": "holds"},
        {"edition": 2, "zoom": None, "timing": None},
    )
    with pytest.raises(AlreadyDeleted, match="autre édition"):
        commands.fill_section(member, project, sheet, opened, {"keyboard": "holds"}, expected_version=1)
    with pytest.raises(TooLate, match="déjà la dernière"):
        commands.upgrade_edition(member, project, sheet, sheet.version)


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_who_reads_does_not_write(project, role):
    reader = make.actor(make.holder(role, project))
    sheet = file.sheet(project, "accessibility", edition=1)
    assert queries.read_sheet(reader, project, 1).sheet == sheet
    for deed in (
        lambda: commands.begin_sheet(reader, project, get_latest_definition("security"), None),
        lambda: save(reader, project, sheet, "tour", {}),
        lambda: commands.set_prototype_version(reader, project, sheet, None, 1),
        lambda: commands.upgrade_edition(reader, project, sheet, 1),
        lambda: commands.complete_sheet(reader, project, sheet, DAY, 1),
    ):
        with forbidden():
            deed()


def test_another_s_sheet_is_not_there(project):
    file.sheet(project, "data_sheet")
    stranger = make.actor(make.role(make.project().id, Role.TEAM_LEAD))
    with pytest.raises(NotFound):
        queries.get_sheet(stranger, project, 1)
    assert not queries.read_last_sheet_by_kind(stranger, project)
