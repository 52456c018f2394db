"""Group sessions: attendance is counted, the satisfaction survey is anonymous."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from portal.app.home import facts as home_facts
from portal.coaching.group_sessions import commands, policy, queries
from portal.coaching.group_sessions.commands import GatheringFacts
from portal.coaching.group_sessions.models import SatisfactionRespondent, SatisfactionTally
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden

PATH = "gatherings/1"


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


@pytest.fixture
def held(project, coaching):
    return some.gathering(project, coaching)


def members(project, count):
    return [make.actor(make.role(project.id, Role.TEAM_MEMBER)) for _number in range(count)]


def test_what_was_thought_of_it_is_a_sum_and_ties_nothing_to_anybody(project, programme, held):
    for place, member in enumerate(members(project, 3)):
        commands.record_satisfaction_answer(member, programme, held, [5, 4, place + 1])
        with pytest.raises(TooLate, match="déjà répondu"):
            commands.record_satisfaction_answer(member, programme, held, [1, 1, 1])
        told = queries.read_satisfaction(held)
        assert told.is_shown is (place == 2)
    assert told.count == 3
    assert told.tallies == {
        1: {1: 0, 2: 0, 3: 0, 4: 0, 5: 3},
        2: {1: 0, 2: 0, 3: 0, 4: 3, 5: 0},
        3: {1: 1, 2: 1, 3: 1, 4: 0, 5: 0},
    }
    columns = {
        table: {column.name for column in table.__table__.columns}
        for table in (SatisfactionTally, SatisfactionRespondent)
    }
    assert columns[SatisfactionTally] == {"gathering_id", "question", "mark", "answer_count"}
    assert columns[SatisfactionRespondent] == {"gathering_id", "person_id"}
    lines = db.session.execute(sa.text("SELECT facts, before, after FROM audit_event")).all()
    assert all(str(cell) in {"{}", "b'{}'"} for line in lines for cell in line)


def test_only_teams_of_the_programme_answer_and_from_the_day_on(project, programme, held, coach, lead):
    elsewhere = members(make.project(), 1)[0]
    for actor in (coach, lead, elsewhere):
        with forbidden():
            commands.record_satisfaction_answer(actor, programme, held, [1, 2, 3])
    coming = some.gathering(project, make.person(), held_on=clock.today() + timedelta(days=1))
    (member,) = members(project, 1)
    with pytest.raises(TooLate):
        commands.record_satisfaction_answer(member, programme, coming, [1, 2, 3])
    with pytest.raises(TooLate):
        commands.record_attendance(lead, programme, coming, {project.id: 2}, coming.version)


def test_who_came_is_counted_team_by_team(project, programme, held, lead):
    other, stranger = make.project(programme), make.project()
    with pytest.raises(RuleBroken, match=str(stranger.id)):
        commands.record_attendance(lead, programme, held, {project.id: 4, stranger.id: 9}, held.version)
    came = {project.id: 4}
    commands.record_attendance(lead, programme, held, came, held.version)
    db.session.flush()
    commands.record_attendance(lead, programme, held, {project.id: 5, other.id: 0}, held.version)
    assert queries.read_attendance(held) == {project.id: 5, other.id: 0}
    (line,) = queries.read_gatherings_page(programme).rows
    assert line.people == 5
    with pytest.raises(Conflict):
        commands.record_attendance(lead, programme, held, came, 0)


def test_a_session_that_was_held_is_not_moved_to_a_coming_day(project, programme, held, lead):
    facts = GatheringFacts(title=held.title, held_on=clock.today() + timedelta(days=30))
    commands.record_satisfaction_answer(members(project, 1)[0], programme, held, [5, 4, 3])
    with pytest.raises(RuleBroken) as refused:
        commands.change_gathering(lead, programme, held, facts, held.version)
    assert refused.value.field == "held_on"
    earlier = replace(facts, held_on=held.held_on - timedelta(days=1))
    commands.change_gathering(lead, programme, held, earlier, held.version)


def test_an_answer_that_comes_before_the_lock_keeps_a_session_on_its_day(
    monkeypatch, project, programme, held, lead
):
    facts, member = (
        GatheringFacts(title="t", held_on=clock.today() + timedelta(days=30)),
        members(project, 1)[0],
    )

    def answer_and_lock(*row: object) -> None:
        monkeypatch.undo()
        commands.record_satisfaction_answer(member, programme, held, [5, 4, 3])

    monkeypatch.setattr(commands, "lock_row", answer_and_lock)
    with pytest.raises(RuleBroken, match="une réponse est notée"):
        commands.change_gathering(lead, programme, held, facts, held.version)


def test_who_reads_and_who_holds_them(project, programme, member, lead):
    pooled = make.actor(make.role(programme.id, Role.COACH))
    for actor, organises in ((member, False), (lead, True), (pooled, True)):
        assert queries.get_programme(actor, programme.slug) == programme
        assert policy.can_organise(actor, programme) is organises
    for role in (Role.OBSERVER, Role.OPERATOR, Role.JUROR):
        with pytest.raises(NotFound):
            queries.get_programme(make.actor(make.role(programme.id, role)), programme.slug)
    facts = GatheringFacts(title="t", held_on=clock.today())
    with forbidden():
        commands.announce_gathering(member, programme, facts)
    early = replace(facts, held_on=programme.starts_on - timedelta(days=1))
    with pytest.raises(RuleBroken, match="Le programme commence le"):
        commands.announce_gathering(pooled, programme, early)
    row = commands.announce_gathering(pooled, programme, facts)
    with pytest.raises(RuleBroken, match="Le programme commence le"):
        commands.change_gathering(lead, programme, row, early, row.version)
    commands.change_gathering(lead, programme, row, facts, row.version)
    with pytest.raises(Conflict):
        commands.change_gathering(lead, programme, row, facts, 0)


def test_a_gathering_is_announced_counted_and_thought_of(browser_for, project, programme, person):
    base = f"/programmes/{programme.slug}"
    leading = make.role(programme.id, Role.PROGRAMME_LEAD)
    theirs, ours = browser_for(leading), browser_for(person)
    link = theirs.visit("/desk").find("a", string="Séances collectives")
    assert base in theirs.visit(link["href"]).select_one("main .fr-btn")["href"]  # there is only one
    typed = {"title": "Lancement", "held_on": clock.today().isoformat(), "agenda": "**Tour** de table"}
    page = theirs.submit(f"{base}/gatherings/new", **typed)
    assert page.main.find("strong", string="Tour")
    project_page = words_of(ours.visit("/projects/heron").main)
    assert "Lancementséance collective du" in project_page  # it has begun: its questions wait
    assert "la prochaine le" not in project_page
    make.role(make.programme().id, Role.PROGRAMME_LEAD, leading)
    typed |= {"title": "Bilan", "held_on": (clock.today() + timedelta(days=1)).isoformat()}
    theirs.submit(f"{base}/gatherings/new", **typed)
    both = words_of(theirs.visit("/gatherings").main)
    assert "Bilan" in both
    assert "Lancement" not in both
    assert "pas encore annoncée" in both
    assert browser_for(make.person()).open("/gatherings").status_code == 404
    field = f"team_{project.id.hex}"
    page = theirs.submit(f"{base}/{PATH}/attendance", version="1", **{field: "4"})
    assert "4 personnes" in words_of(page.main)
    stale = theirs.submit(f"{base}/{PATH}/attendance", expect=409, version="1", **{field: "7"})
    both = words_of(stale.select_one(".two-texts"))
    assert "4" in both
    assert "7" in both
    page = ours.submit(f"{base}/{PATH}/satisfaction", useful="5", suited="4", next_step="2")
    assert "Vous avez répondu" in words_of(page.main)
    assert "4 personnes" not in words_of(page.main)
    assert "1 réponse. Les chiffres paraissent" in words_of(theirs.visit(f"{base}/{PATH}").main).replace(
        "\xa0", " "
    )
    for member in members(project, 2):
        row = queries.get_gathering(programme, 1)
        commands.record_satisfaction_answer(member, programme, row, [5, 5, 5])
    db.session.commit()
    assert "2 sur 3 d’accord" in words_of(theirs.visit(f"{base}/{PATH}").main)


def test_the_day_before_teams_and_organisers_are_reminded_and_afterwards_organisers_alone(
    browser_for, project, programme, person, lead
):
    tomorrow, past = clock.today() + timedelta(days=1), clock.today() - timedelta(days=2)
    other = make.project(programme, slug="grebe", paused_on=clock.today())
    resting_id = make.role(other.id, Role.TEAM_MEMBER).id
    person_id, coaching, slug = person.id, make.person(), programme.slug
    some.gathering(project, coaching, held_on=tomorrow, hour="14:30", title="Atelier")
    some.gathering(project, coaching, held_on=past, title="Bilan")
    some.gathering(project, coaching, held_on=past, title="Compté", counted_at=clock.now())
    some.gathering(project, coaching, held_on=clock.today(), title="Aujourd’hui")
    notify_due_dates(list_contributions(DueReminderSource))
    assert notify_due_dates(list_contributions(DueReminderSource)) == 0
    rows = db.session.query(Notification).filter_by(kind="gathering_due").all()
    reminders = {(row.person_id, row.action, row.facts["name"]) for row in rows}
    assert (person_id, "due.soon", "Atelier") in reminders
    assert {
        (lead.person_id, "due.soon", "Atelier"),
        (lead.person_id, "due.past", "Bilan"),
    } <= reminders
    assert {name for id_, _action, name in reminders if id_ == person_id} == {"Atelier"}
    assert "Compté" not in {name for _id, _action, name in reminders}
    assert resting_id not in {id_ for id_, _action, _name in reminders}
    fact_id = next(row.fact_id for row in rows if row.person_id == person_id)
    reply = browser_for(db.session.get_one(Person, person_id)).open(f"/inbox/{fact_id}")
    assert reply.headers["Location"].endswith(f"/programmes/{slug}/gatherings/1")


def test_the_next_one_is_still_to_be_held_and_after_one_the_team_finds_its_questions(
    browser_for, project, programme, person
):
    day = clock.today()
    for title, given in (
        ("Atelier tenu", {"hour": "09:00", "held_on": day}),
        ("Bilan", {"held_on": day + timedelta(days=16)}),
    ):
        some.gathering(project, person, title=title, **given)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Paris"))
    path = f"/programmes/{programme.slug}/gatherings/1/satisfaction"

    def read_page():
        home_facts.clear_cache()
        page = browser_for(person).visit(f"/projects/{project.slug}")
        yours = page.select_one("section[aria-labelledby=yours]")
        return words_of(page.main), words_of(yours) if yours else ""

    with clock.frozen_at(noon - timedelta(hours=4)):
        fold, yours = read_page()
        assert f"la prochaine le {format_day(day)}" in fold
        assert "Atelier tenu" not in yours
    with clock.frozen_at(noon):
        fold, yours = read_page()
        assert f"la prochaine le {format_day(day + timedelta(days=16))}" in fold
        assert "Atelier tenuséance collective du" in yours
        browser_for(person).submit(path, useful="4", suited="4", next_step="4")
        assert "Atelier tenu" not in read_page()[1]
