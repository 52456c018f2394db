"""The sheet by the API: texts of the team, what a publication would lack, an edition withdrawn."""

import pytest

from portal.ethics.transparency import commands
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support import api, project_file, risks, transparency

SHEET = "/projects/heron/transparency"
LONG = {"summary_fr": "x" * 100_000}


@pytest.fixture
def client(app, lead):
    return api.client(app, db.session.get_one(Person, lead.person_id))


def test_texts_are_written_under_their_version(client, project):
    first = client.get(f"{SHEET}/public")
    assert first.get_json() == {"version": 0}
    body = {"summary_fr": "Trie les courriers.", "summary_en": "Sorts letters."}
    written = client.put(f"{SHEET}/public", body, if_match='"0"')
    assert written.status_code == 200, written.get_json()
    assert written.get_json()["summary_en"] == "Sorts letters."
    assert client.put(f"{SHEET}/public", body, if_match='"0"').status_code == 412
    assert client.put(f"{SHEET}/public", body | LONG, if_match='"1"').status_code == 422
    assert client.put(f"{SHEET}/public?dry_run=true", {}, if_match='"1"').status_code == 200
    sheet = client.get(SHEET).get_json()
    assert "Trie les courriers." in str(sheet["content"]["fr"])
    assert "summary_fr" not in sheet["needed"]
    assert sheet["is_published"] is False


def test_an_edition_is_withdrawn_with_a_reason(client, lead, project):
    transparency.written(project)
    commands.publish_sheet(lead, project, transparency.reviewed(lead, project))
    db.session.commit()
    sheet = client.get(SHEET).get_json()
    assert (sheet["is_published"], sheet["is_outdated"], sheet["needed"]) == (True, False, [])
    assert client.post(f"{SHEET}/withdraw", {"reason": ""}).status_code == 422
    withdrawn = client.post(f"{SHEET}/withdraw", {"reason": "Une erreur"}).get_json()
    assert withdrawn["ended_at"]
    assert client.post(f"{SHEET}/withdraw", {"reason": "Encore"}).status_code == 404
    [edition] = client.get(f"{SHEET}/editions").get_json()["data"]
    assert edition["withdrawn_because"] == "Une erreur"


def test_rows_that_appear_are_chosen_by_number(client, lead, project):
    project_file.source(project)
    risks.risk(project)
    db.session.commit()
    read = client.get(f"{SHEET}/choice").get_json()
    assert (read["version"], bool(read["sources"]), bool(read["risks"])) == (0, True, True)
    body = {"sources": read["sources"], "risks": []}
    assert client.put(f"{SHEET}/choice", body).status_code == 428
    unknown = client.put(f"{SHEET}/choice", body | {"risks": [999]}, if_match='"0"')
    assert (unknown.status_code, unknown.get_json()["errors"][0]["pointer"]) == (422, "/risks")
    assert client.put(f"{SHEET}/choice", {"sources": []}, if_match='"0"').status_code == 422
    chosen = client.put(f"{SHEET}/choice", body, if_match='"0"')
    assert chosen.get_json() == body | {"version": 1}
    assert client.put(f"{SHEET}/choice", body, if_match='"0"').status_code == 412
    assert client.get(f"{SHEET}/choice").get_json() == body | {"version": 1}
