"""Findings by the API: the same twice is merged, and split again; a correction goes into the sprint."""

from io import BytesIO

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.user_tests.rounds.session_models import TestSession
from tests.support import api, user_tests
from tests.support import factories as make

FINDINGS = "/projects/heron/findings"


@pytest.fixture
def client(app, person):
    return api.client(app, person)


def test_a_finding_is_merged_into_another_and_split_again(client, project, first):
    for _turn in range(2):
        user_tests.finding(first)
    db.session.commit()
    merged = client.post(f"{FINDINGS}/2/merge", {"into": 1})
    assert merged.status_code == 200, merged.get_json()
    assert merged.get_json()["merged_into_id"] == client.get(f"{FINDINGS}/1").get_json()["id"]
    assert client.post(f"{FINDINGS}/1/merge", {"into": 9}).get_json()["errors"][0]["pointer"] == "/into"
    assert client.post(f"{FINDINGS}/1/merge", {"into": 2**64}).status_code == 422
    split = client.post(f"{FINDINGS}/2/split").get_json()
    assert (split["merged_into_id"], split["closed_at"]) == (None, None)


def test_a_correction_goes_into_the_running_sprint(client, project, first):
    user_tests.finding(first)
    db.session.commit()
    assert client.post(f"{FINDINGS}/1/sprint").status_code == 422  # none runs
    make.active_sprint(project)
    db.session.commit()
    put = client.post(f"{FINDINGS}/1/sprint", idempotency_key="once").get_json()
    [item] = client.get("/projects/heron/items?where=sprints").get_json()["data"]
    assert put["item_id"] == client.get(f"/projects/heron/items/{item['number']}").get_json()["id"]


def test_sightings_are_those_of_tasks_and_sessions_of_a_round(client, project, first, sessions):
    user_tests.finding(first)
    db.session.commit()
    path, number = f"{FINDINGS}/1/sightings", sessions[0].number
    seen = client.post(path, {"round": 1, "tasks": [2], "sessions": [number]}).get_json()
    assert [(each["round"], each["task"]) for each in seen["tasks"]] == [(1, 2)]
    assert [(each["session"], each["round"]) for each in seen["sessions"]] == [(number, 1)]
    assert client.get(path).get_json() == seen
    for field in ("tasks", "sessions"):
        wrong = client.post(path, {"round": 1, "tasks": [], "sessions": []} | {field: [99]})
        assert wrong.get_json()["errors"][0]["pointer"] == f"/{field}"
    assert client.post(path, {"round": 9, "tasks": [], "sessions": []}).status_code == 404
    emptied = client.post(path, {"round": 1, "tasks": [], "sessions": []}).get_json()
    assert emptied == {"sessions": [], "tasks": []}


def attach(app, client, session):
    """Post a file to a session; return its id."""
    path = f"/api/v1/subjects/{TestSession.__tablename__}/{session.id}/files"
    sender, headers = app.test_client(use_cookies=False), {"Authorization": f"Bearer {client.token}"}
    db.session.rollback()
    with app.app_context():
        sent = {"file": (BytesIO(b"Note."), "note.txt")}
        return sender.post(path, data=sent, headers=headers).get_json()["id"]


def test_files_of_sessions_show_a_finding_to_its_readers(app, client, project, first, sessions):
    finding = user_tests.finding(first)
    db.session.commit()
    client.post(f"{FINDINGS}/1/sightings", {"round": 1, "tasks": [], "sessions": [sessions[0].number]})
    attached = attach(app, client, sessions[0])
    reader, path = api.client(app, make.role(project.id, Role.COACH)), f"{FINDINGS}/1/evidence"
    [offered] = client.get(path).get_json()["files"]
    assert (offered["id"], offered["is_evidence"]) == (attached, False)
    assert reader.get(path).get_json()["files"] == []
    assert client.post(path, {"files": [str(finding.id)]}).get_json()["errors"][0]["pointer"] == "/files"
    assert client.post(path, {"files": [attached]}).get_json()["files"][0]["is_evidence"]
    assert [each["id"] for each in reader.get(path).get_json()["files"]] == [attached]
    assert reader.post(path, {"files": []}).status_code == 403


def test_a_retest_overrules_nobody_unseen(client, project, first, second):
    user_tests.finding(first, severity=2)
    db.session.commit()
    path = "/projects/heron/rounds/2/retests"
    [offered] = client.get(path).get_json()["data"]
    assert (offered["finding"], offered["round"], offered["result"]) == (1, 1, None)
    gone = {"answers": [{"number": 1, "result": "gone", "note": "plus rien"}]}
    changed = client.post(path, gone, idempotency_key="once").get_json()["findings"]
    assert [(each["number"], each["closing"]) for each in changed] == [(1, "retested")]
    assert client.get(path).get_json()["data"][0]["result"] == "gone"
    unseen = client.post(path, {"answers": [{"number": 1, "result": "still_there"}]})
    assert unseen.get_json()["errors"][0]["pointer"] == "/answers/0/result"
    seen = client.post(path, {"answers": [{"number": 1, "result": "still_there", "before": "gone"}]})
    assert seen.get_json()["findings"][0]["closing"] is None
    assert client.post(path, {"answers": [{"number": 9, "result": "gone"}]}).status_code == 422
    named = {
        "answers": [{"number": 1, "result": "gone", "before": "still_there", "note": "lea@demo.example"}]
    }
    assert client.post(path, named).get_json()["errors"][0]["pointer"] == "/knowingly"
