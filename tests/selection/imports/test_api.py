"""Imports by the API: a procedure connected, mapped, run and followed; a token that is never read."""

from io import BytesIO

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.selection.imports.test_exports import HEAD, as_csv, line
from tests.support import api, sources
from tests.support import calls as some
from tests.support import factories as make

CALL = "/programmes/ami/calls/1"
SOURCE, RUNS, FILE = f"{CALL}/import-source", f"{CALL}/imports", f"{CALL}/import-file"
CSV = as_csv([HEAD, line()])


@pytest.fixture
def client(app, leading):
    return api.client(app, leading)


def pointers(response):
    return {error["pointer"] for error in response.get_json()["errors"]}


def connect(client, site, version='"0"', **given):
    body = {"procedure_number": site.number, "token": site.token} | given
    return client.put(SOURCE, body, if_match=version)


def upload(app, client, content):
    """Post an exported file, as multipart."""
    sender = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {client.token}"}
    with app.app_context():
        sent = {"file": (BytesIO(content), "dossiers.csv")}
        return sender.post(f"/api/v1{FILE}", data=sent, headers=headers)


def test_from_a_number_and_a_token_to_applications(app, client, call, site):
    assert client.get(SOURCE).status_code == 404
    assert pointers(connect(client, site, token="faux")) == {"/token"}
    assert pointers(connect(client, site, procedure_number=99)) == {"/procedure_number"}
    connected = connect(client, site)
    assert connected.status_code == 200, connected.get_json()
    source = connected.get_json()
    assert (source["has_token"], source["is_ready"], source["mapping"]) == (True, False, {})
    assert {each["id"] for each in source["fields"]} > {"Champ-1"}
    proposed = {name: id_ for name, id_ in source["proposed_mapping"].items() if id_}
    assert client.post(RUNS, {"mode": "complete"}).status_code == 422
    etag = connected.headers["ETag"]
    unknown = client.put(f"{SOURCE}/mapping", proposed | {"problem": "Champ-999"}, if_match=etag)
    assert pointers(unknown) == {"/problem"}
    mapped = client.put(f"{SOURCE}/mapping", proposed, if_match=etag)
    assert mapped.get_json()["is_ready"]
    assert client.put(f"{SOURCE}/mapping", proposed, if_match=etag).status_code == 412
    assert client.post(RUNS, {"mode": "file"}).status_code == 422
    begun = client.post(RUNS, {"mode": "complete", "is_dry": True}, idempotency_key="dry")
    assert (begun.status_code, begun.headers["Location"]) == (201, f"/api/v1{RUNS}/1")
    again = client.post(RUNS, {"mode": "complete", "is_dry": True}, idempotency_key="dry")
    assert again.get_json()["id"] == begun.get_json()["id"]
    assert client.post(RUNS, {"mode": "complete"}).status_code == 403  # one at a time
    sources.jobs.run_due_imports()
    dry = client.get(f"{RUNS}/1").get_json()
    assert (dry["state"], dry["counts"]["created"], len(dry["differences"])) == ("done", 23, 23)
    db.session.add(call)
    assert some.applications_of(call) == []
    assert client.post(f"{RUNS}?dry_run=true", {"mode": "complete"}).status_code == 201
    assert client.post(RUNS, {"mode": "incremental"}).get_json()["number"] == 2
    sources.jobs.run_due_imports()
    journal = client.get(RUNS).get_json()["data"]
    assert [(each["number"], each["counts"]["created"]) for each in journal] == [(2, 23), (1, 23)]
    assert len(client.get(f"{CALL}/applications").get_json()["data"]) == 23


def test_the_token_is_written_and_never_read(client, call, site, caplog):
    answers = [connect(client, site), connect(client, site, '"1"', token="autre-jeton")]
    answers += [client.get(path) for path in (SOURCE, RUNS, CALL)]
    texts = "".join(answer.get_data(as_text=True) for answer in answers) + caplog.text
    assert site.token not in texts
    assert "autre-jeton" not in texts
    etag = client.get(SOURCE).headers["ETag"]
    assert client.ask("DELETE", SOURCE, if_match='"99"').status_code == 412
    assert client.ask("DELETE", SOURCE, if_match=etag).status_code == 204
    assert client.get(SOURCE).get_json()["has_token"] is False


def test_a_run_is_stopped_and_says_why(client, call, source):
    number = sources.start(call).number
    stopped = client.post(f"{RUNS}/{number}/cancel").get_json()
    assert (stopped["state"], stopped["problem"]) == ("stopped", "cancelled")
    assert stopped["explanation"]
    assert client.get(f"{RUNS}/9").status_code == 404


def test_a_lead_in_conflict_reads_no_text_of_a_dry_run(app, client, call, source, site):
    sources.run(call)
    row = next(each for each in some.applications_of(call) if each.external_id == "1003")
    other = make.role(call.programme_id, Role.PROGRAMME_LEAD)
    shut_out = api.client(app, other)
    some.put_in_conflict(make.actor(other), row)
    site.change(1003, values={"Champ-2": "CANARI-texte"})
    dry = sources.run(call, sources.ImportMode.COMPLETE, is_dry=True).number
    assert "CANARI-texte" in client.get(f"{RUNS}/{dry}").get_data(as_text=True)
    response = shut_out.get(f"{RUNS}/{dry}")
    assert "CANARI" not in response.get_data(as_text=True)
    [hidden] = response.get_json()["differences"]
    assert (hidden["number"], hidden["is_hidden"], hidden["changes"]) == ("1003", True, [])


def test_a_file_is_uploaded_mapped_and_imported(app, client, call):
    assert client.get(FILE).status_code == 404
    assert upload(app, client, b"\x00\x01").status_code == 422
    uploaded = upload(app, client, CSV)
    assert uploaded.status_code == 201, uploaded.get_json()
    columns = [each["id"] for each in uploaded.get_json()["fields"]]
    assert "Titre du projet#1" in columns
    etag = client.get(FILE).headers["ETag"]
    body = {"title": "Titre du projet#1", "organisation": "@organisation", "is_dry": False}
    assert pointers(client.post(f"{FILE}/imports", body | {"title": "X#1"}, if_match=etag)) == {"/title"}
    begun = client.post(f"{FILE}/imports", body, if_match=etag)
    assert (begun.status_code, begun.get_json()["mode"]) == (201, "file")
    sources.jobs.run_due_imports()
    assert client.get(f"{RUNS}/1").get_json()["counts"]["created"] == 1


def test_strangers_find_no_import(app, call, jurors, source):
    for person in (jurors[0], make.role(make.programme(slug="autre").id, Role.PROGRAMME_LEAD)):
        stranger = api.client(app, person)
        assert {stranger.get(path).status_code for path in (SOURCE, RUNS, FILE)} == {404}
        assert stranger.post(RUNS, {"mode": "complete"}).status_code == 404
