"""Which record of decisions the page of what is to decide leads to."""

from datetime import timedelta

from portal.oversight.committees import commands
from portal.oversight.committees.commands import CommitteeFacts
from portal.oversight.decisions.models import DecisionAddressee
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.queries import get_programme_of
from portal.project.projects.to_decide_queries import clear_waiting_cache
from tests.support import decisions as some
from tests.support import factories as make

URL = "/to-decide"


def test_the_record_is_that_of_the_committee_that_takes_the_next_decisions(
    browser_for, project, person, leading
):
    """Or, for whoever reads no draft, the last that was closed."""
    programme, lead = get_programme_of(project), make.actor(leading)
    operator = make.role(programme.id, Role.OPERATOR)
    asked = some.decision(project, person, addressee=DecisionAddressee.OPERATOR)

    def find_record(reader):
        clear_waiting_cache()
        link = browser_for(reader).visit(URL).find("a", string="Relevé de décisions")
        return link["href"].partition("/committees")[2]

    later, now, before = (
        commands.plan_committee(lead, programme, CommitteeFacts(held_on=clock.today() + timedelta(days=days)))
        for days in (7, 0, -7)
    )
    db.session.commit()
    assert asked.is_open
    assert (find_record(leading), find_record(operator)) == (f"/{now.number}/record/fr", "")
    commands.close_record(lead, programme, before, before.version)
    db.session.commit()
    assert find_record(leading) == f"/{now.number}/record/fr"
    assert find_record(operator) == f"/{before.number}/record/fr"
    db.session.delete(later)
    now.held_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert find_record(leading) == f"/{now.number}/record/fr"  # none to come: the one to close first
