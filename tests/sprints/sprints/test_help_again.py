"""Help asked anew by a close or a log, after an earlier request of the same sprint was closed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.coaching.clinics.commands import claim_request, close_request
from portal.coaching.clinics.models import Clinic
from portal.coaching.clinics.queries import (
    list_open_requests,
    list_project_requests,
    list_unclaimed_requests,
)
from portal.coaching.clinics.request_commands import request_help
from portal.oversight.health.fact_queries import HealthFactPart, gather_facts
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.project.projects.models import ProjectFigures
from portal.sprints.sprints import commands, undo_commands
from portal.sprints.sprints.help_commands import ask_for_help
from portal.sprints.sprints.models import BlockerKind, Sprint
from tests.sprints.sprints.test_commands import LOG
from tests.support import factories as make
from tests.support.browser import words_of

PLAIN = replace(LOG, help_wanted=False)
NEW = replace(LOG, help_wanted=True, blocker_text="Les clés manquent.")


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


@pytest.fixture
def coach(project):
    return make.actor(make.role(project.id, Role.COACH))


@pytest.fixture
def taken(project, member, coach):
    """A running sprint, with a request that its coach has."""
    sprint = make.active_sprint(project)
    ask_for_help(member, project, sprint, BlockerKind.PEOPLE, "Le chef est parti.", expected_version=1)
    db.session.commit()
    claim_request(coach, project, sprint, 0)
    db.session.commit()
    return sprint


@pytest.fixture
def sprint(project, coach, taken):
    """The same, once its coach closed the request."""
    sprint, clinic = taken, db.session.query(Clinic).one()
    close_request(coach, project, (clinic, sprint), "Vu ensemble.", clinic.version)
    db.session.commit()
    return sprint


def test_a_taken_request_keeps_its_words_where_a_close_withdraws_it_and_empties_them(project, member, taken):
    commands.close_sprint(member, project, taken, replace(PLAIN, blocker_text=""), taken.version)
    db.session.commit()
    assert (taken.request_text, taken.request_blocker) == ("Le chef est parti.", BlockerKind.PEOPLE)
    assert taken.blocker_text == ""


def test_a_taken_request_keeps_its_words_through_a_draft_and_a_close_without_help(project, member, taken):
    emptied = replace(PLAIN, help_wanted=True, blocker=BlockerKind.NONE, blocker_text="")
    commands.save_log_draft(member, project, taken, emptied, taken.version)
    db.session.commit()
    log = replace(PLAIN, blocker=BlockerKind.IT, blocker_text="Le serveur est plein.")
    commands.close_sprint(member, project, taken, log, taken.version)
    db.session.commit()
    assert (taken.request_text, taken.request_blocker) == ("Le chef est parti.", BlockerKind.PEOPLE)
    assert taken.blocker_text == "Le serveur est plein."


def close(member, project, sprint, log) -> None:
    commands.close_sprint(member, project, sprint, log, sprint.version)
    db.session.commit()


def change(member, project, sprint, log) -> None:
    commands.edit_log(member, project, sprint, log, sprint.version)
    db.session.commit()


def waiting_texts(coach) -> list[str]:
    return [request.blocker_text for request in list_open_requests(coach)]


def test_a_close_with_a_new_blocker_asks_anew(project, member, coach, sprint):
    close(member, project, sprint, NEW)
    assert waiting_texts(coach) == [NEW.blocker_text]
    assert (sprint.helped_at, sprint.help_taken_at) == (None, None)
    assert sprint.help_requested_at == sprint.closed_at
    assert not undo_commands.explain_undo_obstacle(project, sprint)


def test_the_undo_of_such_a_close_leaves_the_closed_request_until_the_next(project, member, coach, sprint):
    asked_at = sprint.help_asked_at
    for _again in range(2):
        close(member, project, sprint, NEW)
        assert waiting_texts(coach) == [NEW.blocker_text]
        undo_commands.undo_start_or_close(member, project, sprint, sprint.version)
        db.session.commit()
        assert sprint.helped_at is not None
        assert sprint.help_asked_at == asked_at
        assert not waiting_texts(coach)
        assert [each.blocker_text for each in list_project_requests(member, project)] == [
            "Le chef est parti."
        ]


def test_a_close_that_says_the_same_words_asks_nothing_anew(project, member, coach, sprint):
    close(member, project, sprint, replace(NEW, blocker_text="Le chef est parti."))
    assert sprint.helped_at is not None
    assert not waiting_texts(coach)


@pytest.mark.parametrize("unticked_first", [True, False])
def test_the_log_asks_anew_once_ticked_or_in_other_words(project, member, coach, sprint, unticked_first):
    same = replace(NEW, blocker_text="Le chef est parti.")
    close(member, project, sprint, PLAIN if unticked_first else same)
    change(member, project, sprint, same if unticked_first else NEW)
    assert waiting_texts(coach) == [same.blocker_text if unticked_first else NEW.blocker_text]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Clinic)) == 1
    change(member, project, sprint, replace(NEW, summary="Autre ligne.", blocker_text=sprint.blocker_text))
    claim_request(coach, project, sprint, 0)
    db.session.commit()
    assert sprint.helped_at is None


def take(coach, project, sprint) -> None:
    claim_request(coach, project, sprint, 0)
    db.session.commit()


def test_a_request_that_a_coach_took_keeps_the_close_once_unticked_too(project, member, coach, sprint):
    close(member, project, sprint, NEW)
    take(coach, project, sprint)
    assert undo_commands.explain_undo_obstacle(project, sprint)
    change(member, project, sprint, replace(NEW, help_wanted=False))
    assert undo_commands.explain_undo_obstacle(project, sprint)
    with pytest.raises(RuleBroken):
        undo_commands.undo_start_or_close(member, project, sprint, sprint.version)


def test_a_close_that_withdrew_a_taken_request_is_undone_and_brings_it_back(project, member, coach):
    sprint = make.active_sprint(project)
    ask_for_help(member, project, sprint, BlockerKind.PEOPLE, "Le chef est parti.", expected_version=1)
    db.session.commit()
    take(coach, project, sprint)
    close(member, project, sprint, PLAIN)
    undo_commands.undo_start_or_close(member, project, sprint, sprint.version)
    assert sprint.help_asked_at is not None


def test_the_tick_says_who_has_the_request_and_what_unticking_does(project, coach, browser_for):
    page = f"/projects/{project.slug}"
    browser = browser_for(make.role(project.id, Role.TEAM_MEMBER))
    sprint = make.active_sprint(project)
    browser.submit(f"{page}/help", blocker="people", blocker_text="Le chef est parti.", version=1)
    forms = [f"{page}/sprints/1/close", f"{page}/help"]
    assert "décocher la retire" in words_of(browser.visit(forms[0]).main)
    name = db.session.get_one(Person, coach.person_id).name
    db.session.expire_all()
    take(coach, project, sprint)
    for _state in ("running", "closed"):
        assert f"{name} a pris cette demande" in words_of(browser.visit(forms[0]).main)
        words = words_of(browser.visit(forms[1]).main)
        assert f"{name} l’a prise" in words
        assert "décochez" not in words
        typed = {
            "outcome": "met",
            "summary": "Lu.",
            "blocker": "people",
            "blocker_text": "Le chef est parti.",
        }
        version = browser.visit(forms[0]).select_one("main [name=version]")["value"]
        browser.submit(forms[0], help_wanted="1", version=version, **typed)
        forms[0] = f"{page}/sprints/1/log"
    clinic = db.session.scalars(sa.select(Clinic)).one()
    close_request(
        coach, project, (clinic, db.session.get_one(Sprint, clinic.sprint_id)), "Vu.", clinic.version
    )
    db.session.commit()
    assert "Close depuis le" in words_of(browser.visit(forms[0]).main)


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def undo(member, project, sprint) -> None:
    undo_commands.undo_start_or_close(member, project, sprint, sprint.version)
    db.session.commit()


def ask(member, project, sprint, text) -> None:
    ask_for_help(member, project, sprint, BlockerKind.IT, text, expected_version=sprint.version)
    db.session.commit()


def test_the_undo_of_a_close_leaves_its_blocker_once_a_later_request_is_closed(project, member, coach):
    sprint = make.active_sprint(project)
    close(member, project, sprint, PLAIN)
    ask(member, project, sprint, "Un lecteur de plus.")
    take(coach, project, sprint)
    clinic = db.session.scalars(sa.select(Clinic)).one()
    close_request(coach, project, (clinic, sprint), "Vu.", clinic.version)
    db.session.commit()
    undo(member, project, sprint)
    assert (sprint.blocker, sprint.blocker_text) == (PLAIN.blocker, PLAIN.blocker_text)


def test_the_undo_of_a_close_leaves_a_later_request_waiting(project, member, coach, sprint):
    close(member, project, sprint, NEW)
    change(member, project, sprint, replace(NEW, help_wanted=False))
    request_help(
        member, project, sprint, BlockerKind.IT, "Un lecteur de plus.", expected_version=sprint.version
    )
    db.session.commit()
    undo(member, project, sprint)
    assert waiting_texts(coach) == ["Un lecteur de plus."]
    assert sprint.helped_at is None


@pytest.mark.parametrize("since", ["", "Les clés manquent."])
def test_a_request_that_a_close_withdrew_and_emptied_comes_back_with_its_words(project, member, coach, since):
    sprint = make.active_sprint(project)
    ask(member, project, sprint, "Le serveur est plein.")
    emptied = replace(PLAIN, blocker=BlockerKind.NONE, blocker_text="")
    close(member, project, sprint, emptied)
    assert not waiting_texts(coach)
    if since:
        change(member, project, sprint, replace(emptied, blocker_text=since))
    undo(member, project, sprint)
    assert waiting_texts(coach) == [since or "Le serveur est plein."]
    assert sprint.request_blocker is (BlockerKind.NONE if since else BlockerKind.IT)


def test_a_draft_or_a_close_that_empties_the_blocker_leaves_a_waiting_request_its_words(
    project, member, coach
):
    sprint = make.active_sprint(project)
    ask(member, project, sprint, "Le serveur est plein.")
    emptied = replace(NEW, blocker=BlockerKind.NONE, blocker_text="")
    for text, waiting in (("", "Le serveur est plein."), ("Les clés.", "Les clés."), ("", "Les clés.")):
        draft = replace(emptied, blocker_text=text)
        commands.save_log_draft(member, project, sprint, draft, sprint.version)
        db.session.commit()
        assert waiting_texts(coach) == [waiting]
        assert sprint.blocker_text == text
    close(member, project, sprint, emptied)
    assert waiting_texts(coach) == ["Les clés."]


def test_the_figures_date_the_request_that_nobody_took(project, member, coach):
    first = make.closed_sprint(project, number=1, help_wanted=True, closed_at=days_ago(10))
    take(coach, project, first)
    second = make.active_sprint(project, number=2)
    with clock.frozen_at(days_ago(2)):
        ask(member, project, second, "Le serveur est plein.")
    db.session.expire_all()
    figures = db.session.get_one(ProjectFigures, project.id)
    assert (figures.help_taken, figures.help_since) == (False, second.help_asked_at)
    (line,) = list_unclaimed_requests(coach)
    assert line.requested_at == figures.help_since
    last = gather_facts(project, HealthFactPart, None).work.last
    assert (last.help_taken, last.help_since) == (False, clock.day_of(second.help_asked_at))


def test_a_taken_request_keeps_its_words_where_the_log_has_others(project, member, taken):
    def read_words() -> tuple[str, BlockerKind, str]:
        db.session.commit()
        return taken.request_text, taken.request_blocker, taken.blocker_text

    words = "Le chef est parti.", BlockerKind.PEOPLE
    commands.save_log_draft(member, project, taken, replace(NEW, blocker_text="Le disque."), taken.version)
    assert read_words() == (*words, "Le disque.")
    ask_for_help(member, project, taken, words[1], words[0], expected_version=1)  # a second click
    assert read_words() == (*words, "Le disque.")
    commands.close_sprint(member, project, taken, NEW, taken.version)
    assert read_words() == (*words, NEW.blocker_text)
    undo_commands.undo_start_or_close(member, project, taken, taken.version)
    assert read_words() == (*words, NEW.blocker_text)
    commands.close_sprint(member, project, taken, NEW, taken.version)
    commands.edit_log(member, project, taken, replace(NEW, blocker_text="La pile."), taken.version)
    assert read_words() == (*words, "La pile.")
