"""Every list of the API obeys `limit`, and its cursor leads through the same rows."""

import json
from typing import Any

import pytest

from portal.platform.kernel.settings import API_PREFIX
from portal.platform.web.api_operations import ApiPage, PageRequest
from portal.project.projects.numbered_queries import PER_PAGE, cut_page
from tests.house.api_doors import API_DOORS
from tests.house.test_api_access import OPERATIONS, WRITER, Desk, desk
from tests.support.stage import Shot

__all__ = ["desk"]

LISTS = [name for name in API_DOORS if OPERATIONS[name].is_list]
ROWS_MAX = 5  # that are followed one by one


def read(desk: Desk, name: str, person: str, **query: object) -> dict[str, Any]:
    """Return a page of a list as a person reads it."""
    path, _mark, usual = (API_PREFIX + API_DOORS[name].path.format(**desk.names)).partition("?")
    text = "&".join([*filter(None, [usual]), *(f"{key}={value}" for key, value in query.items())])
    headers = {"Authorization": f"Bearer {desk.tokens[WRITER, person]}"}
    shot = Shot(name, person, "list", "GET", path, query=text.encode(), headers=headers)
    with desk.stage.answered(shot) as answer:
        body: dict[str, Any] = json.loads(answer.get_data())
        assert answer.status_code == 200, body
        return body


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_every_list_obeys_its_limit(desk: Desk):
    lengths = {}
    for name in LISTS:
        person = max(sorted(API_DOORS[name].inside), key=lambda who: len(read(desk, name, who)["data"]))
        whole = read(desk, name, person, limit=100)["data"]
        lengths[name] = len(whole)
        page = read(desk, name, person, limit=1)
        rows = page["data"]
        assert len(rows) == min(1, len(whole)), name
        while page["next_cursor"] and len(rows) < ROWS_MAX:
            page = read(desk, name, person, limit=1, cursor=page["next_cursor"])
            assert len(page["data"]) == 1, name
            rows += page["data"]
        assert rows == whole[:ROWS_MAX], name
        assert page["next_cursor"] or len(rows) == len(whole), name
    assert sum(length > 1 for length in lengths.values()) > 40, "too few lists of two rows"


@pytest.mark.parametrize("count", [0, 1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE, 55])
@pytest.mark.parametrize("limit", [1, 7, PER_PAGE, PER_PAGE + 1, 50, 100])
def test_rows_of_the_pages_of_the_portal_are_gathered(count: int, limit: int):
    rows, after, pages = [], 0, 0
    while after is not None:
        page: ApiPage = PageRequest(after=after, limit=limit).gather(
            lambda number: cut_page(range(count), number), PER_PAGE
        )
        assert len(page.rows) == min(limit, count - after)
        rows += page.rows
        after, pages = page.next_after, pages + 1
    assert rows == list(range(count))
    assert pages == max(1, -(-count // limit))
    assert PageRequest(after=count + 99, limit=limit).gather(
        lambda number: cut_page(range(count), number), PER_PAGE
    ) in (ApiPage(()), ApiPage([]))
