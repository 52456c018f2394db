"""Decisions written back by the API: a setting, a preview, two people, what left."""

import pytest

from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.selection.applications.models import LeadConflict
from portal.selection.source_replies import commands, jobs
from tests.support import api
from tests.support import calls as some
from tests.support import factories as make

REPLIES = "/programmes/ami/calls/1/replies"


@pytest.fixture
def clients(app, leading, other, published):
    """Clients of two leads."""
    second = db.session.get_one(Person, other.person_id)
    return api.client(app, db.session.merge(leading)), api.client(app, second)


def data(client, path=REPLIES):
    return client.get(path).get_json()["data"]


def approve(actor, call):
    """Approve what another lead proposed, as the page does after a proof; returns how many."""
    count = commands.approve_replies(actor, db.session.merge(call))
    db.session.commit()
    return count


def test_one_lead_proposes_and_another_approves(clients, other, published, site):
    first, second = clients
    preview = [(each["application"], each["act"]) for each in data(first, f"{REPLIES}/proposable")]
    assert preview[:2] == [(1, "accept"), (2, "refuse")]
    assert first.post(f"{REPLIES}/propose?dry_run=true").get_json() == {"replies": len(preview)}
    assert data(first) == []
    assert first.post(f"{REPLIES}/propose", idempotency_key="a").get_json() == {"replies": len(preview)}
    assert first.post(f"{REPLIES}/propose", idempotency_key="a").headers["Idempotency-Replayed"] == "true"
    assert data(first, f"{REPLIES}/proposable") == []
    for client in (first, second):
        assert client.post(f"{REPLIES}/approve").get_json()["code"] == "proof_required"
    assert {each["state"] for each in data(second)} == {"proposed"}
    assert first.ask("DELETE", f"{REPLIES}/2").status_code == 204
    assert approve(other, published) == len(preview) - 1
    assert second.ask("DELETE", f"{REPLIES}/1").status_code == 403
    assert jobs.send_due_replies() == len(preview) - 1
    sent = data(first)
    assert {each["state"] for each in sent} == {"sent"}
    assert sent[0]["proposed_by_id"] != sent[0]["approved_by_id"]


def test_the_setting_names_an_annotation_of_the_procedure(clients):
    client = clients[0]
    setting = client.get(f"{REPLIES}/setting")
    annotations = {each["id"] for each in setting.get_json()["annotations"]}
    assert "Champ-90" in annotations
    body, etag = {"instructor_id": "abc", "annotation_id": "Champ-1"}, setting.headers["ETag"]
    refused = client.put(f"{REPLIES}/setting", body, if_match=etag)
    assert refused.get_json()["errors"][0]["pointer"] == "/annotation_id"
    changed = client.put(f"{REPLIES}/setting", body | {"annotation_id": "Champ-90"}, if_match=etag)
    assert (changed.get_json()["annotation_id"], changed.get_json()["is_silent"]) == ("Champ-90", True)
    late = client.put(f"{REPLIES}/setting", body | {"annotation_id": ""}, if_match=etag)
    assert late.status_code == 412


def test_nothing_is_set_before_publication_nor_by_strangers(app, clients, lead, programme, jurors):
    some.call(lead, db.session.merge(programme))
    early = clients[0].put(
        "/programmes/ami/calls/2/replies/setting", {"instructor_id": "abc"}, if_match='"0"'
    )
    assert early.status_code == 403
    assert "une fois publiées" in early.get_json()["detail"]
    elsewhere = make.role(make.programme(slug="autre").id, Role.PROGRAMME_LEAD)
    for person in (db.session.merge(jurors[0]), elsewhere):
        stranger = api.client(app, person)
        assert stranger.get(REPLIES).status_code == 404
        assert stranger.post(f"{REPLIES}/propose").status_code == 404


def test_a_lead_in_conflict_finds_no_reply(app, clients, published):
    first, second = clients
    first.post(f"{REPLIES}/propose")
    third = make.role(db.session.merge(published).programme_id, Role.PROGRAMME_LEAD)
    shut_out = api.client(app, third)
    row = some.applications_of(db.session.merge(published))[0]
    db.session.add(LeadConflict(application_id=row.id, person_id=third.id, reason="Un proche."))
    db.session.commit()
    assert {each["application"] for each in data(second)} - {
        each["application"] for each in data(shut_out)
    } == {1}
    assert shut_out.ask("DELETE", f"{REPLIES}/1").status_code == 404
    left = approve(make.actor(third), published)
    assert [each["application"] for each in data(second) if each["state"] == "proposed"] == [1]
    assert left == len(data(shut_out))


def test_no_machine_is_the_second_person(app, clients, leading, published):
    clients[0].post(f"{REPLIES}/propose")
    lead = db.session.merge(leading)
    programme = db.session.get_one(Programme, db.session.merge(published).programme_id)
    account = api.machine(lead, programme, Role.PROGRAMME_LEAD)
    machine = api.ApiClient(app, api.machine_token(lead, programme, account.id))
    assert machine.get(REPLIES).status_code == 200
    refused = machine.post(f"{REPLIES}/approve")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "insufficient_scope")
    assert {each["state"] for each in data(clients[0])} == {"proposed"}
