"""Calendar feeds: access, entries, and conformance to RFC 5545."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from portal.communication.calendar.entry_queries import COLUMNS, MEETING_COLUMNS, CalendarSource
from portal.communication.calendar.queries import list_entries
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from tests.support import ceremonies, coaching, decisions, risks
from tests.support import factories as make


@pytest.fixture
def project(app):
    return make.project(slug="heron", organisation="Cnaf", acronym="CNAF")


def link_of(page):
    return page.main.select_one("#shown-once")["value"].removeprefix("http://127.0.0.1:8000")


def read(client, path):
    answer = client.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))  # RFC 5545, 3.1
    return Calendar.from_ical(answer.data)


def test_a_calendar_holds_what_concerns_its_person_and_programs_read_it(app, project, browser_for):
    today = clock.today()
    make.sprint(project, number=3, starts_on=today, ends_on=today + timedelta(days=11))
    make.sprint(make.project(), number=9, starts_on=today, ends_on=today)
    nour = make.role(project.id, Role.TEAM_MEMBER, make.person(locale="en"))
    looked = ceremonies.retrospective(project, make.closed_sprint(project, number=2))
    due = today + timedelta(days=3)
    name = "Appeler l’hébergeur, puis « relire » ; l’équipe d’à côté n’en sait rien encore"
    ceremonies.action(project, looked, nour, due_on=due, what=name)
    ceremonies.action(project, looked, make.holder(Role.TEAM_MEMBER, project), due_on=due)
    risks.late(risks.risk(project), nour, days=-5)
    browser = browser_for(nour)
    browser.client.post("/inbox/calendar")
    path = link_of(browser.visit("/inbox/calendar"))
    assert browser.visit("/inbox/calendar").main.select_one("#shown-once") is None  # shown once
    events = {str(event["summary"]): event for event in read(app.test_client(), path).walk("VEVENT")}
    assert "CNAF: sprint 3" in events
    assert f"CNAF: {name} (action)" in events
    assert "CNAF: mitigation 1 against a risk" in events
    assert not [title for title in events if "sprint 9" in title]
    sprint = events["CNAF: sprint 3"]
    assert sprint.decoded("dtstart") == today
    assert sprint.decoded("dtend") == today + timedelta(days=12)
    assert sprint["url"] == "http://127.0.0.1:8000/projects/heron/sprints/3"
    again = {str(event["uid"]) for event in read(app.test_client(), path).walk("VEVENT")}
    assert again == {str(event["uid"]) for event in events.values()}
    assert len(again) == len(events)


def test_a_link_that_ended_opens_nothing(app, project, browser_for):
    """An invented, replaced or revoked token, or one of a closed account."""
    nour = make.role(project.id, Role.TEAM_MEMBER)
    browser, stranger, paths = browser_for(nour), app.test_client(), []

    def opens(path):
        answer = stranger.get(path)
        db.session.rollback()  # as at the end of a request
        return answer.status_code

    for _n in range(3):
        browser.client.post("/inbox/calendar")
        paths.append(link_of(browser.visit("/inbox/calendar")))
        assert opens(paths[-1]) == 200
        if len(paths) == 2:
            browser.client.post("/inbox/calendar/revoke")
            assert opens(paths[-1]) == 404
    assert opens(paths[0]) == 404
    assert opens(paths[2].replace(".ics", "x.ics")) == 404
    db.session.merge(nour).disabled_at = clock.now()
    db.session.commit()
    assert opens(paths[2]) == 404


def test_who_left_loses_the_dates(app, project, browser_for):
    make.sprint(project, starts_on=clock.today(), ends_on=clock.today())
    browser = browser_for(make.role(project.id, Role.COACH))
    browser.client.post("/inbox/calendar")
    path = link_of(browser.visit("/inbox/calendar"))
    assert read(app.test_client(), path).walk("VEVENT")
    db.session.execute(sa.text("DELETE FROM role_assignment"))
    db.session.commit()
    assert not read(app.test_client(), path).walk("VEVENT")


def test_every_kind_of_dates_has_its_columns_and_a_name_of_its_own():
    codes = [dates.code for dates in list_contributions(CalendarSource)]
    assert len(set(codes)) == len(codes)
    for dates in list_contributions(CalendarSource):
        columns = tuple(column.key for column in dates.rows.selected_columns)
        assert columns in {COLUMNS, COLUMNS + MEETING_COLUMNS}


def test_whoever_only_reads_a_programme_is_told_no_date_of_its_meetings(app, project):
    told = {}
    coaching.gathering(project, make.person(), held_on=clock.today())
    for role in (Role.PROGRAMME_LEAD, Role.COACH, Role.OPERATOR, Role.OBSERVER, Role.JUROR):
        reader = make.actor(make.role(project.programme_id, role))
        told[role] = [entry.path for entry in list_entries(reader, list_contributions(CalendarSource))]
    path = f"/programmes/{db.session.get(Programme, project.programme_id).slug}/gatherings/1"
    assert {role for role, paths in told.items() if paths == [path]} == {Role.PROGRAMME_LEAD, Role.COACH}
    assert sum(map(len, told.values())) == 2


def test_a_committee_is_in_the_calendar_of_its_leads_alone(app, project):
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    day = clock.today() + timedelta(days=6)
    decisions.committee(project, lead, held_on=day, hour="14:30", duration=90, place="Salle 3")
    for person in (lead, *(make.role(project.programme_id, role) for role in (Role.COACH, Role.OBSERVER))):
        entries = list_entries(make.actor(person), list_contributions(CalendarSource))
        told = [
            (entry.path, entry.starts_on, entry.hour, entry.duration, entry.location) for entry in entries
        ]
        slug = db.session.get(Programme, project.programme_id).slug
        expected = (f"/programmes/{slug}/committees/1", day, "14:30", 90, "Salle 3")
        assert told == ([expected] if person is lead else [])


def test_what_has_a_day_to_come_gives_a_file_that_later_takes_its_own_place(app, project, browser_for):
    today, later = clock.today(), clock.today() + timedelta(days=8)
    coach = make.role(project.id, Role.COACH)
    browser = browser_for(coach)
    held = coaching.session(project, coach, next_on=later)
    programme = db.session.get_one(Programme, project.programme_id)
    met = coaching.gathering(project, coach, held_on=later, place="https://visio.example/1")
    clinic = coaching.clinic(coaching.asking(project, number=4), coach, planned_on=later)
    slug, title = f"/programmes/{programme.slug}/gatherings/1", f"{programme.name} : {met.title}"
    where = met.place
    found = {}
    for page in ("/projects/heron/coaching/1", "/projects/heron/clinics/4", slug):
        (link,) = browser.visit(page).main.select("a[href$='.ics']")
        calendar = read(browser.client, link["href"])
        assert calendar["method"] == "PUBLISH"
        found[page] = calendar.walk("VEVENT")
    assert [event.decoded("dtstart") for event in found["/projects/heron/coaching/1"]] == [today, later]
    (event,) = found[slug]
    assert (str(event["summary"]), str(event["location"])) == (title, where)
    held, clinic, met = (db.session.merge(row) for row in (held, clinic, met))
    held.held_on, held.next_on = today - timedelta(days=9), today - timedelta(days=1)
    clinic.planned_on, met.held_on = None, later + timedelta(days=1)
    db.session.commit()
    for page in ("/projects/heron/coaching/1", "/projects/heron/clinics/4"):
        assert not browser.visit(page).main.select("a[href$='.ics']")
        assert browser.client.get(f"{page}/invitation.ics").status_code == 404
    (moved,) = read(browser.client, f"{slug}/invitation.ics").walk("VEVENT")
    assert moved["uid"] == event["uid"]
    assert moved["sequence"] > event["sequence"]
