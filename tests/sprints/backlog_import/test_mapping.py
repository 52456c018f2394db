"""Parsing of lines: points, kind, assignee, and lines left aside."""

from dataclasses import replace

import pytest

from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.sprints.backlog import commands as backlog
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import ItemEvent, ItemEventKind, ItemKind
from portal.sprints.backlog_import import commands
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.models import ImportStage
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.conftest import work
from tests.sprints.backlog_import.test_import import items, lines
from tests.support import factories as make


def test_errors_say_line_column_and_why_and_nothing_is_written(importer, member, project):
    made = importer.compare(
        files.gitlab(
            files.issue(1, "Bon"),
            files.issue(2, "", Weight="beaucoup"),
            files.issue(1, "Deux fois"),
            files.issue(4, "Ailleurs", State="Offen"),
            files.issue(5, "Grand", Weight="101"),
            files.issue(6, "é" * 300),
        )
    )
    told = [(x.line, p["column"], p["code"]) for x in lines(made) for p in x.problems]
    assert told == [
        (3, "Weight", "points"),
        (3, "Title", "no_title"),
        (4, "URL", "twice"),
        (5, "State", "state"),
        (6, "Weight", "points_range"),
        (7, "Title", "title_cut"),
    ]
    assert made.counts["error"] == 4
    with pytest.raises(RuleBroken):
        commands.confirm_import(member, project, made, made.round)
    db.session.rollback()
    assert items() == []


def test_half_points_are_rounded_and_said_so(importer):
    given = ("0.5", "2,5", "0,2", "3.0", "0", ".5", "100,4")
    rows = [files.issue(n, f"Écran {n}", Weight=weight) for n, weight in enumerate(given, 1)]
    made = importer.compare(files.gitlab(*rows))
    assert [line.values["points"] for line in lines(made)] == [1, 3, 1, 3, 0, 1, 100]
    told = [(p["code"], p["facts"]) for line in lines(made) for p in line.problems]
    assert told == [
        ("points_rounded", {"value": value, "n": n})
        for value, n in (("0.5", 1), ("2,5", 3), ("0,2", 1), (".5", 1), ("100,4", 100))
    ]
    assert made.counts == {"new": 7, "noted": 5, "absent": 0}
    importer.confirm(made)
    assert [item.points for item in items()] == [1, 3, 1, 3, 0, 1, 100]
    assert importer.compare(files.gitlab(*rows)).counts["unchanged"] == 7


@pytest.mark.parametrize("weight", ["L", "-1", "1,2,3", "1e3", ",", "\u0661", "100.6"])
def test_what_is_no_number_of_points_stops_all(importer, weight):
    made = importer.compare(files.gitlab(files.issue(1, "Écran", Weight=weight)))
    assert made.counts["error"] == 1


@pytest.mark.parametrize(
    ("type_", "labels", "kind"),
    [
        ("Issue", "bug", ItemKind.BUG),
        ("Task", "urgent,data", ItemKind.DATA),
        ("Issue", "urgent", ItemKind.STORY),
        ("Issue", "", ItemKind.STORY),
        ("", "type::bug", ItemKind.BUG),
        ("Incident", "data", ItemKind.BUG),
        ("User story", "bug", ItemKind.STORY),
        ("Objectif", "bug", ItemKind.BUG),
    ],
)
def test_labels_say_more_than_issue_or_task(importer, type_, labels, kind):
    names = ["Title", "Issue ID", "URL", "Type", "Labels"]
    data = files.write(names, [["Écran", 1, "https://a.example/1", type_, labels]]).encode()
    importer.bring(data)
    assert items()[0].kind is kind


def test_what_the_team_says_of_a_word_goes_before(importer, member, project):
    names = ["Title", "Issue ID", "URL", "Type", "Labels"]
    rows = [["Un", 1, "https://a.example/1", "Task", "bug"], ["Deux", 2, "", "Issue", "data"]]
    made = importer.compare(files.write(names, rows).encode())
    columns = ImportChoices.from_json(made.choices).columns
    commands.choose_columns(
        member, project, made, ImportChoices(columns, {}, {"task": ItemKind.MODEL, "data": None})
    )
    work()
    assert ImportChoices.from_json(made.choices).kinds == {"task": ItemKind.MODEL, "data": None}
    importer.confirm(made)
    assert [item.kind for item in items()] == [ItemKind.MODEL, ItemKind.STORY]


@pytest.fixture
def awa(project):
    return make.role(project.id, Role.TEAM_MEMBER, make.person(email="awa@demo.example", name="Awa Diallo"))


