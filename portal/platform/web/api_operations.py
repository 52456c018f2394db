"""Operations of the API: what a feature declares in its room `api`, and one call of an operation.

    area = ApiArea("sprints")

    @area.get("/projects/<slug:slug>/sprints/<int(max=999):number>", SprintSchema)
    def get_sprint(call: ApiCall, slug: str, number: int) -> Sprint:
        \"""A sprint, with its plan and its log.\"""

The name of the function is the `operationId`, which never changes; its docstring is the summary.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from uuid import UUID

from marshmallow import Schema

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_problems import ApiRefusal

PAGE_DEFAULT, PAGE_MAX = 50, 100

SchemaClass = type[Schema]
OperationView = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """The part of a list that is wanted: at most `limit` rows after a cursor's value."""

    after: int | str | None = None
    limit: int = PAGE_DEFAULT

    @property
    def first(self) -> int:
        """The number or index after which the page begins. Raises `ApiRefusal`."""
        if isinstance(self.after, str):
            raise refuse_cursor()
        return self.after or 0

    @property
    def after_id(self) -> UUID | None:
        """The id after which the page begins, None for the first page. Raises `ApiRefusal`."""
        try:
            return None if self.after is None else UUID(str(self.after))
        except ValueError:
            raise refuse_cursor() from None

    def cut(self, rows: Sequence[Any]) -> "ApiPage":
        """A page of a list that was read whole; the cursor is an index."""
        page = list(rows[self.first : self.first + self.limit])
        end = self.first + self.limit
        return ApiPage(page, end if end < len(rows) else None)

    def cut_numbered(self, rows: Sequence[Any]) -> "ApiPage":
        """A page of rows that follow `first` by number, of which up to `limit` + 1 were read."""
        page = list(rows[: self.limit])
        return ApiPage(page, page[-1].number if len(rows) > self.limit else None)

    def cut_by_id(self, rows: Sequence[Any]) -> "ApiPage":
        """The same for rows that follow `after_id` by id."""
        page = list(rows[: self.limit])
        return ApiPage(page, str(page[-1].id) if len(rows) > self.limit else None)

    def gather(self, read: Callable[[int], "NumberedPage"], per_page: int) -> "ApiPage":
        """A page of a list that a page of the portal shows too, read by pages of `per_page` rows;
        the cursor is an index."""
        first, end = self.first, self.first + self.limit
        number = first // per_page + 1
        listing = read(number)
        if listing.page != number:  # beyond the last one
            return ApiPage(())
        rows = list(listing.rows)
        while number * per_page < end and number < listing.pages:
            number += 1
            listing = read(number)
            rows += listing.rows
        skipped = first % per_page
        part = rows[skipped : skipped + self.limit]
        is_last = number == listing.pages and skipped + self.limit >= len(rows)
        return ApiPage(part, None if is_last else end)


class NumberedPage(Protocol):
    """A page of a list of the portal: `page` counts from 1, and is another one beyond the last."""

    @property
    def rows(self) -> Sequence[Any]: ...

    @property
    def page(self) -> int: ...

    @property
    def pages(self) -> int: ...


@dataclass(frozen=True)
class ApiPage:
    """Rows of a list, and the cursor's value of the next page (None: the last)."""

    rows: Sequence[Any]
    next_after: int | str | None = None


@dataclass(kw_only=True)
class ApiCall:
    """What an operation is called with. `version` is that of `If-Match`, 0 where none is needed.

    A dry run answers nothing that its act would first open to the caller.
    `location` is the path of what was created, below `API_PREFIX`.
    """

    actor: Actor
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    version: int = 0
    page: PageRequest = PageRequest()
    location: str = ""
    is_dry_run: bool = False

    def values(self, *names: str) -> dict[str, Any]:
        """The sent values of these fields, or of all."""
        return {name: value for name, value in self.body.items() if not names or name in names}


