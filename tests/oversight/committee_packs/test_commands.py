"""Requests for packs: who makes one, and of which days."""

from datetime import timedelta

import pytest

from portal.oversight.committee_packs import commands
from portal.oversight.committee_packs.models import CommitteePack
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from tests.support import factories as make
from tests.support.refusals import forbidden
from tests.support.trail import last_event


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.OBSERVER, Role.ETHICS_REVIEWER])
def test_only_the_programme_lead_requests_a_pack(programme, role):
    other = make.actor(make.role(programme.id, role))
    with forbidden():
        commands.request_pack(other, programme, clock.today(), "fr")
    assert db.session.query(CommitteePack).count() == 0


def test_a_pack_is_of_a_day_from_the_start_of_the_programme_until_today(programme):
    lead = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    today = clock.today()
    for day in (today + timedelta(days=1), programme.starts_on - timedelta(days=1)):
        with pytest.raises(RuleBroken) as refused:
            commands.request_pack(lead, programme, day, "fr")
        assert refused.value.field == "on"
    for day in (programme.starts_on, today):
        pack = commands.request_pack(lead, programme, day, "en")
        assert (pack.as_of_on, pack.language) == (day, "en")
        assert last_event().subject_id == pack.id
    assert pack.as_of_at <= clock.now()
