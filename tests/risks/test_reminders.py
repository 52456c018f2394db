"""Whoever sees to a mitigation past its date is told once for each date."""

from datetime import timedelta

import pytest

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.outbox import OutboxMessage
from portal.risks.models import Mitigation
from portal.risks.reminders import remind_late
from tests.support import factories as make
from tests.support import risks


def remind():
    return remind_late(clock.now())


def test_an_owner_is_told_once_for_each_date(project, person):
    late = risks.late(risks.risk(project), person)
    number, version, address = late.number, late.version, person.email
    assert remind() == 1
    letter = db.session.query(OutboxMessage).one()
    assert (letter.kind, letter.address) == ("mitigation-late", address)
    assert letter.facts["number"] == number
    assert "Relire" not in str(letter.facts)
    assert remind() == 0
    again = db.session.query(Mitigation).one()
    assert again.version == version  # a form that is open stays good
    again.due_on -= timedelta(days=1)
    db.session.commit()
    assert remind() == 1


@pytest.mark.parametrize("why", ["closed", "left", "paused", "nobody", "disabled", "today"])
def test_nobody_else_is_told(project, person, why):
    risk = risks.closed(project, person) if why == "closed" else risks.risk(project)
    stranger = make.person()
    owner = {"nobody": None, "left": stranger}.get(why, person)
    risks.late(risk, owner, days=0 if why == "today" else 1)
    if why == "paused":
        project.paused_on = clock.today()
    if why == "disabled":
        person.disabled_at = clock.now()
    db.session.commit()
    assert remind() == 0
    assert db.session.query(OutboxMessage).count() == 0
