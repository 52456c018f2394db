"""Whoever is given a mitigation is told, once."""

from dataclasses import replace
from datetime import timedelta

from portal.communication.notifications.models import Notification
from portal.ethics.risks import mitigation_commands as mitigations
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from tests.support import risks


def test_a_mitigation_tells_whom_it_is_given_to_once(project, lead, person):
    risk = risks.risk(project)
    facts = mitigations.MitigationFacts(what="Relire", owner_id=person.id)
    row = mitigations.add_mitigation(lead, project, risk, facts)
    db.session.commit()
    told = db.session.query(Notification).filter_by(kind="mitigation_assigned")
    assert [notification.person_id for notification in told] == [person.id]
    later = replace(facts, due_on=clock.today() + timedelta(days=9))
    mitigations.change_mitigation(lead, project, (row, risk), later, row.version)
    own = replace(later, owner_id=lead.person_id)
    mitigations.change_mitigation(lead, project, (row, risk), own, row.version)
    db.session.commit()
    assert told.count() == 1
