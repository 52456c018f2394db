"""Imports by the API: the way of the page, from a file to items, with the errors of each line."""

from io import BytesIO

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.sprints.backlog.models import Item
from tests.sprints.backlog_import import files
from tests.sprints.backlog_import.conftest import work
from tests.support import api
from tests.support import factories as make

IMPORTS = "/projects/heron/item-imports"


@pytest.fixture
def client(app, person):
    return api.client(app, person)


def upload(app, client, content, query=""):
    """Post a file, as multipart."""
    sender = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {client.token}"}
    db.session.rollback()
    with app.app_context():
        sent = {"file": (BytesIO(content), "export.csv")} if content is not None else {}
        options = {"data": sent, "content_type": "multipart/form-data", "headers": headers}
        return sender.post(f"/api/v1{IMPORTS}{query}", **options)


def compare(app, client, content):
    """Stage a file and let the worker compare it; return its address and what is read of it."""
    staged = upload(app, client, content)
    assert staged.status_code == 201, staged.get_json()
    work()
    path = staged.headers["Location"].removeprefix("/api/v1")
    return path, client.get(path)


def titles():
    return [title for (title,) in db.session.query(Item.title).order_by(Item.rank)]


def pointers(response):
    return {error["pointer"] for error in response.get_json()["errors"]}


def test_a_file_is_compared_read_and_confirmed_once(app, client, project):
    assert client.get(IMPORTS).get_json()["data"] == []
    content = files.gitlab(files.issue(1, "Lire les scans", Weight="5"), files.issue(2, "Trier"))
    path, read = compare(app, client, content)
    imported = read.get_json()
    assert (imported["stage"], imported["tool"], imported["counts"]["new"]) == ("compared", "gitlab", 2)
    assert [each["id"] for each in client.get(IMPORTS).get_json()["data"]] == [imported["id"]]
    first = client.get(f"{path}/lines?limit=1")
    assert [each["title"] for each in first.get_json()["data"]] == ["Lire les scans"]
    assert first.get_json()["data"][0]["values"]["points"] == 5
    cursor = first.get_json()["next_cursor"]
    following = client.get(f"{path}/lines?limit=1&cursor={cursor}").get_json()
    assert ([each["title"] for each in following["data"]], following["next_cursor"]) == (["Trier"], None)
    assert client.get(f"{path}/lines?outcome=error").get_json()["data"] == []
    assert client.post(f"{path}/confirm", {}, if_match='"9"').status_code == 412
    assert client.post(f"{path}/confirm", {}).status_code == 428
    etag = read.headers["ETag"]
    dry = client.post(f"{path}/confirm?dry_run=true", {}, if_match=etag)
    assert (dry.status_code, dry.get_json()["stage"]) == (200, "confirmed")
    work()
    assert titles() == []
    for _turn in range(2):
        confirmed = client.post(f"{path}/confirm", {}, if_match=etag, idempotency_key="once")
        assert (confirmed.status_code, confirmed.get_json()["stage"]) == (200, "confirmed")
    assert client.ask("DELETE", path).status_code == 403  # it is being written
    work()
    assert titles() == ["Lire les scans", "Trier"]
    assert client.get(path).get_json()["stage"] == "done"
    assert client.ask("DELETE", path).status_code == 204
    assert client.get(path).status_code == 404


def test_a_line_in_error_says_why_and_shuts_the_import(app, client, project):
    content = files.gitlab(files.issue(1, "Lire"), files.issue(2, "Trier", Weight="beaucoup"))
    path, read = compare(app, client, content)
    [line] = client.get(f"{path}/lines?outcome=error", accept_language="en").get_json()["data"]
    [problem] = line["problems"]
    assert (line["line"] > 2, problem["code"]) == (True, "points")
    assert "beaucoup" in problem["detail"]
    refused = client.post(f"{path}/confirm", {}, if_match=read.headers["ETag"])
    assert refused.status_code == 422
    assert titles() == []


