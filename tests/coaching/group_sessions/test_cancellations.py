"""A group session before its hour, and one that was announced by mistake."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from portal.coaching.group_sessions import commands, queries
from portal.coaching.group_sessions.models import Gathering
from portal.communication.calendar.entry_queries import CalendarSource
from portal.communication.calendar.queries import list_entries
from portal.communication.notifications.due_date_jobs import notify_due_dates
from portal.communication.notifications.due_date_queries import DueReminderSource
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_queries import filter_mailable
from portal.communication.notifications.models import Notification
from portal.communication.notifications.schemas import NotificationSchema
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import actor_for
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, TooLate
from tests.support import api
from tests.support import coaching as some
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.refusals import forbidden


@pytest.fixture
def programme(project):
    return db.session.get_one(Programme, project.programme_id)


def test_before_its_hour_a_group_session_asks_nobody_for_anything(browser_for, project, programme, person):
    day, leading = clock.today() + timedelta(days=1), make.role(programme.id, Role.PROGRAMME_LEAD)
    some.gathering(project, leading, held_on=day, hour="09:00")
    index = f"/programmes/{programme.slug}/gatherings"
    begins = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Europe/Paris"))
    asks = {"Noter qui est venu", "Répondre à trois questions", "présence non notée"}
    for moment, is_upcoming in ((begins - timedelta(minutes=1), True), (begins, False)):
        with clock.frozen_at(moment):
            theirs, ours = browser_for(leading), browser_for(person)
            pages = [theirs.visit(f"{index}/1"), ours.visit(f"{index}/1"), theirs.visit(index)]
            forms = [theirs.open(f"{index}/1/attendance"), ours.open(f"{index}/1/satisfaction")]
        words = [words_of(page.main) for page in pages]
        assert ["À venir" in text for text in words] == [is_upcoming] * 3
        assert {ask for ask in asks if any(ask in text for text in words)} == (set() if is_upcoming else asks)
        assert [form.status_code for form in forms] == [403 if is_upcoming else 200] * 2


def test_one_announced_by_mistake_is_cancelled_with_a_reason_and_undone_within_the_hour(
    browser_for, project, programme, person
):
    day, leading = clock.today() + timedelta(days=1), make.role(programme.id, Role.PROGRAMME_LEAD)
    some.gathering(project, leading, held_on=day, title="Bilan")
    elsewhere = make.project()  # so that the list of programmes says when each has its next one
    make.role(elsewhere.programme_id, Role.PROGRAMME_LEAD, leading)
    some.gathering(elsewhere, leading, held_on=day + timedelta(days=30))
    slug, programme_id, person_id = programme.slug, programme.id, person.id
    path = f"/programmes/{slug}/gatherings/1"
    theirs, ours, now = browser_for(leading), browser_for(person), clock.now()
    assert "Annuler la séance" not in words_of(ours.visit(path).main)
    page = theirs.visit(theirs.visit(path).find("a", string="Annuler la séance")["href"])
    theirs.submit(f"{path}/cancel", expect=422, version="1", reason="")
    page = theirs.submit(f"{path}/cancel", expect=409, version="0", reason="Deux fois")
    assert "Quelqu’un a enregistré un changement entre-temps" in words_of(page.main)
    assert "pas encore annoncée" not in words_of(theirs.visit("/gatherings").main)
    assert notify_due_dates(list_contributions(DueReminderSource)) > 0
    assert _list_mailable_kinds(person_id) == {"gathering_due"}
    page = theirs.submit(f"{path}/cancel", version="1", reason="Deux fois la même")
    assert "Modifier" not in words_of(page.main)
    assert "Rétablir la séance" in words_of(page.main)
    assert _list_mailable_kinds(person_id) == {"gathering"}  # not that it takes place tomorrow
    db.session.query(Notification).filter_by(kind="gathering_due").delete()
    db.session.commit()
    assert "a annulé la séance collective « Bilan »" in words_of(ours.visit("/inbox").main)
    words = words_of(ours.visit(path).main)
    for said in ("Annulée", "Deux fois la même", "Retirer de mon agenda"):
        assert said in words
    assert "Rétablir" not in words
    calendar = Calendar.from_ical(ours.open(f"{path}/invitation.ics").data)
    assert (calendar["method"], calendar.walk("VEVENT")[0]["status"]) == ("CANCEL", "CANCELLED")
    assert "pas encore annoncée" in words_of(theirs.visit("/gatherings").main)
    line = ours.visit("/projects/heron").find("a", href=f"/programmes/{slug}/gatherings").parent.parent
    assert "1 séance" in words_of(line)
    assert "la prochaine le" not in words_of(line)
    reader = make.actor(db.session.get_one(type(person), person_id))
    entries = list_entries(reader, list_contributions(CalendarSource))
    assert "gathering" not in {entry.code for entry in entries}
    assert notify_due_dates(list_contributions(DueReminderSource)) == 0
    with clock.frozen_at(now + timedelta(hours=2)):
        assert "Rétablir" not in words_of(browser_for(db.session.merge(leading)).visit(path).main)
    page = theirs.submit(f"{path}/undo", version="2")
    assert "Séance collective rétablie" in words_of(page)
    assert "la prochaine le" in words_of(ours.visit("/projects/heron").main)
    told = db.session.query(Notification).filter_by(person_id=person_id).order_by(Notification.created_at)
    assert {row.action for row in told} == {"gathering.changed"}  # 0.11.0 reads them too, and knows no other
    assert [row.facts["of_action"] for row in told] == [
        "gathering.cancelled",
        "gathering.cancellation_undone",
    ]
    dumped = NotificationSchema(many=True).dump(told)
    assert [each["action"] for each in dumped] == ["gathering.cancelled", "gathering.cancellation_undone"]
    row = db.session.query(Gathering).filter_by(programme_id=programme_id).one()
    assert (row.cancelled_at, row.cancelled_by_id, row.cancelled_because) == (None, None, None)


def _list_mailable_kinds(person_id):
    rows = db.session.query(Notification).filter_by(person_id=person_id).all()
    return {row.kind for row in filter_mailable(actor_for(person_id), rows, kinds_by_code())}


def test_who_announces_cancels_unless_it_was_held(project, programme, member, lead):
    row, other = some.gathering(project, make.person()), some.gathering(project, make.person())
    pooled = make.actor(make.role(programme.id, Role.COACH))
    for stranger in (member, make.actor(make.role(programme.id, Role.OBSERVER))):
        with forbidden():
            commands.cancel_gathering(stranger, programme, row, "Non", row.version)
    with pytest.raises(Conflict):
        commands.cancel_gathering(pooled, programme, row, "Doublon", 0)
    commands.cancel_gathering(pooled, programme, row, "Doublon", row.version)
    db.session.flush()
    facts = commands.GatheringFacts(title="t", held_on=clock.today())
    for act in (
        lambda: commands.cancel_gathering(lead, programme, row, "Encore", row.version),
        lambda: commands.change_gathering(lead, programme, row, facts, row.version),
        lambda: commands.record_attendance(lead, programme, row, {project.id: 1}, row.version),
        lambda: commands.record_satisfaction_answer(member, programme, row, [1, 2, 3]),
    ):
        with pytest.raises(TooLate, match="annulée"):
            act()
    with forbidden():
        commands.undo_cancellation(member, programme, row, row.version)
    with clock.frozen_at(clock.now() + timedelta(minutes=61)), pytest.raises(TooLate):
        commands.undo_cancellation(lead, programme, row, row.version)
    commands.undo_cancellation(lead, programme, row, row.version)
    db.session.flush()
    commands.record_satisfaction_answer(member, programme, row, [1, 2, 3])
    commands.record_attendance(lead, programme, other, {project.id: 1}, other.version)
    db.session.flush()
    for held in (row, other):
        with pytest.raises(TooLate, match="a eu lieu"):
            commands.cancel_gathering(lead, programme, held, "Doublon", held.version)


def test_the_api_cancels_and_undoes(app, project, programme, coaching):
    some.gathering(project, coaching)
    client = api.client(app, make.role(programme.id, Role.PROGRAMME_LEAD))
    path = f"/programmes/{programme.slug}/group-sessions/1"
    cancelled = client.post(f"{path}/cancel", {"reason": "Doublon"}, if_match='"1"').get_json()
    assert (cancelled["cancelled_because"], bool(cancelled["cancelled_at"])) == ("Doublon", True)
    undone = client.post(f"{path}/undo", if_match='"2"').get_json()
    assert (undone["cancelled_because"], undone["cancelled_at"]) == (None, None)
    assert queries.read_gatherings_page(programme).rows[0].row.is_upcoming is False
