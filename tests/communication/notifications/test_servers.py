"""A real mail server that defers, refuses or dies: no mail is lost or shown twice."""

from portal.communication.notifications.models import PersonMailHours
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from tests.communication.notifications.conftest import letters, on, run_post
from tests.communication.notifications.test_post import say
from tests.support import factories as make
from tests.support.ports import free_port
from tests.support.smtp import DIES, FORGETS

NOBODY = "refuses connections"
TO_READER = ("450 4.2.1 busy", "421 closing")
TO_LETTER = ("451 4.3.0 later", DIES, FORGETS)


def cite(team, hour):
    """Mention Nour and queue a mail; returns the key of its letter."""
    with on(24, hour):
        say(team)
    with on(24, hour, 3):
        run_post()
        return letters()[-1].message_key


def test_a_server_that_defers_or_dies_delays_a_mail_and_it_is_read_once(team, office, deliver):
    any_hour = {"opens": 0, "closes": 24, "days": "1234567"}
    db.session.add(PersonMailHours(person_id=team.nour.id, at_once_most=9, saves=1, **any_hour))
    for hour, trouble in enumerate((*TO_READER, *TO_LETTER, NOBODY), start=8):
        key, before = cite(team, hour), len(office.keys)
        if trouble in TO_READER:
            office.answers[team.nour.email] = [trouble]
        elif trouble in TO_LETTER:
            office.to_data = [trouble]
        url = f"smtp://127.0.0.1:{free_port()}" if trouble is NOBODY else office.url
        with on(24, hour, 4):
            assert deliver(url) == 0, trouble
            assert letters()[-1].sent_at is None, trouble
        with on(24, hour, 40):
            assert deliver() == 1, trouble
            assert deliver() == 0
        came = office.keys[before:]
        assert len(came) == (2 if trouble is FORGETS else 1), trouble
        assert len(set(came)) == 1, trouble  # one Message-ID: mail programs show it once
        assert key in came[0]


def test_a_refused_mail_keeps_no_other_waiting_and_is_given_up_until_somebody_asks(
    team, office, deliver, browser_for
):
    with on(24, 10):
        say(team, "@nour et @camille")
    office.answers[team.nour.email] = ["550 5.1.1 unknown"]
    with on(24, 10, 5):
        run_post()
        assert deliver() == 1
        assert office.recipients == [team.coach.email]
        refused = next(one for one in letters() if one.address == team.nour.email)
        assert refused.given_up_at is not None
        assert deliver() == 0
    any_hour = {"opens": 0, "closes": 24, "days": "1234567", "saves": 1}
    db.session.add(PersonMailHours(person_id=team.nour.id, **any_hour))
    admin = browser_for(make.role(INSTALLATION, Role.ADMINISTRATOR))
    assert "550 5.1.1 unknown" in admin.visit("/letters").text
    admin.submit(f"/letters/{refused.id}/again")
    assert deliver() == 1
    assert office.recipients == [team.coach.email, team.nour.email]
    assert db.session.query(OutboxMessage).filter_by(sent_at=None).count() == 0
