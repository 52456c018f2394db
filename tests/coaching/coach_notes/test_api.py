"""Coaches' notes by the API: for coaches of the project and its programme's lead alone."""

import pytest

from portal.platform.kernel.access import Role
from tests.support import api
from tests.support import coaching as some
from tests.support import factories as make

N = "/projects/heron/coach-notes"


def test_a_note_is_written_changed_and_deleted(app, project, coaching):
    client = api.client(app, coaching)
    made = client.post(N, {"body": "À voir à deux."})
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{N}/1")
    assert client.put(f"{N}/1", {"body": "Vu."}, if_match='"9"').status_code == 412
    assert client.put(f"{N}/1", {"body": "Vu."}, if_match='"1"').get_json()["body"] == "Vu."
    assert client.put(f"{N}/1", {"body": ""}, if_match='"2"').status_code == 422
    assert [note["body"] for note in client.get(N).get_json()["data"]] == ["Vu."]
    dry = client.ask("DELETE", f"{N}/1?dry_run=true")
    assert (dry.status_code, client.get(f"{N}/1").status_code) == (204, 200)
    assert client.ask("DELETE", f"{N}/1").status_code == 204
    assert client.get(f"{N}/1").status_code == 404


def test_pages_of_twenty_hold_each_note_once(app, project, coaching):
    for _number in range(21):
        some.note(project, coaching)
    client = api.client(app, coaching)
    first = client.get(f"{N}?limit=20").get_json()
    second = client.get(f"{N}?limit=20&cursor={first['next_cursor']}").get_json()
    numbers = [note["number"] for page in (first, second) for note in page["data"]]
    assert numbers == list(range(21, 0, -1))
    assert second["next_cursor"] is None


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.ETHICS_REVIEWER])
def test_a_reader_of_the_project_learns_of_no_note(app, project, coaching, role):
    some.note(project, coaching)
    client = api.client(app, make.role(project.id, role))
    asked = [client.get(N), client.get(f"{N}/1"), client.post(N, {"body": "b"})]
    asked += [client.put(f"{N}/1", {"body": "b"}, if_match='"1"'), client.ask("DELETE", f"{N}/1")]
    assert [answer.status_code for answer in asked] == [404] * 5
