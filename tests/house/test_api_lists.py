"""Every list of the API obeys `limit`; its cursor leads through the same rows, whatever comes and goes."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from portal.platform.kernel.database import Base, db
from portal.platform.kernel.settings import API_PREFIX
from portal.platform.web.api_pages import (
    INDEX_MAX,
    MARKS_MAX,
    ApiPage,
    NumberedPage,
    PageRequest,
    id_of,
    read_cursor,
    write_cursor,
)
from portal.platform.web.api_problems import ApiRefusal
from portal.platform.web.api_requests import CURSOR_MAX
from portal.project.projects.numbered_queries import PER_PAGE, cut_page
from tests.house.api_doors import API_DOORS
from tests.house.test_api_access import OPERATIONS, WRITER, Desk, desk
from tests.support.stage import Shot

__all__ = ["desk"]

LISTS = [name for name in API_DOORS if OPERATIONS[name].is_list]
ROWS_MAX = 5  # that are followed one by one
SQLITE = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


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


def longest(desk: Desk, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return who reads most rows of a list, and the rows."""
    lists = {who: read(desk, name, who, limit=100)["data"] for who in sorted(API_DOORS[name].inside)}
    person = max(lists, key=lambda who: len(lists[who]))
    return person, lists[person]


@SQLITE
def test_every_list_obeys_its_limit(desk: Desk):
    lengths = {}
    for name in LISTS:
        person, whole = longest(desk, name)
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