def test_columns_and_words_are_chosen_as_on_the_page(app, client, project, person):
    content = "Sujet;Avancement;Qui\nLire;Plus tard;Léa\n".encode()
    path, read = compare(app, client, content)
    assert read.get_json()["names"] == ["Sujet", "Avancement", "Qui"]
    columns = {"title": "Sujet", "state": "Avancement", "assignee": "Qui"}
    wrong = {"columns": {"title": "Absente"}}, {"columns": columns, "people": {"Léa": make.person().id.hex}}
    db.session.commit()
    for body, field in zip(wrong, ("/columns", "/people"), strict=True):
        assert pointers(client.put(f"{path}/choices", body)) == {field}
    assert client.put(f"{path}/choices", {"columns": {"titre": "Sujet"}}).status_code == 422
    assert client.put(f"{path}/choices", {"columns": {"key": "Sujet"}}).status_code == 422
    assert client.put(f"{path}/choices", {"columns": columns}).status_code == 200
    work()
    assert client.get(path).get_json()["words"]["states"] == {"Plus tard": 1}
    words = {"states": {"Plus tard": "to_do"}, "people": {"Léa": str(person.id)}}
    chosen = client.put(f"{path}/choices", {"columns": columns} | words)
    assert chosen.get_json()["choices"]["columns"] == columns
    work()
    read = client.get(path)
    assert read.get_json()["counts"]["new"] == 1
    [line] = client.get(f"{path}/lines").get_json()["data"]
    assert line["values"]["assignee"] == str(person.id)
    assert client.post(f"{path}/confirm", {}, if_match=read.headers["ETag"]).status_code == 200


def test_what_was_changed_here_stays_unless_the_file_is_taken(app, client, project, importer):
    importer.bring(files.gitlab(files.issue(1, "Lire")))
    item = client.get("/projects/heron/items/1")
    body = {"title": "Lire vite", "description": item.get_json()["description"]}
    assert client.put("/projects/heron/items/1", body, if_match=item.headers["ETag"]).status_code == 200
    path, read = compare(app, client, files.gitlab(files.issue(1, "Relire")))
    [line] = client.get(f"{path}/lines?outcome=changed").get_json()["data"]
    assert {"field": "title", "here": "Lire vite", "file": "Relire", "is_changed_here": True} in line[
        "changes"
    ]
    etag = read.headers["ETag"]
    one = {"lines": [{"position": line["position"], "takes": ["title"]}]}
    assert client.post(f"{path}/decisions", one, if_match=etag).status_code == 200
    assert client.get(f"{path}/lines").get_json()["data"][0]["takes"] == ["title"]
    assert client.post(f"{path}/decisions", {"every": "keep"}, if_match=etag).status_code == 200
    assert client.get(f"{path}/lines").get_json()["data"][0]["takes"] == []
    assert client.post(f"{path}/decisions", {"every": "keep"}, if_match='"7"').status_code == 412
    broken = {"lines": [{"position": 0, "takes": ["rank"]}]}
    assert client.post(f"{path}/decisions", broken, if_match=etag).status_code == 422
    assert client.post(f"{path}/confirm", one, if_match=etag).status_code == 200
    work()
    assert titles() == ["Relire"]


def test_files_that_cannot_be_read_are_refused_beside_their_field(app, client, project):
    for content in (None, b"", b"\x00\x01\x02", b"%PDF-1.7"):
        refused = upload(app, client, content)
        assert (refused.status_code, pointers(refused)) == (422, {"/file"}), content
    dry = upload(app, client, b"Title\nLire\n", "?dry_run=true")
    assert (dry.status_code, dry.headers["Dry-Run"]) == (201, "true")
    assert client.get(IMPORTS).get_json()["data"] == []


def test_an_import_is_of_one_person(app, client, project):
    path, _read = compare(app, client, b"Title\nLire\n")
    colleague = api.client(app, make.role(project.id, Role.TEAM_MEMBER))
    assert colleague.get(IMPORTS).get_json()["data"] == []
    for answer in (colleague.get(path), colleague.get(f"{path}/lines"), colleague.ask("DELETE", path)):
        assert answer.status_code == 404
