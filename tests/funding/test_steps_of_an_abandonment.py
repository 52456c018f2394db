"""An abandonment says whose turn it is and what it does."""

import pytest
import sqlalchemy as sa

from portal.app.home.facts import clear_cache
from portal.communication.notifications.inbox_queries import InboxFilters, list_own_notifications
from portal.communication.notifications.models import Notification
from portal.funding.agreements.queries import get_agreement
from portal.funding.change_requests import decision_commands
from portal.funding.change_requests.commands import (
    ChangeFacts,
    confirm_abandonment,
    file_change_request,
    write_message,
)
from portal.funding.change_requests.decision_commands import ChangeAnswer, decide_change
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.queries import LoadedChange
from portal.funding.instalments.next_payment_labels import describe_next_payment
from portal.oversight.gates.models import TeamKeyRoles
from portal.people.accounts.models import Person
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import factories as make
from tests.support import funding, project_file
from tests.support.browser import words_of

F = "/projects/heron/funding"


@pytest.fixture
def browse(browser_for):
    """The browser of one of the people around the money."""
    return lambda actor: browser_for(db.session.get_one(Person, actor.person_id))


def test_an_abandonment_says_whose_turn_it_is_and_what_it_does_at_each_step(
    project, people, browse, monkeypatch
):
    funding.signed(project, people.operator)
    sponsor = make.actor(make.role(project.id, Role.TEAM_MEMBER))
    roles = project_file.save(TeamKeyRoles(project_id=project.id, sponsor_id=sponsor.person_id))
    lead = browse(people.lead)
    effect, here = "arrête le projet, clôt la convention et libère 1 tranche", f"{F}/changes/1"
    form = lead.visit(f"{F}/changes/new?kind=abandonment").main
    assert effect in form.get_text()
    assert "(obligatoire)" in form.select_one("label[for=learnings]").get_text()
    facts = ChangeFacts(kind=FundingChangeKind.ABANDONMENT, reason="r", learnings="l")
    row = file_change_request(people.lead, project, get_agreement(project), facts)
    db.session.commit()
    told = list_own_notifications(sponsor, InboxFilters(), offset=0, limit=9)
    assert [each.kind for each in told] == ["abandonment_to_confirm"]
    yours = browse(sponsor).visit("/projects/heron").select_one("section[aria-labelledby=yours]")
    assert yours.find("a", string="Lire et confirmer")["href"] == here
    assert len(browse(people.direction).visit("/projects/heron").main.select(f"li a[href='{here}']")) == 1
    page = browse(sponsor).visit(here).main
    assert page.find("button", string="Confirmer l’abandon")
    assert effect in page.get_text()
    assert ":" not in page.select_one(".page-head__lead").get_text()  # what was learnt stands below
    assert "Écrire un message" in page.select_one("#message-new > summary").get_text()

    leaving = db.session.scalars(sa.select(RoleAssignment).filter_by(person_id=sponsor.person_id)).one()
    db.session.delete(leaving)
    db.session.commit()
    page = lead.visit(here).main
    assert "L’équipe n’a plus de sponsor" in page.get_text()
    assert page.find("a", string="Nommer un autre sponsor")
    make.role(project.id, Role.TEAM_MEMBER, db.session.get_one(Person, sponsor.person_id))
    roles.sponsor_id = people.lead.person_id  # who filed it
    db.session.commit()
    clear_cache()
    page = lead.visit(here).main
    assert not page.find("button", string="Confirmer l’abandon")
    assert page.find("a", string="Nommer un autre sponsor")["href"] == "/projects/heron/gates/engagement"
    yours = lead.visit("/projects/heron").select_one("section[aria-labelledby=yours]")
    assert yours.find("a", string="Nommer un autre sponsor")
    roles.sponsor_id = sponsor.person_id
    db.session.commit()
    loaded = LoadedChange(project, get_agreement(project), row)
    confirm_abandonment(sponsor, loaded, row.version)
    write_message(sponsor, loaded, "Bonjour")
    db.session.commit()
    inbox = words_of(browse(people.direction).visit("/inbox").main)
    assert "a écrit sur la demande de modification 1 : abandon" in inbox
    to_confirm = sa.select(Notification).filter_by(kind="abandonment_to_confirm")
    assert [each.read_at is not None for each in db.session.scalars(to_confirm)] == [True]
    assert describe_next_payment(people.operator, "heron").startswith("Versement")
    direction = browse(people.direction)
    form = direction.visit(f"{here}/decide").main
    assert effect in form.get_text()
    assert "l’a confirmé le" in form.get_text()
    assert not form.select("input[name=outcome][checked]")
    decide_change(people.direction, loaded, ChangeAnswer(is_granted=True, reasons="r"), row.version)
    db.session.commit()
    sent = {"version": row.version}
    (asked_for,) = funding.instalments(project)
    funding.ask(people.lead, asked_for)
    refused = direction.open(f"{here}/apply", method="POST", data=sent)
    assert (refused.status_code, "ou à rendre d’abord" in refused.text) == (422, True)
    with monkeypatch.context() as settled_since:
        settled_since.setattr(decision_commands, "end_abandoned_agreement", lambda *_given: None)
        assert direction.open(f"{here}/apply", method="POST", data=sent).status_code == 422
    db.session.refresh(project)
    assert project.stopped_on is None
    funding.send_back(people.operator, asked_for)
    project.stopped_on, project.stop_reason, project.learnings = clock.today(), "r", "l"
    db.session.commit()
    asked = direction.open(f"{here}/apply", method="POST", data=sent).text
    assert "L’abandon clôt la convention et libère 1 tranche" in asked
    assert "Arrêter le projet et clore" not in asked
    project.stopped_on, project.stop_reason = None, ""
    db.session.commit()
    asked = direction.open(f"{here}/apply", method="POST", data=sent)
    assert effect in asked.text
    db.session.refresh(project)
    assert project.stopped_on is None
    assert direction.open(f"{here}/apply", method="POST", data=sent | {"confirmed": "1"}).status_code == 303
    db.session.refresh(project)
    assert project.stopped_on == clock.today()
    assert not describe_next_payment(people.operator, "heron")  # its agreement is closed, not to be
    told = list_own_notifications(people.operator, InboxFilters(), offset=0, limit=9)
    assert {"change.granted", "change.applied"} <= {each.action for each in told}
