"""Meetings carry hour, length and place, in pages, invitations, feeds and reminders."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminder
from portal.communication.notifications.models import Notification
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.database import db
from tests.communication.calendar.test_feed import link_of
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of

TIME = {"hour": "14:30", "duration": "90", "place": "Salle B"}


def events_of(browser, path):
    return Calendar.from_ical(browser.open(path).data).walk("VEVENT")


def in_paris(day, hour, minute):
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))
    return local.astimezone(UTC)


def test_a_clinic_is_invited_at_its_hour(browser_for, project):
    coach = make.role(project.id, Role.COACH)
    some.clinic(some.asking(project), coach)
    browser, day = browser_for(coach), clock.today() + timedelta(days=3)
    path = f"/projects/{project.slug}/clinics/1"
    for wrong in ({"hour": "25:00"}, {"hour": "midi"}, {"duration": "4"}, {"duration": "9999"}):
        browser.submit(f"{path}/plan", expect=422, planned_on=day, version="1", **TIME | wrong)
    page = browser.submit(f"{path}/plan", planned_on=day, version="1", **TIME)
    for words in ("14:30", "1 h 30", "Salle B"):
        assert words in words_of(page.main).replace("\xa0", " ")
    (event,) = events_of(browser, f"{path}/invitation.ics")
    assert event.decoded("dtstart") == in_paris(day, 14, 30)
    assert event.decoded("dtend") == in_paris(day, 16, 0)
    assert event["location"] == "Salle B"


def test_a_next_session_and_a_group_session_too(browser_for, project):
    coach, today = make.role(project.id, Role.COACH), clock.today()
    browser, day = browser_for(coach), today + timedelta(days=7)
    usual = {"format": "call", "held_on": today, "track": ""}
    log = f"/projects/{project.slug}/coaching/new"
    refused = browser.submit(log, expect=422, **usual, **TIME)
    assert "prochaine" in words_of(refused.main)
    browser.submit(log, **usual, **TIME, next_on=day)
    events = events_of(browser, f"/projects/{project.slug}/coaching/1/invitation.ics")
    assert in_paris(day, 14, 30) in [event.decoded("dtstart") for event in events]
    some.gathering(project, coach, held_on=day, **TIME | {"duration": 45})
    browser.client.post("/inbox/calendar")
    feed = events_of(browser, link_of(browser.visit("/inbox/calendar")))
    starts = {str(event["uid"]).split("-")[0]: event.decoded("dtend") for event in feed}
    assert starts["gathering"] == in_paris(day, 15, 15)


def test_whoever_meets_is_reminded_the_day_before(app, project):
    coach = make.role(project.id, Role.COACH)
    tomorrow = clock.today() + timedelta(days=1)
    some.clinic(some.asking(project), coach, planned_on=tomorrow, hour="14:30")
    some.session(project, coach, next_on=tomorrow, hour="09:00")
    assert notify_due_dates(contributed(DueReminder)) == 2
    rows = db.session.query(Notification).all()
    assert {row.facts["name"] for row in rows} == {", 14:30", ", 09:00"}