class Source:
    """What lists are read from, by places: it may lose its first row or get another one before it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.change: Callable[[list[Any]], list[Any]] = list
        self.keys: list[Any] = []
        self.is_used = False
        usual = PageRequest.read_page_slice

        def slice_changed(page: PageRequest, read: Any, key: Any = id_of) -> ApiPage:
            self.is_used = True
            rows = list(read(0, 500))
            self.keys = [key(row) for row in rows]
            changed = self.change(rows)
            return usual(
                page,
                lambda first, count: changed[first : first + count],
                lambda row: "new" if row is NEW else key(row),
            )

        patch.setattr(PageRequest, "read_page_slice", slice_changed)


NEW = object()
WRITE, OF_TRAIL = "start_thread", {"list_project_activity", "list_trail"}
ROW_KEYS = (("id",), ("project_id", "number"), ("pack_id", "position"))


@pytest.fixture
def source() -> Iterator[Source]:
    with pytest.MonkeyPatch.context() as patch:
        yield Source(patch)


def remove_row(desk: Desk, row: dict[str, Any]) -> int:
    """Delete a row of an answer from its table, whatever refers to it. Returns how many went."""
    known = {"project_id": UUID(desk.names["project"]), "pack_id": UUID(desk.names["pack"])}
    known |= {"id": UUID(row["id"])} if "id" in row else {}
    known |= {name: row[name] for name in ("number", "position") if name in row}
    names = next(each for each in ROW_KEYS if set(each) <= known.keys())
    connection: Any = db.engines[None]
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    tables = [each for each in Base.metadata.tables.values() if set(names) <= set(each.c.keys())]
    return sum(
        connection.execute(sa.delete(each).where(*(each.c[name] == known[name] for name in names))).rowcount
        for each in tables
    )


@SQLITE
@pytest.mark.parametrize("name", LISTS)
def test_what_comes_and_goes_between_two_pages_moves_no_row(desk: Desk, source: Source, name: str):
    person, whole = longest(desk, name)
    assert len(source.keys) == len(set(source.keys)), "the key of its rows tells them apart"
    if len(whole) < 2:
        return
    cursor = read(desk, name, person, limit=1)["next_cursor"]
    if source.is_used:
        for change in (lambda rows: rows[1:], lambda rows: [NEW, *rows], lambda rows: [NEW] * 70 + rows):
            source.change = change
            assert read(desk, name, person, limit=1, cursor=cursor)["data"] == whole[1:2]
        return
    with desk.stage.keep():
        if name in OF_TRAIL:  # to which one only adds
            assert desk.ask(OPERATIONS[WRITE], API_DOORS[WRITE], WRITER, "member")[0] == 201
        else:
            assert remove_row(desk, whole[0])
        assert read(desk, name, person, limit=1, cursor=cursor)["data"] == whole[1:2]


def follow(rows: Sequence[int], limit: int, change: Callable[[int, list[int]], list[int]]) -> list[int]:
    """Read all pages of a list that changes after each."""
    listed, after, pages, current = [], None, 0, list(rows)

    def read_page(number: int) -> NumberedPage:
        return cut_page(current, number)

    while True:
        page = PageRequest(after=after, limit=limit).gather_portal_pages(read_page, PER_PAGE, lambda row: row)
        listed += page.rows
        if page.next_after is None:
            return listed
        text = write_cursor(page.next_after, "list")
        assert len(text) <= CURSOR_MAX
        after = read_cursor(text, "list")
        assert after == page.next_after
        pages += 1
        assert pages <= len(rows), "the list has no end"
        current = change(pages, current)


@pytest.mark.parametrize("count", [0, 1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE, 55])
@pytest.mark.parametrize("limit", [1, 7, PER_PAGE, PER_PAGE + 1, 50, 100])
def test_rows_of_the_pages_of_the_portal_are_gathered(count: int, limit: int):
    rows = list(range(count))
    assert follow(rows, limit, lambda _page, current: current) == rows
    beyond = PageRequest(after=count + 99, limit=limit)
    assert beyond.gather_portal_pages(lambda number: cut_page(rows, number), PER_PAGE) == ApiPage([])


@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_a_list_that_changes_between_pages_is_read_once(limit: int):
    rows = list(range(200))
    added = follow(rows, limit, lambda page, current: [-page, *current])
    assert added == rows
    crowded = follow(rows, limit, lambda page, current: [*range(-1000 * page, -1000 * page + 60), *current])
    assert crowded == rows
    removed = follow(rows, limit, lambda _page, current: current[1:])
    assert removed == rows
    # The rows that were read last are gone too, up to as many as a cursor knows.
    last_read_gone = follow(
        rows, 7, lambda page, current: [row for row in current if not 7 * page - MARKS_MAX < row < 7 * page]
    )
    assert last_read_gone == rows


@pytest.mark.parametrize("limit", [2, 3, 5, 10])
@pytest.mark.parametrize("place", range(10))
def test_a_row_that_goes_from_the_page_just_read_repeats_none(limit: int, place: int):
    rows = list(range(100))

    def remove(page: int, current: list[int]) -> list[int]:
        return [row for row in current if row != limit * (page - 1) + place % limit]

    assert follow(rows, limit, remove) == rows


@pytest.mark.parametrize("limit", [3, 5, 10])
def test_a_row_that_comes_into_the_page_just_read_hides_none(limit: int):
    rows = list(range(100))
    page = PageRequest(limit=limit).cut_whole_list(rows, lambda row: row)
    current = [rows[0], "new", *rows[1:]]
    following = PageRequest(after=page.next_after, limit=limit).cut_whole_list(current, lambda row: row)
    assert following.rows[0] in (*page.rows, limit)
    assert following.rows[-1] >= limit


@pytest.mark.parametrize("to_end", [True, False])
def test_a_row_that_is_moved_far_takes_no_others_along(to_end: bool):
    rows = list(range(100))
    page = PageRequest(limit=7).cut_whole_list(rows, lambda row: row)
    moved = page.rows[-1]
    current = [row for row in rows if row != moved]
    current.insert(len(current) if to_end else 0, moved)
    after = page.next_after
    seen = list(page.rows)
    while after is not None:
        page = PageRequest(after=after, limit=7).cut_whole_list(current, lambda row: row)
        seen += page.rows
        after = page.next_after
    assert [row for row in seen if row != moved] == [row for row in rows if row != moved]


@pytest.mark.parametrize("gone", [7, 6])
def test_where_all_that_a_cursor_knows_is_gone_no_row_is_left_out(gone: int):
    rows = list(range(100))
    first = PageRequest(limit=7).cut_whole_list(rows, lambda row: row)
    current = [*rows[: 7 - gone], *rows[7:]]
    second = PageRequest(after=first.next_after, limit=7).cut_whole_list(current, lambda row: row)
    assert second.rows[0] == current[0]


@pytest.mark.parametrize(
    "value", [[], ["x"], [-1], [True], [INDEX_MAX], [1, 2], [1, *"abcdef"], {}, None, 1.5]
)
def test_a_cursor_that_no_list_gave_is_refused(value: object):
    text = base64.urlsafe_b64encode(json.dumps([value, "list"]).encode()).decode()
    with pytest.raises(ApiRefusal):
        read_cursor(text, "list")