@dataclass(frozen=True, kw_only=True)
class ApiOperation:
    """One operation: its address, what it takes and what it answers.

    `answer` None: 204. `is_list`: pages of `answer`. `is_versioned`: needs `If-Match`. `is_public`:
    needs no token. `is_personal`: about the person rather than a programme, or the word of a second
    person; a token of one programme does not allow it, and so no machine does. `asks_again`: its page
    asks for the second factor again, which no token can answer. `is_stream`: the view yields batches
    of rows, written one JSON object a line. `takes_file`: the body is a form with a part `file`.
    `is_content`: the view answers the bytes of a file. `command` is the one that a declared write
    calls. `read_by`: ids of the reads whose ETags `If-Match` takes, where no read above answers alike.
    """

    id: str
    area: str
    method: str
    path: str
    view: OperationView
    answer: SchemaClass | None
    query: SchemaClass | None = None
    body: SchemaClass | None = None
    status: int = 200
    is_list: bool = False
    is_versioned: bool = False
    is_public: bool = False
    is_personal: bool = False
    asks_again: bool = False
    is_stream: bool = False
    takes_file: bool = False
    is_content: bool = False
    command: Callable[..., Any] | None = None
    read_by: tuple[str, ...] = ()

    @property
    def endpoint(self) -> str:
        return f"api.{self.id}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def takes_key(self) -> bool:
        """Whether `Idempotency-Key` counts: not for files, of which the same content is refused."""
        return self.method == "POST" and not self.takes_file and not self.is_public

    @property
    def summary(self) -> str:
        """The first paragraph of the docstring, on one line."""
        return " ".join((self.view.__doc__ or "").strip().split("\n\n")[0].split())


class ApiArea:
    """The operations of a feature, under the word by which a token is limited to them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.operations: list[ApiOperation] = []

    def get(self, path: str, answer: SchemaClass, **options: Any) -> Callable[[OperationView], OperationView]:
        """Read one thing."""
        return self._add("GET", path, answer, **options)

    def list(
        self, path: str, answer: SchemaClass, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Read a list by pages: the view returns an `ApiPage`."""
        return self._add("GET", path, answer, is_list=True, **options)

    def create(
        self, path: str, answer: SchemaClass, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Create something: 201, with the schema of the answer for the body unless `body` is another."""
        return self._add("POST", path, answer, **{"body": answer, "status": 201} | options)

    def change(
        self, path: str, answer: SchemaClass, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Replace what a row holds; needs `If-Match`."""
        return self._add("PUT", path, answer, **{"body": answer, "is_versioned": True} | options)

    def act(
        self, path: str, answer: SchemaClass | None, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Do something with a row, such as close it."""
        return self._add("POST", path, answer, **options)

    def delete(self, path: str, **options: Any) -> Callable[[OperationView], OperationView]:
        """Delete a row."""
        return self._add("DELETE", path, None, **{"status": 204} | options)

    def _add(
        self, method: str, path: str, answer: SchemaClass | None, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        def register(view: OperationView) -> OperationView:
            operation = ApiOperation(
                id=view.__name__,
                area=self.name,
                method=method,
                path=path,
                view=view,
                answer=answer,
                **options,
            )
            self.operations.append(operation)
            return view

        return register


def refuse_cursor() -> ApiRefusal:
    """The refusal of a cursor that no list of this operation gave."""
    return ApiRefusal(422, errors=[("?cursor", _("Ce curseur ne vient pas d’ici."))])


def write_cursor(value: int | str, place: str) -> str:
    """The opaque text of a cursor's value in a list, which a short text names."""
    return base64.urlsafe_b64encode(json.dumps([value, place]).encode()).decode().rstrip("=")


def read_cursor(text: str, place: str) -> int | str:
    """The value of a cursor of a list. Raises `ApiRefusal`."""
    try:
        value, own_place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise refuse_cursor() from None
    is_index = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    if own_place != place or not (is_index or isinstance(value, str)):
        raise refuse_cursor()
    return cast("int | str", value)
