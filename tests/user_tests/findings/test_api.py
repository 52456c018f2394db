"""Findings by the API: the same twice is merged, and split again; a correction goes into the sprint."""

import pytest

from portal.platform.kernel.database import db
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