def test_people_are_found_by_name_or_address_and_never_guessed(importer, project, awa):
    make.role(project.id, Role.COACH, make.person(name="Coach Martin"))
    for _ in range(2):
        make.role(project.id, Role.TEAM_MEMBER, make.person(name="Jean Petit"))
    named = ("awa DIALLO", "AWA@demo.example", "Awa", "Coach Martin", "Jean Petit", "x, Awa Diallo", "")
    rows = [files.issue(n, f"Écran {n}", Assignee=name) for n, name in enumerate(named, 1)]
    made = importer.bring(files.gitlab(*rows))
    assert made.counts == {"new": 7, "changed": 0}
    ids = [item.assignee_id for item in items()]
    assert ids == [awa.id, awa.id, None, None, None, awa.id, None]
    again = importer.compare(files.gitlab(*rows))
    told = [(line.line, p["code"], p["facts"]["value"]) for line in lines(again) for p in line.problems]
    assert told == [
        (4, "nobody", "Awa"),
        (5, "nobody", "Coach Martin"),
        (6, "nobody", "Jean Petit"),
        (7, "only_one", "x"),
    ]
    assert again.counts["unchanged"] == 7


def test_who_has_an_item_here_loses_it_only_to_whom_the_tool_names(importer, member, project, awa):
    rows = [files.issue(n, f"Écran {n}", Assignee=name) for n, name in ((1, "Awa Diallo"), (2, ""))]
    importer.bring(files.gitlab(*rows))
    _first, second = items()
    backlog.assign_item(member, project, ItemAtVersion(second, second.version), awa.id)
    assert importer.compare(files.gitlab(*rows)).counts["unchanged"] == 2
    gone = [files.issue(n, f"Écran {n}", Assignee=name) for n, name in ((1, ""), (2, "Inconnu"))]
    made = importer.compare(files.gitlab(*gone))
    (change,) = lines(made)[0].changes
    assert (change["field"], change["here"], change["file"]) == ("assignee", str(awa.id), None)
    importer.confirm(made)
    assert [item.assignee_id for item in items()] == [None, awa.id]
    assert db.session.query(ItemEvent).order_by(ItemEvent.number.desc()).first().kind == ItemEventKind.EDITED


def test_who_left_the_team_before_the_writing_gets_nothing(importer, member, project, awa):
    made = importer.compare(files.gitlab(files.issue(1, "Écran", Assignee="Awa Diallo")))
    commands.confirm_import(member, project, made, made.round)
    db.session.query(RoleAssignment).filter_by(person_id=awa.id).delete()
    work()
    assert made.stage is ImportStage.WRITTEN
    assert items()[0].assignee_id is None


def test_columns_that_are_not_taken_up_are_counted_by_name(importer):
    dated = files.issue(1, "Écran", Due_Date="2026-12-01", Milestone="V1", Author="a")
    made = importer.compare(files.gitlab(dated, files.issue(2, "Accès", Milestone="V2")))
    assert made.words["left"] == {"Due Date": 1, "Milestone": 2, "Author": 1}


def test_a_name_is_whom_the_team_says_and_stays_so_for_the_next_file(importer, member, project, awa):
    rows = [
        files.issue(n, f"Écran {n}", Assignee=name) for n, name in enumerate(("adiallo", "Awa Diallo"), 1)
    ]
    made = importer.compare(files.gitlab(*rows))
    assert made.words["people"] == {"adiallo": 1}  # whoever is known needs no answer
    choices = ImportChoices.from_json(made.choices)
    commands.choose_columns(member, project, made, replace(choices, people={"adiallo": str(awa.id)}))
    work()
    assert not [problem for line in lines(made) for problem in line.problems]
    importer.confirm(made)
    assert [item.assignee_id for item in items()] == [awa.id, awa.id]
    later = importer.compare(files.gitlab(files.issue(3, "Écran 3", Assignee="x, ADIALLO")))
    assert later.words["people"] == {"x": 1, "ADIALLO": 1}
    importer.confirm(later)
    assert items()[2].assignee_id == awa.id


def test_a_chosen_person_who_left_the_team_is_nobody(importer, member, project, awa):
    made = importer.compare(files.gitlab(files.issue(1, "Écran", Assignee="adiallo")))
    choices = ImportChoices.from_json(made.choices)
    stranger = make.person()
    commands.choose_columns(member, project, made, replace(choices, people={"adiallo": str(stranger.id)}))
    work()
    importer.confirm(made)
    assert items()[0].assignee_id is None


def test_the_filled_column_of_points_is_proposed(importer):
    names = [
        "Résumé",
        "Clé",
        "Champ personnalisé (Story Points)",
        "Champ personnalisé (Story point estimate)",
    ]
    made = importer.bring(files.write(names, [["Un", "A-1", "", "5"], ["Deux", "A-2", "", "8"]]).encode())
    assert ImportChoices.from_json(made.choices).columns["points"] == names[3]
    assert [item.points for item in items()] == [5, 8]
