"""Rounds by the API: copies, consent texts, the order of tasks, links of participants, results of a file."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.user_tests.rounds.session_models import ParticipantLink, TestSession
from tests.support import api, project_file, user_tests
from tests.support import factories as make

ROUNDS = "/projects/heron/rounds"
IMPORTS = f"{ROUNDS}/1/result-imports"
CONSENT = {
    "purpose": "p",
    "course": "c",
    "retention": "r",
    "withdrawal": "w",
    "dpo_contact": "dpo@demo.example",
}


@pytest.fixture
def client(app, person, round_):
    db.session.commit()
    return api.client(app, person)


def pointers(response):
    return {error["pointer"] for error in response.get_json()["errors"]}


def test_a_round_is_copied_for_another_version(client, project):
    project_file.version(project)
    db.session.commit()
    copied = client.post(f"{ROUNDS}/1/copy", {"prototype": 2, "title": "Encore"}, idempotency_key="once")
    assert (copied.status_code, copied.headers["Location"]) == (201, f"/api/v1{ROUNDS}/2")
    assert copied.get_json()["follows_id"] == client.get(f"{ROUNDS}/1").get_json()["id"]
    names = [[task["title"] for task in client.get(f"{ROUNDS}/{n}/tasks").get_json()["data"]] for n in (1, 2)]
    assert (names[0] == names[1], len(names[1])) == (True, 2)
    assert pointers(client.post(f"{ROUNDS}/1/copy", {"prototype": 9, "title": "t"})) == {"/prototype"}
    assert client.post(f"{ROUNDS}/1/copy", {"prototype": 1, "title": ""}).status_code == 422


def test_a_consent_text_changes_until_the_first_session(client, round_, person):
    path = f"{ROUNDS}/1/consent/fr"
    read = client.get(path)
    assert (read.get_json()["locale"], client.get(f"{ROUNDS}/1/consent/de").status_code) == ("fr", 404)
    assert client.put(path, CONSENT).status_code == 428
    changed = client.put(path, CONSENT, if_match=read.headers["ETag"])
    assert (changed.status_code, changed.get_json()["dpo_contact"]) == (200, CONSENT["dpo_contact"])
    assert client.put(path, CONSENT, if_match=read.headers["ETag"]).status_code == 412
    assert client.get(path).headers["ETag"] == changed.headers["ETag"]
    user_tests.session(round_, person)
    db.session.commit()
    late = client.put(path, CONSENT | {"purpose": "q"}, if_match=changed.headers["ETag"])
    assert (late.status_code, late.get_json()["code"]) == (403, "too_late")


def test_a_task_is_swapped_with_its_neighbour(client):
    moved = client.post(f"{ROUNDS}/1/tasks/2/move", {"to": "up"})
    assert (moved.status_code, moved.get_json()["position"]) == (200, 1)
    assert [task["number"] for task in client.get(f"{ROUNDS}/1/tasks").get_json()["data"]] == [2, 1]
    assert client.post(f"{ROUNDS}/1/tasks/2/move", {"to": "left"}).status_code == 422


def test_a_participant_answers_by_the_last_link_alone(app, client, project, round_, person):
    user_tests.session(round_, person, number=1, started_at=clock.now() - timedelta(minutes=9), ended_at=None)
    db.session.commit()
    path = "/projects/heron/sessions/1/participant-link"
    assert client.get(path).status_code == 404
    first = client.post(path, idempotency_key="once")
    assert (first.status_code, first.headers["Location"]) == (201, f"/api/v1{path}")
    assert client.post(path, idempotency_key="once").get_json() == first.get_json()
    assert client.get(path).get_json() == first.get_json()
    second = client.post(path, idempotency_key="twice").get_json()
    assert second["url"] != first.get_json()["url"]
    page = second["url"].partition("://")[2].partition("/")[2]
    assert app.test_client().get(f"/{page}").status_code == 200
    assert client.ask("DELETE", path).status_code == 204
    assert app.test_client().get(f"/{page}").status_code == 410
    assert {link.used_at for link in db.session.query(ParticipantLink)} == {None}
    reader = api.client(app, make.role(project.id, Role.COACH))
    assert {reader.get(path).status_code, reader.post(path).status_code} == {403}


def upload(app, client, content, query=""):
    """Post a file, as multipart."""
    sender = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {client.token}"}
    db.session.rollback()
    with app.app_context():
        sent = {"file": (BytesIO(content), "resultats.csv")} if content is not None else {}
        options = {"data": sent, "content_type": "multipart/form-data", "headers": headers}
        return sender.post(f"/api/v1{IMPORTS}{query}", **options)


def test_results_of_a_file_are_read_and_imported_once(app, client):
    rows = "Accord donné le;T1 résultat;Notes\n2026-03-12;réussie;vu\n2026-03-13;;écrire à lea@demo.example\n"
    staged = upload(app, client, rows.encode())
    assert staged.status_code == 201, staged.get_json()
    path = staged.headers["Location"].removeprefix("/api/v1")
    read = client.get(path).get_json()
    assert (read["lines_new"], read["lines_known"], read["lines_wrong"]) == (2, 0, 0)
    assert [each["id"] for each in client.get(IMPORTS).get_json()["data"]] == [read["id"]]
    lines = client.get(f"{path}/lines").get_json()["data"]
    assert [(line["outcome"], bool(line["contacts"])) for line in lines] == [("new", False), ("new", True)]
    assert pointers(client.post(f"{path}/confirm", {})) == {"/sure"}
    dry = client.post(f"{path}/confirm?dry_run=true", {"sure": True})
    assert (dry.status_code, db.session.query(TestSession).count()) == (200, 0)
    for _turn in range(2):
        confirmed = client.post(f"{path}/confirm", {"sure": True}, idempotency_key="once")
        assert [row["consent_on"] for row in confirmed.get_json()["sessions"]] == ["2026-03-12", "2026-03-13"]
    assert (client.get(path).status_code, db.session.query(TestSession).count()) == (404, 2)
    again = upload(app, client, rows.encode()).headers["Location"].removeprefix("/api/v1")
    assert client.get(again).get_json()["lines_known"] == 2
    assert client.post(f"{again}/confirm", {"sure": True}).status_code == 422
    assert client.ask("DELETE", again).status_code == 204


def test_lines_in_error_say_why_and_files_that_cannot_be_read_are_refused(app, client, project):
    staged = upload(app, client, "Accord donné le;Notes\nhier;vu\n".encode())
    path = staged.headers["Location"].removeprefix("/api/v1")
    [line] = client.get(f"{path}/lines", accept_language="en").get_json()["data"]
    assert (line["outcome"], line["problems"][0]["code"]) == ("error", "date")
    assert "hier" in line["problems"][0]["detail"]
    assert client.post(f"{path}/confirm", {"sure": True}).status_code == 422
    for content in (None, b"", b"\x00\x01\x02", b"Notes\nvu\n"):
        refused = upload(app, client, content)
        assert (refused.status_code, pointers(refused)) == (422, {"/file"}), content
    colleague = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    assert colleague.get(IMPORTS).get_json()["data"] == []
    for answer in (colleague.get(path), colleague.get(f"{path}/lines"), colleague.ask("DELETE", path)):
        assert answer.status_code == 404
