"""Writing imports: idempotent, all or nothing, without overwriting changes made here."""

from datetime import timedelta

import pytest

from portal.people.privacy.retention_jobs import apply_retention
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.sprints.backlog import commands as backlog
from portal.sprints.backlog import iteration_commands, state_commands
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.journal_commands import ItemAtVersion
from portal.sprints.backlog.models import Item, ItemEvent, ItemEventKind, ItemKind, Snapshot
from portal.sprints.backlog.queries import get_last_event_number
from portal.sprints.backlog_import import commands, item_commands, jobs
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.comparison_rules import ItemLocation, find_allowed_state
from portal.sprints.backlog_import.models import BacklogImport, ImportLine, ImportStage
from portal.sprints.backlog_import.tool_rules import ImportField
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.conftest import work
from tests.support import factories as make


def items() -> list[Item]:
    return db.session.query(Item).order_by(Item.rank).all()


def snapshots() -> list[tuple[int, int, int]]:
    return [(s.points, s.done_items, s.finished_items) for s in db.session.query(Snapshot)]


def lines(made: BacklogImport) -> list[ImportLine]:
    mine = db.session.query(ImportLine).filter_by(import_id=made.id)
    return mine.order_by(ImportLine.position).all()


def test_issues_of_gitlab_become_items_as_if_typed(importer, project, person):
    one = files.issue(1, "Lire les scans", Weight="5", Labels="bug,urgent")
    two = files.issue(2, "=1+1", State="Closed")
    made = importer.bring(files.gitlab(one, two))
    first, second = items()
    assert (first.number, first.title, first.kind) == (1, "Lire les scans", ItemKind.BUG)
    assert (first.points, first.state) == (5, ItemState.TO_DO)
    assert first.description == "Première ligne\n\n- seconde, de la 1"
    assert (second.title, second.state, second.iteration_id) == ("=1+1", ItemState.DONE, None)
    told = db.session.query(ItemEvent).order_by(ItemEvent.number).all()
    assert [(e.number, e.kind, e.actor_id) for e in told] == [
        (1, ItemEventKind.ADDED, person.id),
        (2, ItemEventKind.ADDED, person.id),
        (3, ItemEventKind.FINISHED, person.id),
    ]
    trail = db.session.query(AuditEvent).filter_by(scope_id=project.id).all()
    (event,) = trail
    assert (event.action, event.after) == ("backlog.imported", {"added": 2, "changed": 0})
    assert (made.stage, made.content, lines(made)) == (ImportStage.WRITTEN, b"", [])


def test_a_line_about_an_item_that_another_names_already_says_so_once(importer):
    importer.bring(files.gitlab(files.issue(1, "Lire")))
    made = importer.compare(files.gitlab(files.issue(1, "Lire"), files.issue(1, "Relire")))
    told = [problem["code"] for line in lines(made) for problem in line.problems]
    assert told == ["twice"]


def test_what_a_close_carried_into_a_planned_sprint_stays_begun():
    """Otherwise a team's own export would come back changed."""
    assert find_allowed_state(ItemLocation.PLANNED, ItemState.DOING, ItemState.DOING) == ItemState.DOING
    assert find_allowed_state(ItemLocation.PLANNED, ItemState.DOING, ItemState.TO_DO) == ItemState.TO_DO
    assert find_allowed_state(ItemLocation.CLOSED, ItemState.TO_DO, ItemState.DONE) == ItemState.DONE


def test_each_tool_is_read_by_its_own_words(importer):
    importer.bring(files.jira())
    importer.bring(files.trello())
    importer.bring(files.github())
    found = {item.title: (item.kind, item.state, item.points) for item in items()}
    assert found == {
        "Lire les scans": (ItemKind.STORY, ItemState.TO_DO, 3),
        "L’export plante": (ItemKind.BUG, ItemState.DONE, None),
        "Étiqueter l’échantillon": (ItemKind.DATA, ItemState.TO_DO, None),
        "Obtenir l’accès": (ItemKind.STORY, ItemState.BLOCKED, None),
        "Écran de relecture": (ItemKind.STORY, ItemState.TO_DO, 5),
        "Écran d’accueil": (ItemKind.BUG, ItemState.TO_DO, None),
    }
    assert next(i for i in items() if i.block_reason).block_reason == "Bloqué dans Trello."


def test_the_same_file_again_changes_nothing(importer, project):
    data = files.gitlab(*(files.issue(n, f"Écran {n}") for n in range(1, 4)))
    importer.bring(data)
    last = get_last_event_number(project.id)
    again = importer.compare(data)
    assert again.counts == {"unchanged": 3, "absent": 0}
    with pytest.raises(RuleBroken):
        importer.confirm(again)
    db.session.rollback()
    assert get_last_event_number(project.id) == last
    assert len(items()) == 3


