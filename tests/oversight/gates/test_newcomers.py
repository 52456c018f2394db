"""A newcomer changes no accepted gate."""

from dataclasses import replace

from portal.oversight.gates import projections, queries
from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.state_rules import GateStanding
from portal.people.accounts.models import Person
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from tests.support import gates
from tests.support.evidence import WHOLE


def actions():
    return [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def test_a_newcomer_without_a_share_of_time_unproves_no_accepted_gate(project, coach, monkeypatch):
    def judge(**engagement):
        evidence = replace(WHOLE, engagement=replace(WHOLE.engagement, **engagement))
        monkeypatch.setattr(projections, "gather_evidence", lambda *_args: evidence)
        gates.judged(project)

    judge()
    gates.decision(project, 0, GateVerb.ACCEPTED, db.session.get_one(Person, coach.person_id))
    members = WHOLE.engagement.members
    for count in (members + 1, members + 2, members):
        judge(members=count)
        assert queries.read_states(project)[0].standing is GateStanding.ACCEPTED
    assert not {"gate.unproved", "gate.proved"} & set(actions())
    judge(sponsor=None)
    assert actions()[-1] == "gate.stale"
