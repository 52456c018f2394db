"""Pages of the API's lists, and their cursors.

A cursor says after which row the next page begins, so that rows which are added or removed between two
pages are neither repeated nor left out. A list that is read in the order of a number or an id goes on
after it (`cut_numbered`, `cut_by_id`). Another one is read by places: its cursor holds the place and
digests of the last rows that were read, and the next page begins after the latest of them that is still
listed where the others say (`cut`, `slice`, `gather`).
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_problems import ApiRefusal

PAGE_DEFAULT, PAGE_MAX = 50, 100
INDEX_MAX = 2**31
MARKS_MAX = 5  # rows that may be gone before a cursor falls back to its place
_MARK_LENGTH = 10
_WIDEST = 2000  # rows beside a place among which marks are sought

RowKey = Callable[[Any], Any]
ReadSlice = Callable[[int, int], Sequence[Any]]


@dataclass(frozen=True)
class ListPosition:
    """A place in a list: the number of rows before it, and digests of the last of them."""

    index: int
    marks: tuple[str, ...] = ()


CursorValue = int | str | ListPosition


@dataclass(frozen=True)
class ApiPage:
    """Rows of a list, and the cursor's value of the next page (None: the last)."""

    rows: Sequence[Any]
    next_after: CursorValue | None = None


class NumberedPage(Protocol):
    """A page of a list of the portal: `page` counts from 1, and is another one beyond the last."""

    @property
    def rows(self) -> Sequence[Any]: ...

    @property
    def page(self) -> int: ...

    @property
    def pages(self) -> int: ...


def id_of(row: Any) -> Any:
    """The id of a row or mapping: what most lists are known by."""
    return row["id"] if isinstance(row, Mapping) else row.id


def key_by_fields(*names: str) -> RowKey:
    """The key that these fields of a mapping, or attributes of a row ("project.id"), make together."""

    def key(row: Any) -> tuple[Any, ...]:
        return tuple(_read_attribute_path(row, name) for name in names)

    return key


def _read_attribute_path(row: Any, name: str) -> Any:
    for part in name.split("."):
        row = row[part] if isinstance(row, Mapping) else getattr(row, part)
    return row


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """The part of a list that is wanted: at most `limit` rows after a cursor's value."""

    after: CursorValue | None = None
    limit: int = PAGE_DEFAULT

    @property
    def cursor_number(self) -> int:
        """The number in the cursor, as its list wrote it: mostly that of the row before the page; 0 for
        the first page. Raises `ApiRefusal`."""
        if isinstance(self.after, str | ListPosition):
            raise build_cursor_refusal()
        return self.after or 0

    @property
    def after_id(self) -> UUID | None:
        """The id after which the page begins, None for the first page. Raises `ApiRefusal`."""
        try:
            return None if self.after is None else UUID(str(self.after))
        except ValueError:
            raise build_cursor_refusal() from None

    def cut_numbered(self, rows: Sequence[Any]) -> ApiPage:
        """A page of rows that follow `cursor_number`, of which up to `limit` + 1 were read."""
        page = list(rows[: self.limit])
        return ApiPage(page, page[-1].number if len(rows) > self.limit else None)

    def cut_by_id(self, rows: Sequence[Any]) -> ApiPage:
        """The same for rows that follow `after_id` by id."""
        page = list(rows[: self.limit])
        return ApiPage(page, str(page[-1].id) if len(rows) > self.limit else None)

    def cut_whole_list(self, rows: Sequence[Any], key: RowKey = id_of) -> ApiPage:
        """A page of a list that was read whole; `key` tells its rows apart."""
        return self.read_page_slice(lambda first, count: rows[first : first + count], key)

    def read_page_slice(self, read: ReadSlice, key: RowKey = id_of) -> ApiPage:
        """A page of a list of which `read(first, count)` reads a part: at most `count` rows."""
        place = self._place()
        if not place.marks:
            return self._page(place, read(place.index, self.limit + 1), key)
        # Where nothing changed, the row before the place is still the last one that was read.
        rows = read(place.index - 1, self.limit + 2) if place.index else ()
        if rows and _digest_key(key(rows[0])) == place.marks[-1]:
            return self._page(place, rows[1:], key)
        index = _count_rows_before_next_page(read, key, place, self.limit)
        return self._page(ListPosition(index, place.marks), read(index, self.limit + 1), key)

    def gather_portal_pages(
        self, read: Callable[[int], NumberedPage], per_page: int, key: RowKey = id_of
    ) -> ApiPage:
        """A page of a list that a page of the portal shows too, read by pages of `per_page` rows."""
        return self.read_page_slice(lambda first, count: _gather_rows(read, per_page, first, count), key)

    def _place(self) -> ListPosition:
        if isinstance(self.after, str):
            raise build_cursor_refusal()
        return self.after if isinstance(self.after, ListPosition) else ListPosition(self.after or 0)

    def _page(self, place: ListPosition, rows: Sequence[Any], key: RowKey) -> ApiPage:
        """The page that begins at a place, of which up to `limit` + 1 rows were read."""
        page = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return ApiPage(page)
        marks = (*place.marks, *(_digest_key(key(row)) for row in page[-MARKS_MAX:]))
        return ApiPage(page, ListPosition(place.index + len(page), marks[-MARKS_MAX:]))


