"""A lost second factor: two administrators remove it together, or the command line."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_jobs import send_due_mails
from portal.communication.notifications.models import Notification
from portal.people.accounts.models import Person
from portal.people.programmes.models import INSTALLATION
from portal.people.second_factor.models import OneTimeSecret
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.mail.letters import build_letter_message
from tests.people.second_factor.test_views import QUESTION, give_password, letters
from tests.support import factories as make
from tests.support.browser import words_of
from tests.support.second_factor import code, enrol


def lines(person: Person) -> list[str]:
    """The kinds of what stands in a person's inbox."""
    own = sa.select(Notification.kind).where(Notification.person_id == person.id)
    return list(db.session.scalars(own.order_by(Notification.created_at)))


def subjects() -> list[str]:
    rows = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [str(build_letter_message(row)["Subject"]) for row in rows]


def next_working_morning() -> datetime:
    """The next Tuesday at ten: mails leave during the hours of working days."""
    now = clock.now()
    return (now + timedelta(days=(1 - now.weekday()) % 7 or 7)).replace(hour=9, minute=0)


@pytest.fixture
def first(app) -> Person:
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


@pytest.fixture
def second(app) -> Person:
    return make.role(INSTALLATION, Role.ADMINISTRATOR)


def test_two_administrators_remove_a_lost_factor_together(ada, codes, first, second, browser_for):
    page = f"/people/{ada.id}/second-factor"
    one, other = browser_for(first), browser_for(second)
    one.submit(f"{page}/apply", expect=409)
    assert "Demander le retrait" in words_of(one.visit(page).main)
    one.submit(f"{page}/request")
    one.submit(f"{page}/request", expect=409)
    assert one.open(f"{page}/apply", method="POST").status_code == 403, "not alone"
    assert db.session.query(OneTimeSecret).count() == 1
    assert f"Demandé par {first.name}" in words_of(other.visit(page).main)
    other.submit(f"{page}/apply")
    assert db.session.query(OneTimeSecret).count() == 0
    assert letters() == ["asked", "reset"]
    assert subjects() == ["Le retrait de votre second facteur est demandé", "Votre second facteur a changé"]
    assert "Second facteur retiré par deux administrateurs" in words_of(one.visit(f"/people/{ada.id}"))
    assert give_password(browser_for(None)).headers["Location"] == "/"


def test_a_request_is_told_to_the_other_administrators_and_listed(ada, codes, first, second, browser_for):
    make.role(INSTALLATION, Role.ADMINISTRATOR, ada)
    one, other, second_id = browser_for(first), browser_for(second), second.id
    page = f"/people/{ada.id}/second-factor"
    assert "Seconds facteurs à retirer" not in words_of(other.visit("/people"))
    one.submit(f"{page}/request")
    assert (lines(first), lines(second), lines(ada)) == ([], ["administration"], [])
    inbox = other.visit("/inbox")
    assert f"demande le retrait du second facteur de {ada.name}" in words_of(inbox)
    listed = other.visit("/people").select_one(f'a[href="{page}"]').parent
    assert f"demandé par {first.name}" in words_of(listed)
    with time_machine.travel(next_working_morning(), tick=False):
        send_due_mails(kinds_by_code())
    mailed = sa.select(OutboxMessage.person_id).where(OutboxMessage.kind.in_(["notice", "digest"]))
    assert db.session.scalars(mailed).all() == [second_id]
    other.submit(f"{page}/refuse")
    assert "Seconds facteurs à retirer" not in words_of(other.visit("/people"))


def test_a_request_that_ended_is_mailed_to_nobody(ada, codes, first, second, browser_for):
    one, page = browser_for(first), f"/people/{ada.id}/second-factor"
    one.submit(f"{page}/request")
    one.submit(f"{page}/refuse")
    with time_machine.travel(next_working_morning(), tick=False):
        send_due_mails(kinds_by_code())
    assert letters() == ["asked", "withdrawn"]


def test_an_administrator_resets_nothing_of_their_own(ada, codes, browser_for):
    make.role(INSTALLATION, Role.ADMINISTRATOR, ada)
    browser = browser_for(None)
    give_password(browser)
    browser.submit(QUESTION, code=code())
    answer = browser.open(f"/people/{ada.id}/second-factor/request", method="POST")
    assert answer.status_code == 403


def test_a_refused_reset_removes_nothing_and_says_so(ada, codes, first, second, browser_for):
    one, other = browser_for(first), browser_for(second)
    page = f"/people/{ada.id}/second-factor"
    one.submit(f"{page}/request")
    other.submit(f"{page}/refuse")
    other.submit(f"{page}/apply", expect=409)
    assert db.session.query(OneTimeSecret).count() == 1
    assert letters() == ["asked", "refused"]
    assert subjects()[1] == "Le retrait de votre second facteur est refusé"
    asked, refused = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    for letter, who, words in ((asked, first, "Rien n’a changé encore"), (refused, second, "Rien ne change")):
        text = build_letter_message(letter).get_body(preferencelist=("plain",)).get_content()
        assert who.name in text
        assert words in text
    assert lines(first) == ["administration"]


def test_the_command_line_removes_the_factor_of_a_lone_administrator(app, ada, codes, first, browser_for):
    email, stranger = ada.email, browser_for(None)
    result = app.test_cli_runner().invoke(args=["admin", "reset-second-factor", email])
    assert result.exit_code == 0, result.output
    last = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert (last.action, last.actor_id) == ("second_factor.reset_on_machine", None)
    assert letters() == ["reset_on_machine"]
    text = build_letter_message(db.session.scalars(sa.select(OutboxMessage)).one())
    plain = text.get_body(preferencelist=("plain",)).get_content()
    assert "retiré sur la machine" in plain
    assert "administrateurs ont" not in plain
    desk = browser_for(db.session.merge(first))
    assert "Second facteur retiré sur la machine" in words_of(desk.visit(f"/people/{last.subject_id}"))
    assert give_password(stranger).headers["Location"] == "/"


def test_who_has_no_factor_has_not_lost_one(ada, first, browser_for):
    desk = browser_for(first)
    assert "Second facteur perdu" not in words_of(desk.visit(f"/people/{ada.id}"))
    enrol(ada)
    assert "Second facteur perdu" in words_of(desk.visit(f"/people/{ada.id}"))