def test_a_later_file_changes_field_by_field_and_deletes_nothing(importer):
    importer.bring(files.gitlab(files.issue(1, "Écran"), files.issue(2, "Accès")))
    later = files.issue(1, "Écran de relecture", State="Closed", Weight=3)
    made = importer.compare(files.gitlab(later))
    assert made.counts == {"changed": 1, "absent": 1}
    (line,) = lines(made)
    assert [(c["field"], c["here"], c["file"], c["mine"]) for c in line.changes] == [
        ("title", "Écran", "Écran de relecture", False),
        ("points", None, 3, False),
        ("state", "to_do", "done", False),
    ]
    importer.confirm(made)
    first, second = items()
    assert (first.title, first.points, first.state) == ("Écran de relecture", 3, ItemState.DONE)
    assert (second.title, second.gone_at) == ("Accès", None)


@pytest.mark.parametrize(("takes", "title"), [(set(), "D’ici"), ({"title"}, "Du fichier")])
def test_what_was_changed_here_waits_for_a_choice(importer, member, project, takes, title):
    importer.bring(files.gitlab(files.issue(1, "Écran", Weight=2)))
    (item,) = items()
    text = ItemFacts(title="D’ici", kind=item.kind, points=2, description=item.description)
    backlog.edit_item(member, project, ItemAtVersion(item, item.version), text)
    made = importer.compare(files.gitlab(files.issue(1, "Du fichier", Weight=8)))
    (line,) = lines(made)
    assert {c["field"]: c["mine"] for c in line.changes} == {"title": True, "points": False}
    commands.decide_line_overwrites(member, project, made, 1, positions=[0], takes={0: takes | {"points"}})
    importer.confirm(made)
    assert (items()[0].title, items()[0].points) == (title, 8)
    following = importer.compare(files.gitlab(files.issue(1, "Du fichier", Weight=8)))
    assert following.counts.get("mine", 0) == (0 if takes else 1)


def test_the_board_and_closed_sprints_keep_what_they_say(importer, member, project, app):
    issues = [files.issue(n, f"Écran {n}") for n in (1, 2, 3)]
    importer.bring(files.gitlab(*issues))
    sprint = make.sprint(project)
    iteration_commands.start_iteration(member, project, sprint.id)
    for item in items()[:2]:
        item.iteration_id = sprint.id
    db.session.commit()
    state_commands.set_item_state(
        member, project, ItemAtVersion(items()[0], items()[0].version), ItemState.DONE
    )
    doing = importer.compare(files.gitlab(issues[0], files.issue(2, "Écran 2", State="Open"), issues[2]))
    assert doing.counts == {"changed": 1, "unchanged": 2, "mine": 1, "absent": 0}
    iteration_commands.close_iteration(member, project, sprint.id)
    db.session.commit()
    frozen = snapshots()
    reopened = [files.issue(n, f"Écran {n}", Weight=9) for n in (1, 2, 3)]
    made = importer.compare(files.gitlab(*reopened))
    assert all(c["field"] == "points" for line in lines(made) for c in line.changes)
    importer.confirm(made)
    assert items()[-1].points == 9
    assert snapshots() == frozen


def test_what_was_dropped_here_is_left_aside(importer, member, project):
    importer.bring(files.gitlab(files.issue(1, "Écran")))
    (item,) = items()
    backlog.drop_item(member, project, ItemAtVersion(item, item.version))
    made = importer.compare(files.gitlab(files.issue(1, "Autre")))
    assert made.counts == {"aside": 1, "absent": 0}


def test_columns_and_words_are_chosen_and_kept_for_next_time(importer, member, project):
    data = files.gitlab(files.issue(1, "Ailleurs", State="Offen", Weight="L"))
    made = importer.compare(data)
    assert made.counts["error"] == 1
    chosen = ImportChoices.from_json(made.choices)
    columns = {f: name for f, name in chosen.columns.items() if f is not ImportField.POINTS}
    commands.choose_columns(member, project, made, ImportChoices(columns, {"offen": "done"}, {}))
    work()
    assert (made.stage, made.round, made.counts) == (ImportStage.COMPARED, 2, {"new": 1, "absent": 0})
    with pytest.raises(Conflict):
        commands.confirm_import(member, project, made, 1)
    db.session.rollback()
    importer.confirm(made)
    assert items()[0].state is ItemState.DONE
    assert importer.compare(data).counts == {"unchanged": 1, "absent": 0}


