"""Pages of other sites call the API from a browser only where a setting names their origin."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.people.accounts.models import Person
from portal.platform.kernel.services import get_service, provide_service
from portal.platform.kernel.settings import Settings
from tests.support.api import ApiClient, client

DASHBOARD, OTHER = "https://tableau.example", "https://autre.example"
PLAN = {"goal": "Lire", "starts_on": "2027-03-01", "ends_on": "2027-03-14"}


@pytest.fixture
def api(app: Flask, person: Person) -> ApiClient:
    return client(app, person)


@pytest.fixture
def _named(app: Flask) -> Iterator[None]:
    settings = get_service(Settings)
    provide_service(app, replace(settings, api_origins=(DASHBOARD,)))
    yield
    provide_service(app, settings)


def headers_of(api: ApiClient, method: str, path: str, origin: str, body: object = None):
    return api.ask(method, path, body, origin=origin, sec_fetch_site="cross-site")


def test_no_page_may_by_default(api: ApiClient):
    answer = headers_of(api, "GET", "/projects", DASHBOARD)
    assert (answer.status_code, "Access-Control-Allow-Origin" in answer.headers) == (200, False)
    preflight = headers_of(api, "OPTIONS", "/projects/heron/sprints", DASHBOARD)
    assert "Access-Control-Allow-Origin" not in preflight.headers
    refused = headers_of(api, "POST", "/projects/heron/sprints", DASHBOARD, PLAN)
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")


@pytest.mark.usefixtures("_named")
def test_a_named_one_may_with_its_token(api: ApiClient, app: Flask):
    preflight = headers_of(ApiClient(app, ""), "OPTIONS", "/projects/heron/sprints", DASHBOARD)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == DASHBOARD
    assert "If-Match" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    planned = headers_of(api, "POST", "/projects/heron/sprints", DASHBOARD, PLAN)
    assert planned.status_code == 201
    assert "ETag" in planned.headers["Access-Control-Expose-Headers"]
    assert "Origin" in planned.headers["Vary"]
    refused = headers_of(ApiClient(app, ""), "GET", "/projects", DASHBOARD)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, DASHBOARD)
    other = headers_of(api, "GET", "/projects", OTHER).headers
    assert ("Access-Control-Allow-Origin" in other, "Origin" in other["Vary"]) == (False, True)
    assert headers_of(api, "POST", "/projects/heron/sprints", OTHER, PLAN).status_code == 403


@pytest.mark.usefixtures("_named")
def test_a_page_of_the_portal_is_not_open_to_it(app: Flask):
    answer = app.test_client().get("/api", headers={"Origin": DASHBOARD})
    assert "Access-Control-Allow-Origin" not in answer.headers
