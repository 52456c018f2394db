"""The signed document of an amendment."""

from datetime import timedelta

import pytest

from portal.collaboration.files import commands as files
from portal.communication.notifications.models import Notification
from portal.funding.agreements.amendment_commands import AmendmentFacts, amend_agreement
from portal.funding.agreements.attachment_queries import AGREEMENT_FILES
from portal.funding.agreements.commands import (
    AMENDMENT_SIGNED,
    ReplacementDocument,
    replace_signed_document,
)
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken, TooLate
from tests.support import api, funding, project_file
from tests.support.browser import words_of


def test_an_amendment_says_that_its_signed_document_is_missing_until_it_is_joined(
    app, project, people, browser_for
):
    agreement = funding.signed(project, people.operator)
    longer = AmendmentFacts(
        signed_on=clock.today(), reason="Plus long", ends_on=agreement.ends_on + timedelta(days=9)
    )
    amend_agreement(people.operator, project, agreement, longer, agreement.version)
    db.session.commit()
    author = db.session.get_one(Person, people.operator.person_id)
    scan = project_file.attachment(project, agreement, author, data=b"avenant", name="avenant.csv")
    db.session.commit()
    operator, here = browser_for(author), "/projects/heron/funding"
    lead = browser_for(db.session.get_one(Person, people.lead.person_id))
    for browser, turn in ((operator, "à vous"), (lead, "à l’opérateur")):
        shown = words_of(browser.visit(here).main.find(id="amendments"))
        assert "1 document signé manque" in shown
        assert f"il manque {turn}" in shown
    form = f"{here}/agreement/document"
    page = operator.visit(f"{form}?amendment=1")
    assert "Joindre l’avenant 1 signé" in words_of(page.h1)
    pages = (page, operator.visit(form))  # what one types in one is not put into the other
    assert len({each.main.find("form", attrs={"data-draft": True})["data-draft"] for each in pages}) == 2
    assert not page.main.find("option", value=str(agreement.document_id))
    sent = {"document": scan.id, "amendment": "1", "version": agreement.version}
    operator.submit(form, **sent | {"amendment": "2"}, expect=404)
    operator.submit(form, **sent | {"amendment": "abc"}, expect=404)
    for wrong in ("abc", "", "2"):
        assert operator.open(f"{form}?amendment={wrong}").status_code == 404
    address = page.select_one("#form form")["action"]
    assert address == f"{form}?amendment=1"  # which a reload keeps
    refused = operator.submit(address, expect=422, amendment="1", version=agreement.version)
    assert "Joindre l’avenant 1 signé" in words_of(refused.h1)
    (fault,) = refused.select(".fr-error-text, .fr-message--error")
    assert "Joignez le document signé" in words_of(fault)
    assert refused.select_one("input[type=file]")["aria-describedby"] == fault.get(
        "id", fault.parent.get("id")
    )
    own = ReplacementDocument(agreement.document_id, "", amendment=1)
    with pytest.raises(RuleBroken, match="ou d’un autre avenant"):
        replace_signed_document(people.operator, project, agreement, own, agreement.version)
    db.session.rollback()
    operator.submit(form, **sent)
    told = db.session.query(Notification).filter_by(person_id=people.lead.person_id)
    assert told.filter_by(action=AMENDMENT_SIGNED.code).count() == 1
    assert not operator.visit(form).main.find("option", value=str(scan.id))
    assert "Remplacer l’avenant 1 signé" in words_of(operator.visit(f"{form}?amendment=1").h1)
    shown = words_of(lead.visit(here).main.find(id="amendments"))
    assert "manque" not in shown
    assert scan.sha256[:16] in shown
    db.session.refresh(agreement)
    assert agreement.document_id not in {None, scan.id}
    with pytest.raises(TooLate, match="document signé"):
        files.remove_file(people.operator, AGREEMENT_FILES.get(people.operator, agreement.id), scan)
    db.session.rollback()
    client = api.client(app, author)
    listed = client.get("/projects/heron/agreement/amendments").get_json()["data"]
    assert [each["document_sha256"] for each in listed] == [scan.sha256]