def test_confirming_twice_writes_once(importer, member, project):
    made = importer.compare(files.gitlab(files.issue(1, "Écran")))
    assert commands.confirm_import(member, project, made, made.round)
    assert commands.confirm_import(member, project, made, made.round)
    work()
    assert commands.confirm_import(member, project, made, made.round)
    work()
    assert len(items()) == 1


@pytest.mark.parametrize("when", ["before the word", "before the writing"])
def test_a_backlog_that_changed_is_compared_again(importer, member, project, when):
    made = importer.compare(files.gitlab(files.issue(1, "Écran")))
    if when == "before the writing":
        commands.confirm_import(member, project, made, made.round)
    backlog.add_items(member, project, [ItemFacts(title="Tapé")])
    if when == "before the word":
        assert not importer.confirm(made)
    else:
        work()
    assert (made.stage, made.overtaken, made.round) == (ImportStage.COMPARED, True, 2)
    assert [item.title for item in items()] == ["Tapé"]
    assert importer.confirm(made)
    assert [item.title for item in items()] == ["Tapé", "Écran"]


def test_a_fault_in_the_middle_leaves_nothing(importer, member, project, monkeypatch):
    monkeypatch.setattr(item_commands, "BATCH", 1)
    monkeypatch.setattr(item_commands, "_NEXT_LINES", item_commands._NEXT_LINES.limit(1))
    made = importer.compare(files.gitlab(files.issue(1, "Un"), files.issue(2, "Deux")))
    commands.confirm_import(member, project, made, made.round)
    db.session.commit()
    real = item_commands._ImportWriter.write

    def fail(writer, lines) -> None:
        real(writer, lines)
        if writer.added == 2:
            raise OSError("the disk is full")

    monkeypatch.setattr(item_commands._ImportWriter, "write", fail)
    with pytest.raises(OSError, match="full"):
        work()
    assert items() == []
    assert db.session.query(ItemEvent).count() == 0
    assert db.session.query(AuditEvent).filter_by(scope_id=project.id).count() == 0


def test_who_left_the_team_meanwhile_writes_nothing(importer, member, project):
    made = importer.compare(files.gitlab(files.issue(1, "Écran")))
    commands.confirm_import(member, project, made, made.round)
    db.session.query(RoleAssignment).filter_by(person_id=member.person_id).delete()
    work()
    assert (made.stage, made.refusal) == (ImportStage.REFUSED, "not_allowed")
    assert items() == []


def test_a_file_that_is_broken_further_down_is_refused_with_its_line(importer):
    made = importer.compare(files.gitlab(files.issue(1, "Un")) + b'"deux')
    assert (made.stage, made.refusal, made.facts["line"]) == (ImportStage.REFUSED, "unclosed", 3)


def test_a_file_is_forgotten_after_its_time_and_when_another_comes(importer):
    first = importer.compare(files.gitlab(files.issue(1, "Un"))).id
    second = importer.compare(files.gitlab(files.issue(1, "Un")))
    assert db.session.query(BacklogImport).filter_by(id=first).count() == 0
    assert second.stage is ImportStage.COMPARED
    with clock.frozen_at(clock.now() + timedelta(days=1, seconds=1)):
        db.session.commit()
        assert apply_retention() == 1
    assert db.session.query(ImportLine).count() == 0


def test_a_worker_that_died_is_followed_by_another_and_not_for_ever(importer):
    made = importer.stage(files.gitlab(files.issue(1, "Un")))
    db.session.commit()
    assert jobs._claim_import() is not None
    assert jobs._claim_import() is None
    for _ in range(2):
        with clock.frozen_at(clock.now() + jobs.LEASE_DURATION):
            db.session.expire_all()
            made.leased_until = clock.now()
            db.session.commit()
            assert jobs._claim_import() is not None
    made.leased_until = None
    work()
    assert (made.stage, made.refusal) == (ImportStage.REFUSED, "unfinished")


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)  # the benchmark runs on both engines
def test_ten_thousand_lines_are_brought_in_within_seconds(importer, tell):
    rows = (files.issue(n, f"Écran {n}", Weight=n % 9) for n in range(1, 10_001))
    data = files.gitlab(*rows)
    began = clock.now()
    made = importer.compare(data)
    compared = clock.now()
    assert made.counts == {"new": 10_000, "absent": 0}
    importer.confirm(made)
    written = clock.now()
    assert db.session.query(Item).count() == db.session.query(ItemEvent).count() == 10_000
    tell(
        "imports",
        lines=10_000,
        compared_s=round((compared - began).total_seconds(), 1),
        written_s=round((written - compared).total_seconds(), 1),
    )
    assert (written - began).total_seconds() < 60