def _digest_key(key: Any) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:_MARK_LENGTH]


def _count_rows_before_next_page(read: ReadSlice, key: RowKey, place: ListPosition, limit: int) -> int:
    """The number of rows before the next page: after the latest marked row that kept its place among
    the others, since one may have been moved.

    It is sought ever farther from its place. Where all of them are gone, the whole last page is taken to be
    so: a row is rather repeated than left out.
    """
    margin = PAGE_DEFAULT
    while True:
        first = max(0, place.index - margin)
        rows = read(first, place.index - first + margin)
        places = {_digest_key(key(row)): first + number for number, row in enumerate(rows, 1)}
        latest_first = [places[mark] for mark in reversed(place.marks) if mark in places]
        if latest_first:
            return _find_agreed_index(latest_first, place.index)
        is_whole = first == 0 and len(rows) < place.index + margin
        if is_whole or margin > _WIDEST:
            return max(0, place.index - max(limit, len(place.marks)))
        margin *= 4


def _find_agreed_index(latest_first: Sequence[int], before: int) -> int:
    """The place of the latest of the marked rows that most of them agree with; `before` is where they ended.

    Rows that nobody moved say the same of where the next page begins, however many of them are gone.
    """
    ends = [place + later for later, place in enumerate(latest_first)]
    votes = Counter(ends)
    agreed_end = min(ends, key=lambda end: (-votes[end], abs(end - before)))
    return latest_first[ends.index(agreed_end)]


def _gather_rows(read: Callable[[int], NumberedPage], per_page: int, first: int, count: int) -> Sequence[Any]:
    """`count` rows after the `first` ones, out of numbered pages."""
    number = first // per_page + 1
    listing = read(number)
    if listing.page != number:  # beyond the last one
        return ()
    rows = list(listing.rows)
    skipped = first % per_page
    while len(rows) < skipped + count and number < listing.pages:
        number += 1
        listing = read(number)
        rows += listing.rows
    return rows[skipped : skipped + count]


def build_cursor_refusal() -> ApiRefusal:
    """The refusal of a cursor that no list of this operation gave."""
    return ApiRefusal(422, errors=[("?cursor", _("Ce curseur ne vient pas d’ici."))])


def write_cursor(value: CursorValue, place: str) -> str:
    """The opaque text of a cursor's value in a list, which a short text names."""
    shown = [value.index, *value.marks] if isinstance(value, ListPosition) else value
    return (
        base64.urlsafe_b64encode(json.dumps([shown, place], separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )


def read_cursor(text: str, place: str) -> CursorValue:
    """The value of a cursor of a list. Raises `ApiRefusal`."""
    try:
        value, own_place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise build_cursor_refusal() from None
    if own_place != place:
        raise build_cursor_refusal()
    if isinstance(value, list):
        return _parse_position(value)
    if isinstance(value, str):
        return value
    if _is_index(value):
        return int(value)
    raise build_cursor_refusal()


def _parse_position(value: list[Any]) -> ListPosition:
    index, *marks = value or [None]
    if not _is_index(index) or len(marks) > MARKS_MAX or not all(isinstance(mark, str) for mark in marks):
        raise build_cursor_refusal()
    return ListPosition(index, tuple(marks))


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < INDEX_MAX
