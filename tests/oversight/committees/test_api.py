"""Committees by the API: planned, changed, their agenda and record read, closed."""

from datetime import timedelta

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from tests.support import api, decisions
from tests.support import factories as make


def test_a_committee_is_planned_changed_and_closed(app, project, programme, member, leading):
    decisions.answered(project, leading)
    decisions.decision(project)
    path = f"/programmes/{programme.slug}/committees"
    director = api.client(app, leading)
    observer = api.client(app, make.role(programme.id, Role.OBSERVER))
    facts = {"held_on": clock.today().isoformat(), "agenda": "Budget"}
    assert observer.post(path, facts).status_code == 403
    made = director.post(path, facts)
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{path}/1")
    assert director.post(path, facts).status_code == 422  # one a day
    changed = director.put(f"{path}/1", facts | {"members": "DSI"}, if_match='"1"').get_json()
    assert (changed["members"], changed["agenda"]) == ("DSI", "Budget")
    assert observer.get(f"{path}/1/record").status_code == 404  # a draft
    record = director.get(f"{path}/1/record").get_json()
    assert [(row["project"], row["outcome"]) for row in record["answered"]] == [("heron", "granted")]
    assert [row["outcome"] for row in record["awaited"]] == [None]
    assert director.ask("POST", f"{path}/1/close", if_match='"1"').status_code == 412
    closed = director.ask("POST", f"{path}/1/close", if_match='"2"')
    assert closed.get_json()["closed_at"]
    assert observer.get(f"{path}/1/record").get_json()["answered"] == record["answered"]
    assert director.put(f"{path}/1", facts, if_match='"3"').status_code == 403
    assert director.get(f"{path}/1/agenda").status_code == 200


def test_pages_of_twenty_hold_each_committee_once(app, project, programme, leading):
    for days in range(21):
        decisions.committee(project, leading, held_on=clock.today() + timedelta(days=days))
    client, path = api.client(app, leading), f"/programmes/{programme.slug}/committees"
    first = client.get(f"{path}?limit=20").get_json()
    second = client.get(f"{path}?limit=20&cursor={first['next_cursor']}").get_json()
    assert [row["number"] for page in (first, second) for row in page["data"]] == list(range(21, 0, -1))
    assert second["next_cursor"] is None
