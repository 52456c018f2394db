"""Change requests: ends and silence are recalled, and a withdrawal is told."""

from datetime import timedelta

from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_jobs import send_due_mails
from portal.communication.notifications.models import Channel, Notification, Preference
from portal.funding.change_requests import commands, queries
from portal.funding.change_requests.models import ChangeState
from portal.funding.change_requests.notifications import FILED
from portal.funding.change_requests.reminder_commands import record_due_reminders
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import funding, health
from tests.support.change_requests import DELAY, file


def test_ends_and_silence_are_recalled_once(project, people):
    funding.signed(project, people.operator, ends_on=clock.today() + timedelta(days=85))
    loaded = file(people, DELAY, days=10)
    counts = []
    for days in (0, 1, 30, 31, 60, 62, 63):
        with clock.frozen_at(clock.now() + timedelta(days=days)):
            counts.append(record_due_reminders(clock.today()))
            db.session.commit()
    assert counts == [1, 0, 1, 0, 1, 1, 0]
    assert loaded.row.state is ChangeState.FILED
    health.known(project)


def test_who_took_a_request_in_hand_is_told_that_it_is_withdrawn(project, people):
    """Whoever heard nothing of it yet, and did nothing about it, is told neither; who reads in the inbox is
    told once the request stood there."""

    def list_told():
        told = db.session.query(Notification).filter_by(kind=FILED.code, read_at=None)
        return {row.person_id for row in told if row.action == commands.WITHDRAWN.code}

    funding.signed(project, people.operator)
    operator, second = people.operator, people.second
    loaded = file(people, DELAY, days=30)
    commands.examine_change(operator, loaded, loaded.row.version)
    db.session.commit()
    commands.withdraw_change(people.lead, loaded, loaded.row.version)
    db.session.commit()
    assert list_told() == {operator.person_id}
    db.session.add(Preference(person_id=second.person_id, kind=FILED.code, channel=Channel.INBOX))
    file(people, DELAY, days=30)
    slug = project.slug
    with clock.frozen_at(clock.now() + timedelta(days=7)):
        send_due_mails(kinds_by_code())
        again = queries.get_change(people.lead, slug, 2)
        commands.withdraw_change(people.lead, again, again.row.version)
        db.session.commit()
    assert list_told() == {operator.person_id, second.person_id}
