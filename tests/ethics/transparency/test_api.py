"""The sheet by the API: texts of the team, what a publication would lack, an edition withdrawn."""

import pytest

from portal.ethics.transparency import commands
from portal.people.accounts.models import Person
from portal.platform.kernel.database import db
from tests.support import api, transparency

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
    commands.publish(lead, project, transparency.reviewed(lead, project))
    db.session.commit()
    sheet = client.get(SHEET).get_json()
    assert (sheet["is_published"], sheet["is_outdated"], sheet["needed"]) == (True, False, [])
    assert client.post(f"{SHEET}/withdraw", {"reason": ""}).status_code == 422
    withdrawn = client.post(f"{SHEET}/withdraw", {"reason": "Une erreur"}).get_json()
    assert withdrawn["ended_at"]
    assert client.post(f"{SHEET}/withdraw", {"reason": "Encore"}).status_code == 404
    [edition] = client.get(f"{SHEET}/editions").get_json()["data"]
    assert edition["withdrawn_because"] == "Une erreur"
