"""Sessions and figures on the page of a round, and their export."""

import csv
import io

import pytest
from sqlalchemy import select, update

from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.user_tests.rounds.models import RoundGroup, RoundScale, TestRound
from portal.user_tests.rounds.queries import list_tasks
from portal.user_tests.rounds.session_models import TaskOutcome, TestSession
from tests.support import factories as make
from tests.support import user_tests as tests
from tests.support.browser import words_of

R = "/projects/heron/tests/1"


def told(page):
    return words_of(page.find(id="results")).replace("\xa0", " ")


def tried(round_, person, outcome=TaskOutcome.SUCCESS, **given):
    held = tests.session(round_, person, **given)
    tests.result(held, list_tasks(round_)[0], outcome=outcome)
    tests.answers(held, *[4, 2] * 5)
    return held


def test_a_rate_is_told_with_its_n_and_its_interval_in_words(browser_for, round_, person):
    for n in range(5):
        tried(round_, person, TaskOutcome.SUCCESS if n < 4 else TaskOutcome.FAILED)
    tried(round_, person, is_rehearsal=True)
    page = browser_for(person).visit(R)
    assert words_of(page.h1).replace("\xa0", " ") == (
        "Série 1 : 4 sur 5 réussissent la tâche principale sans aide"
    )
    assert "5 participants : réussite, temps" in told(page)
    assert "4 sur 5 ; entre 36 et 98 sur 100" in told(page)
    assert "entre 36 et 98 usagers sur 100 y parviendraient" in told(page)
    assert "SUS de 75,0 sur 100" in told(page)
    assert "(répétition)" in told(page)
    assert "Publics : Les contrôleurs : 0 sur 5, autres : 5." in told(page)
    scales = [[words_of(tick) for tick in scale.select("text")] for scale in page.select(".results__scale")]
    assert scales == [["0", "50", "100"], ["0", "30 s", "1 min"]]
    for table in page.find(id="results").find_all("table"):
        assert table.caption.text.strip()


def test_nobody_yet_says_what_a_session_is(browser_for, round_, person):
    page = browser_for(person).visit(R)
    assert "Personne n’a encore essayé." in told(page)
    assert page.find("a", string="Nouvelle séance")


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\tx", "\uff1d1"])
def test_no_cell_of_the_file_runs(browser_for, round_, person, text):
    held = tried(round_, person)
    held.notes = text
    db.session.commit()
    rows = export(browser_for(person))
    assert rows[1][-1].startswith("'")


def export(browser, status=200):
    answer = browser.open(f"{R}/sessions.csv", method="POST", data={})
    assert answer.status_code == status
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))


def test_the_file_has_a_line_for_each_session_under_its_code(browser_for, round_, person, project):
    tried(round_, person)
    round_.scale = RoundScale.F_SUS
    db.session.commit()
    names, row = export(browser_for(make.role(project.id, Role.COACH)))
    by_name = dict(zip(names, row, strict=True))
    assert by_name["Code"] == "P1"
    assert by_name["T1 résultat"] == "Réussie"
    assert by_name["Score"] == "75,0"
    assert person.name not in str(row)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "test_sessions.exported")).one()
    assert set(event.facts) == {"number", "path"}


@pytest.mark.parametrize(
    "refused", [(Role.ETHICS_REVIEWER, 403), (Role.PROGRAMME_LEAD, 403), (Role.OBSERVER, 404)]
)
def test_raw_results_leave_with_the_team_and_its_coaches_alone(browser_for, round_, project, person, refused):
    role, status = refused
    tried(round_, person)
    of_programme = role in {Role.PROGRAMME_LEAD, Role.OBSERVER}
    reader = make.role(project.programme_id if of_programme else project.id, role)
    export(browser_for(reader), status)
    assert not db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "test_sessions.exported")
    ).all()


def seen(reader):
    clear_cached_answers()
    return reader.visit(R)


def primary_act(page):
    buttons = page.select(".round-head .fr-btn:not(.fr-btn--secondary, .fr-btn--tertiary)")
    return [words_of(tag) for tag in buttons]


def test_the_blue_button_of_a_round_follows_its_state(browser_for, round_, person):
    reader = browser_for(person)
    empty = seen(reader)
    assert primary_act(empty) == ["Nouvelle séance"]
    assert "Terminer la série" not in words_of(empty.main)
    assert "Reprendre pour une autre version" not in words_of(empty.main)
    db.session.execute(update(RoundGroup).values(participant_goal=2))
    aimed = db.session.scalars(select(RoundGroup.target_group_id)).one()
    tried(round_, person, target_group_id=aimed, ended_at=tests.WHEN)
    assert primary_act(seen(reader)) == ["Nouvelle séance"]
    tried(round_, person, target_group_id=aimed, ended_at=None)
    assert primary_act(seen(reader)) == ["Nouvelle séance"]  # it still goes on
    db.session.execute(update(TestSession).values(ended_at=tests.WHEN))
    db.session.commit()
    assert primary_act(seen(reader)) == ["Terminer la série"]
    asked = reader.submit(f"{R}/state", to="over")
    assert "Elle se rouvre d’un clic" in words_of(asked.main)
    assert primary_act(seen(reader)) == ["Terminer la série"]  # not yet
    reader.submit(f"{R}/state", to="over", confirmed="1")
    assert "Rouvrir la série" in words_of(seen(reader).select_one(".round-head"))
    assert primary_act(seen(reader)) == ["Reprendre pour une autre version"]


def test_a_limit_is_named_only_where_one_is_set(browser_for, round_, person):
    tried(round_, person)
    reader = browser_for(person)
    assert "limite" not in told(seen(reader)).partition("Les nombres")[0]
    list_tasks(round_)[0].time_limit = 90
    db.session.commit()
    assert "Temps des réussites sans aide, et limite fixée" in told(seen(reader))


def test_hypotheses_are_no_question_and_lead_to_where_they_are_settled(browser_for, round_, person):
    db.session.execute(update(TestRound).values(hypotheses="La légende se voit."))
    db.session.commit()
    reader = browser_for(person)
    assert "Noter ce qu’elle tranche" not in told(seen(reader))
    tried(round_, person)
    page = seen(reader)
    assert "Hypothèses de cette sérieLa légende se voit." in told(page)
    link = page.find("a", string="Noter ce qu’elle tranche, aux hypothèses du projet")
    reader.visit(link["href"])
