"""Meetings carry hour, length and place, in pages, invitations, feeds and reminders."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.labels import sentence
from portal.communication.notifications.models import Notification
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.text import format_day
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


def sentences():
    """What the notifications say, from the oldest on."""
    kinds = kinds_by_code()
    rows = db.session.query(Notification).order_by(Notification.kind)
    return [sentence(kinds[row.kind], row, "", "").replace("\xa0", " ") for row in rows]


def test_whoever_meets_is_reminded_the_day_before_of_hour_length_and_place(app, project):
    coach = make.role(project.id, Role.COACH)
    tomorrow = clock.today() + timedelta(days=1)
    meeting = {"hour": "14:30", "duration": 90, "place": "Salle B"}
    some.clinic(some.asking(project), coach, planned_on=tomorrow, **meeting)
    some.session(project, coach, next_on=tomorrow, hour="09:00", place="https://visio.example/a")
    some.gathering(project, coach, held_on=tomorrow, duration=45)
    assert notify_due_dates(list_contributions(DueReminderSource)) == 3
    assert sentences() == [
        "La clinique du sprint 1 a lieu demain, à 14:30 (1 h 30), Salle B",
        "Une séance d’accompagnement a lieu demain, à 09:00, https://visio.example/a",
        "La séance collective « Atelier d’annotation » a lieu demain (45 min)",
    ]


def test_a_meeting_that_passed_is_reminded_without_its_place(app, project):
    coach = make.role(project.id, Role.COACH)
    yesterday = clock.today() - timedelta(days=1)
    some.clinic(some.asking(project), coach, planned_on=yesterday, hour="14:30", place="Salle B")
    assert notify_due_dates(list_contributions(DueReminderSource)) == 1
    (said,) = sentences()
    assert said.endswith("dites ce qui s’est passé")


def test_news_of_a_planned_meeting_say_when_it_is(browser_for, project):
    coach, member = make.role(project.id, Role.COACH), make.role(project.id, Role.TEAM_MEMBER)
    some.clinic(some.asking(project), coach)
    day = clock.today() + timedelta(days=3)
    browser_for(coach).submit(f"/projects/{project.slug}/clinics/1/plan", planned_on=day, version="1", **TIME)
    page = words_of(browser_for(member).visit("/inbox").main).replace("\xa0", " ")
    assert f"a fixé la clinique du sprint 1 : le {format_day(day)} à 14:30 (1 h 30)" in page


def test_a_clinic_that_is_given_up_leaves_the_calendars(browser_for, project):
    coach = make.role(project.id, Role.COACH)
    some.clinic(some.asking(project), coach)
    browser, day = browser_for(coach), clock.today() + timedelta(days=3)
    path = f"/projects/{project.slug}/clinics/1"
    browser.submit(f"{path}/plan", planned_on=day, version="1", **TIME)
    invited = Calendar.from_ical(browser.open(f"{path}/invitation.ics").data)
    page = browser.submit(f"{path}/close", outcome="Réglé par écrit.", version="2")
    assert page.find("a", string="Retirer de mon agenda (fichier ICS)")
    cancelled = Calendar.from_ical(browser.open(f"{path}/invitation.ics").data)
    assert [each["method"] for each in (invited, cancelled)] == ["PUBLISH", "CANCEL"]
    (before,), (after,) = invited.walk("VEVENT"), cancelled.walk("VEVENT")
    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"]
    assert [each["status"] for each in (before, after)] == ["CONFIRMED", "CANCELLED"]
    assert before["organizer"].startswith("mailto:")
    assert before["transp"] == "OPAQUE"  # whoever meets is busy
