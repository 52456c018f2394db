"""Items by the API: who takes care of one, its parts, and its place in its list."""

import pytest

from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item
from tests.support import api
from tests.support import factories as make

ITEMS = "/projects/heron/items"


@pytest.fixture
def client(app, person):
    return api.client(app, person)


@pytest.fixture
def items(project):
    titles = enumerate(("Lire", "Trier", "Ranger"), start=1)
    made = [make.item(project, number=number, title=title) for number, title in titles]
    db.session.commit()
    return made


def titles():
    return [title for (title,) in db.session.query(Item.title).order_by(Item.rank)]


def pointers(response):
    return {error["pointer"] for error in response.get_json()["errors"]}


def test_an_item_is_assigned_to_the_team_alone(client, items, person):
    etag = client.get(f"{ITEMS}/1").headers["ETag"]
    stranger = {"assignee_id": str(make.person().id)}
    db.session.commit()
    assert client.post(f"{ITEMS}/1/assign", {"assignee_id": None}).status_code == 428
    assert pointers(client.post(f"{ITEMS}/1/assign", stranger, if_match=etag)) == {"/assignee_id"}
    assigned = client.post(f"{ITEMS}/1/assign", {"assignee_id": str(person.id)}, if_match=etag)
    assert assigned.get_json()["assignee_id"] == str(person.id)
    assert client.post(f"{ITEMS}/1/assign", {"assignee_id": None}, if_match=etag).status_code == 412
    freed = client.post(f"{ITEMS}/1/assign", {"assignee_id": None}, if_match=assigned.headers["ETag"])
    assert freed.get_json()["assignee_id"] is None


def test_an_item_is_split_once_and_keeps_its_points(client, items):
    etag = client.get(f"{ITEMS}/1").headers["ETag"]
    body = {"items": [{"title": "Lire vite", "points": 2}, {"title": "Lire bien"}], "points": 1}
    dry = client.post(f"{ITEMS}/1/split?dry_run=true", body, if_match=etag)
    assert (dry.status_code, titles()) == (200, ["Lire", "Trier", "Ranger"])
    for _turn in range(2):
        split = client.post(f"{ITEMS}/1/split", body, if_match=etag, idempotency_key="once")
        assert [part["number"] for part in split.get_json()["items"]] == [4, 5]
    assert titles() == ["Lire", "Lire vite", "Lire bien", "Trier", "Ranger"]
    assert client.get(f"{ITEMS}/1").get_json()["points"] == 1
    empty = client.post(f"{ITEMS}/2/split", {"items": []}, if_match='"1"')
    assert (empty.status_code, pointers(empty)) == (422, {"/items"})


def test_an_item_moves_within_its_list(client, items):
    def place(number, **body):
        etag = client.get(f"{ITEMS}/{number}").headers["ETag"]
        return client.post(f"{ITEMS}/{number}/place", body, if_match=etag)

    assert (place(3, place="top").status_code, titles()) == (200, ["Ranger", "Lire", "Trier"])
    assert (place(1, place="after", other=2).status_code, titles()) == (200, ["Ranger", "Trier", "Lire"])
    assert pointers(place(1, place="before")) == {"/other"}
    assert place(1, place="before", other=99).status_code == 404
    assert place(1, place="below").status_code == 422


def test_items_are_listed_wherever_they_are(client, project, items):
    sprint = make.active_sprint(project, number=1)
    make.item(project, sprint, number=4, title="Annoter")
    make.item(project, sprint, number=5, title="Dater", state=ItemState.DONE, done_at=clock.now())
    make.item(project, number=6, title="Jeter", gone_at=clock.now())
    db.session.commit()

    def numbers(query=""):
        return [each["number"] for each in client.get(ITEMS + query).get_json()["data"]]

    assert numbers() == [1, 2, 3, 4, 5]
    assert numbers("?state=done") == [5]
    assert numbers("?q=ter") == [4, 5]
    assert numbers("?where=backlog") == [1, 2, 3]
    assert numbers("?where=sprints") == [4, 5]
    assert numbers("?where=dropped") == [6]
    first = client.get(f"{ITEMS}?limit=3")
    rest = client.get(f"{ITEMS}?limit=3&cursor={first.get_json()['next_cursor']}").get_json()
    assert ([each["number"] for each in rest["data"]], rest["next_cursor"]) == ([4, 5], None)
