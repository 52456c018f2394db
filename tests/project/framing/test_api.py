"""Measurements by the API: corrected at the version that was read, or set aside."""

from portal.platform.kernel.access import Role
from tests.support import api
from tests.support import factories as make

METRIC = {"name": "Délai", "unit": "jours", "direction": "down"}


def test_a_measurement_is_corrected_and_set_aside(app):
    project = make.project(slug="heron")
    client = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    assert client.post("/projects/heron/metrics", METRIC).status_code == 201
    facts = {"measured_on": "2026-03-02", "value": 4.5}
    first = client.post("/projects/heron/metrics/1/measurements", facts)
    path = first.headers["Location"].removeprefix("/api/v1")
    assert client.put(path, facts).status_code == 428
    etag = client.get(path).headers["ETag"]
    corrected = client.put(path, facts | {"value": 4.0}, if_match=etag)
    assert (corrected.get_json()["value"], corrected.get_json()["set_aside_on"]) == (4.0, None)
    assert client.put(path, facts, if_match=etag).status_code == 412
    aside = client.put(path, facts | {"set_aside": True}, if_match=corrected.headers["ETag"])
    assert aside.get_json()["set_aside_on"] is not None
    late = client.put(path, facts | {"measured_on": "2099-01-01"}, if_match=aside.headers["ETag"])
    assert late.get_json()["errors"][0]["pointer"] == "/measured_on"
