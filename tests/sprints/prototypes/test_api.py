"""Evaluations by the API: a run is corrected with its subgroups, a protocol with runs is replaced."""

import pytest

from portal.platform.kernel.database import db
from tests.support import api, project_file

PROTOCOLS = "/projects/heron/evaluation-protocols"
RUNS = "/projects/heron/evaluation-runs"
PLAN = {
    "dated_on": "2026-03-02",
    "metric": "Rappel",
    "direction": "up",
    "held_out": "Mars",
    "baseline": 0.5,
    "threshold": 0.6,
}
RUN = {"prototype": 1, "ran_on": "2026-03-12", "result": 0.7}
PARTS = [{"name": "Courtes", "result": 0.8, "size": 40}, {"name": "Longues", "result": 0.5, "size": None}]


@pytest.fixture
def client(app, person, project):
    project_file.version(project)
    db.session.commit()
    client = api.client(app, person)
    assert client.post(PROTOCOLS, PLAN).status_code == 201
    return client


def test_a_run_is_corrected_with_its_subgroups(client):
    noted = client.post(f"{PROTOCOLS}/1/evaluation-runs", RUN | {"subgroups": PARTS})
    assert (noted.status_code, noted.get_json()["subgroups"]) == (201, PARTS)
    read = client.get(f"{RUNS}/1")
    assert read.get_json()["subgroups"] == PARTS
    assert client.get(RUNS).get_json()["data"][0]["result"] == 0.7
    correction = RUN | {"result": 0.65, "subgroups": PARTS[:1]}
    assert client.put(f"{RUNS}/1", correction).status_code == 428
    corrected = client.put(f"{RUNS}/1", correction, if_match=read.headers["ETag"])
    assert corrected.status_code == 200, corrected.get_json()
    assert (corrected.get_json()["result"], corrected.get_json()["subgroups"]) == (0.65, PARTS[:1])
    assert client.put(f"{RUNS}/1", correction, if_match=read.headers["ETag"]).status_code == 412
    again = client.get(f"{RUNS}/1")
    assert (again.get_json(), again.headers["ETag"]) == (corrected.get_json(), corrected.headers["ETag"])
    early = client.put(f"{RUNS}/1", RUN | {"ran_on": "2026-03-02"}, if_match=again.headers["ETag"])
    assert early.get_json()["errors"][0]["pointer"] == "/ran_on"


def test_a_protocol_is_replaced_once(client):
    assert client.post(f"{PROTOCOLS}/1/evaluation-runs", RUN).status_code == 201
    assert client.put(f"{PROTOCOLS}/1", PLAN, if_match='"1"').status_code == 403  # it has runs
    replaced = client.post(f"{PROTOCOLS}/1/replace", PLAN | {"threshold": 0.7}, idempotency_key="once")
    assert (replaced.status_code, replaced.headers["Location"]) == (201, f"/api/v1{PROTOCOLS}/2")
    assert replaced.get_json()["replaces_id"] == client.get(f"{PROTOCOLS}/1").get_json()["id"]
    assert client.post(f"{PROTOCOLS}/1/replace", PLAN).status_code == 403
    assert client.post(f"{PROTOCOLS}/2/replace", PLAN | {"threshold": 0.4}).status_code == 422
