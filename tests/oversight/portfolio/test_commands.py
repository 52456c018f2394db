"""Saved views: whose they are, and what the trail says."""

from portal.oversight.portfolio import commands
from portal.oversight.portfolio.models import PortfolioView
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support.refusals import forbidden
from tests.support.trail import audited_actions


def test_a_view_is_dropped_by_its_owner_and_a_shared_one_by_any_lead(programme, lead):
    other = make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
    observer = make.actor(make.role(programme.id, Role.OBSERVER))
    ids = {"programme_id": programme.id, "person_id": lead.id}
    own = PortfolioView(name="Aide", query="help=1", is_shared=False, **ids)
    shared = PortfolioView(name="Retards", query="late=1", is_shared=True, **ids)
    db.session.add_all([own, shared])
    db.session.commit()
    for actor, view in ((other, own), (observer, own), (observer, shared)):
        with forbidden():
            commands.drop_view(actor, view)
    assert db.session.query(PortfolioView).count() == 2
    commands.drop_view(other, shared)
    commands.drop_view(make.actor(lead), own)
    assert db.session.query(PortfolioView).count() == 0
    assert len(audited_actions()) == 2
