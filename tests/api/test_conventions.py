"""Conventions that every operation follows: refusals, versions, pages, keys, dry runs, scopes."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from limits import parse

from portal.api.tokens import bearer_api, commands
from portal.api.tokens.queries import find_open_token
from portal.app.application.features import API_AREAS
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.api_answers import StoredApiAnswer, delete_old_answers
from portal.platform.kernel.database import db
from portal.platform.kernel.secret_box import SecretBox
from portal.project.projects.models import Project
from portal.sprints.backlog.models import Item
from portal.sprints.sprints.models import Sprint
from tests.support import factories as make
from tests.support.api import ApiClient, client, token

PLAN = {"goal": "Lire les courriers", "starts_on": "2027-03-01", "ends_on": "2027-03-14"}
HERON = "/projects/heron"


@pytest.fixture
def api(app: Flask, person: Person) -> ApiClient:
    return client(app, person)


def code_of(response) -> str:
    """Return the code of a refusal, which is always a whole problem."""
    assert response.mimetype == "application/problem+json", response.get_data(as_text=True)
    problem = response.get_json()
    assert problem["status"] == response.status_code
    assert {"type", "title", "detail", "request_id"} <= problem.keys()
    return problem["code"]


def test_who_asks_is_known_by_a_token_alone(app: Flask, person: Person, browser_for):
    signed_in = browser_for(person).client
    assert code_of(signed_in.get("/api/v1/projects")) == "unauthenticated"
    text = token(person)
    for header in ("", "Bearer", "Bearer x", f"Basic {text}", f"Bearer {text}x", "Bearer é"):
        refused = app.test_client().get("/api/v1/projects", headers={"Authorization": header})
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    answer = ApiClient(app, text).get("/projects")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["RateLimit"].startswith('"token";r=599;')
    page = app.test_client().get("/profile", headers={"Authorization": f"Bearer {text}"})
    assert page.status_code == 303  # a token opens nothing else


@pytest.mark.parametrize("end", ["revoked", "leaked", "expired", "disabled"])
def test_a_token_ends(app: Flask, person: Person, api: ApiClient, end: str):
    if end == "leaked":
        assert ApiClient(app, "").post("/tokens/revoke", {"token": api.token}).status_code == 204
        assert ApiClient(app, "").post("/tokens/revoke", {"token": api.token}).status_code == 204
    elif end == "disabled":
        person.disabled_at = clock.now()
    else:
        row = find_open_token(api.token)
        if end == "revoked":
            commands.revoke_token(make.actor(person), row)
        else:
            row.expires_at = clock.now() - timedelta(seconds=1)
    db.session.commit()
    assert api.get("/projects").status_code == 401


def test_what_is_no_whole_token_is_not_revoked_in_silence(app: Flask, api: ApiClient):
    for text in (f"Bearer {api.token}", api.token[:-1], f"{api.token}x", api.token.removeprefix("prt_"), "x"):
        refused = ApiClient(app, "").post("/tokens/revoke", {"token": text})
        assert code_of(refused) == "invalid", text
        (error,) = refused.get_json()["errors"]
        assert error["pointer"] == "/token"
        assert "seul et entier" in error["detail"]
    assert api.get("/projects").status_code == 200
    unknown = f"prt_{'A' * 43}"  # of the shape: the answer is that of a token
    assert ApiClient(app, "").post("/tokens/revoke", {"token": f" {unknown} "}).status_code == 204


def test_refusals_are_problems(app: Flask, api: ApiClient):
    assert code_of(api.get("/nothing")) == "not_found"
    assert code_of(api.get("/projects/unknown")) == "not_found"
    assert code_of(api.ask("DELETE", "/projects")) == "method_not_allowed"
    assert code_of(api.ask("POST", f"{HERON}/sprints")) == "unsupported_type"
    assert code_of(api.get("/projects?colour=red")) == "invalid"
    assert code_of(api.get("/projects?limit=5&limit=6")) == "invalid"
    assert code_of(api.get("/projects?cursor=zz")) == "invalid"
    assert code_of(api.get("/" + "a" * 5000)) == "too_long"
    refused = api.post(f"{HERON}/sprints", PLAN | {"colour": "red", "goal": " ", "capacity": 2**70})
    assert code_of(refused) == "invalid"
    assert {error["pointer"] for error in refused.get_json()["errors"]} == {"/colour", "/goal", "/capacity"}
    broken = api.post(f"{HERON}/sprints", PLAN | {"ends_on": "2027-02-01"}, accept_language="en")
    assert code_of(broken) == "rule_broken"
    assert broken.get_json()["errors"][0]["pointer"] == "/ends_on"
    assert "day" in broken.get_json()["detail"]


def test_a_cursor_is_of_one_list_and_its_filters(api: ApiClient):
    body = {"items": [{"title": f"t {n}"} for n in range(3)]}
    assert api.post(f"{HERON}/items", body).status_code == 201
    cursor = api.get(f"{HERON}/items?limit=1").get_json()["next_cursor"]
    assert api.get(f"{HERON}/items?limit=2&cursor={cursor}").get_json()["data"][0]["title"] == "t 1"
    for elsewhere in (f"{HERON}/items?where=done&", f"{HERON}/risks?", f"{HERON}/items?q=t&"):
        refused = api.get(f"{elsewhere}cursor={cursor}")
        assert refused.get_json()["errors"][0]["pointer"] == "?cursor", elsewhere
    for text in ("bnVsbA", "W10", "WzEsIDJd", "IjEi", "MQ"):  # null, [], [1, 2], "1", 1
        assert api.get(f"{HERON}/items?cursor={text}").status_code == 422, text


def test_the_title_of_a_refusal_is_of_its_code(app: Flask, api: ApiClient, person: Person):
    read_only = ApiClient(app, token(person, can_write=False))
    refused = read_only.post(f"{HERON}/sprints", PLAN, accept_language="en")
    assert code_of(refused) == "insufficient_scope"
    assert refused.get_json()["title"] == "This request is refused."


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b"[NaN]", b'{"goal": "\\u0000"}', b'{"goal": "\\ud800"}', b"[" * 100_000]
)
def test_what_cannot_be_read_is_refused(app: Flask, api: ApiClient, body: bytes):
    headers = {"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"}
    refused = app.test_client().post(f"/api/v1{HERON}/sprints", data=body, headers=headers)
    assert code_of(refused) == "malformed"


def test_a_stale_write_is_refused(api: ApiClient):
    planned = api.post(f"{HERON}/sprints", PLAN)
    assert planned.status_code == 201
    path = planned.headers["Location"].removeprefix("/api/v1")
    assert code_of(api.put(f"{path}/plan", PLAN)) == "precondition_required"
    etag = planned.headers["ETag"]
    changed = api.put(f"{path}/plan", PLAN | {"goal": "Trier"}, if_match=etag)
    assert (changed.status_code, changed.get_json()["goal"]) == (200, "Trier")
    assert code_of(api.put(f"{path}/plan", PLAN, if_match=etag)) == "precondition_failed"
    assert code_of(api.put(f"{path}/plan", PLAN, if_match='"x"')) == "precondition_failed"
    again = api.get(path)
    assert api.get(path, if_none_match=again.headers["ETag"]).status_code == 304


def test_a_list_is_read_by_pages(api: ApiClient):
    api.post(f"{HERON}/items", {"items": [{"title": f"Lettre {n}"} for n in range(7)]})
    titles, path = [], f"{HERON}/items?limit=3&kind=story"
    while path:
        page = api.get(path)
        titles += [row["title"] for row in page.get_json()["data"]]
        link = page.headers.get("Link", "")
        path = link.partition(">")[0].removeprefix("</api/v1") if link else ""
    assert titles == [f"Lettre {n}" for n in range(7)]


def test_a_key_makes_one_row(api: ApiClient, app: Flask, person: Person):
    body, key = {"items": [{"title": "Une fois"}]}, {"idempotency_key": "abc"}
    first, second = api.post(f"{HERON}/items", body, **key), api.post(f"{HERON}/items", body, **key)
    assert first.status_code == second.status_code == 201
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert db.session.query(Item).count() == 1
    other = {"items": [{"title": "Autre"}]}
    assert code_of(api.post(f"{HERON}/items", other, **key)) == "key_reused"
    assert code_of(api.post(f"{HERON}/sprints", PLAN, **key)) == "key_reused"
    assert code_of(client(app, person).post(f"{HERON}/items", body, **key)) == "key_reused"
    # What was refused is not kept: the key serves again.
    assert api.post(f"{HERON}/items", {"items": []}, idempotency_key="def").status_code == 422
    assert api.post(f"{HERON}/items", body, idempotency_key="def").status_code == 201
    db.session.query(StoredApiAnswer).update({"created_at": clock.now() - timedelta(days=2)})
    db.session.commit()
    assert delete_old_answers(clock.now()) == 2


def test_a_key_counts_for_every_kind_of_write(api: ApiClient):
    first = api.post(f"{HERON}/items", {"items": [{"title": "Un"}, {"title": "Deux"}]}).get_json()["items"]
    path, sent = f"{HERON}/items/{first[0]['number']}", {"if_match": '"1"', "idempotency_key": "put"}
    changed = api.put(path, {"title": "Une lettre"}, **sent)
    again = api.put(path, {"title": "Une lettre"}, **sent)
    assert (again.status_code, again.get_json()) == (200, changed.get_json())
    assert again.headers["ETag"] == changed.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert code_of(api.put(path, {"title": "Autre"}, **sent)) == "key_reused"
    assert api.get(path).get_json()["version"] == 2
    other = f"{HERON}/items/{first[1]['number']}"
    sent = {"if_match": '"1"', "idempotency_key": "delete"}
    for _time in range(2):
        assert api.ask("DELETE", other, **sent).status_code == 204
    assert code_of(api.ask("DELETE", path, **sent)) == "key_reused"


def test_what_takes_no_key_refuses_it(api: ApiClient):
    writes = [each for area in API_AREAS for each in area.operations if each.writes]
    refusing = {each.id: each for each in writes if each.refuses_idempotency_key}
    assert {each.id for each in writes if not each.accepts_idempotency_key} == {*refusing, "revoke_token"}
    assert {each.id for each in refusing.values() if not each.takes_file} == {"answer_group_session"}
    for each in refusing.values():
        path = re.sub(r"<uuid:\w+>", str(UUID(int=1)), each.path)
        refused = api.ask(each.method, re.sub(r"<[^>]+>", "1", path), {}, idempotency_key="abc")
        assert code_of(refused) == "key_refused", each.id
        assert code_of(api.ask(each.method, re.sub(r"<[^>]+>", "1", path), {})) != "key_refused"


def test_the_answer_of_a_key_is_stored_encrypted(api: ApiClient, project: Project, person: Person):
    make.role(project.id, Role.TEAM_LEAD, person)
    path, body = f"/scopes/{project.id}/webhooks", {"name": "n", "url": "https://forge.example/hook"}
    first = api.post(path, body, idempotency_key="abc")
    secret = first.get_json()["secret"]
    stored = db.session.query(StoredApiAnswer).one()
    assert secret.startswith("whsec_")
    assert "whsec_" not in stored.body
    assert secret not in stored.body
    again = api.post(path, body, idempotency_key="abc")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    # One that the release before wrote in clear; one that no key opens any more.
    for text, status in ((first.get_data(as_text=True), 201), (SecretBox(["lost"]).close("{}"), 422)):
        db.session.query(StoredApiAnswer).update({"body": text})
        db.session.commit()
        again = api.post(path, body, idempotency_key="abc")
        assert again.status_code == status
        assert status == 422 or again.get_json()["secret"] == secret


def test_a_dry_run_keeps_nothing(api: ApiClient, app: Flask):
    answer = api.post(f"{HERON}/sprints?dry_run=true", PLAN, idempotency_key="abc")
    assert (answer.status_code, answer.headers["Dry-Run"]) == (201, "true")
    assert answer.get_json()["number"] == 1
    assert code_of(api.post(f"{HERON}/sprints?dry_run=true", PLAN | {"goal": ""})) == "invalid"
    db.session.rollback()
    assert db.session.query(Sprint).count() == db.session.query(StoredApiAnswer).count() == 0


def test_a_scope_limits_what_the_person_may(app: Flask, person: Person, project: Project):
    reader, sprinter = client(app, person, can_write=False), client(app, person, areas=("sprints",))
    assert reader.get(f"{HERON}/sprints").status_code == 200
    assert code_of(reader.post(f"{HERON}/sprints", PLAN)) == "insufficient_scope"
    assert sprinter.post(f"{HERON}/sprints", PLAN).status_code == 201
    assert code_of(sprinter.get(HERON)) == "insufficient_scope"
    elsewhere = make.project(slug="stork")
    make.role(elsewhere.id, Role.TEAM_MEMBER, person)
    here = client(app, person, programme_id=project.programme_id)
    assert here.get(HERON).status_code == 200
    assert code_of(here.get("/projects/stork")) == "not_found"
    assert [row["slug"] for row in here.get("/projects").get_json()["data"]] == ["heron"]


def test_a_token_has_a_rate(api: ApiClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bearer_api, "TOKEN_RATE", parse("2 per minute"))
    answers = [api.get("/projects") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert code_of(answers[2]) == "rate_limited"
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].headers["RateLimit-Policy"] == '"token";q=2;w=60'
    assert answers[2].headers["RateLimit"].startswith('"token";r=0;t=')


def test_a_stranger_learns_the_rate_that_refuses_them(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bearer_api, "NETWORK_RATE", parse("1 per minute"))
    strangers = [ApiClient(app, "").get("/projects") for _ in range(2)]
    assert [answer.status_code for answer in strangers] == [401, 429]
    assert strangers[1].headers["RateLimit"].startswith('"token";r=0;t=')
