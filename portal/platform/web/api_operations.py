"""Operations of the API: what a feature declares in its room `api`, and one call of an operation.

    area = ApiArea("sprints")

    @area.get("/projects/<slug:slug>/sprints/<int(max=999):number>", SprintSchema)
    def get_sprint(call: ApiCall, slug: str, number: int) -> Sprint:
        \"""A sprint, with its plan and its log.\"""

The name of the function is the `operationId`, which never changes; its docstring is the summary.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from marshmallow import Schema

from portal.platform.kernel.access import Actor
from portal.platform.web.api_pages import PageRequest

SchemaClass = type[Schema]
OperationView = Callable[..., Any]


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
    page: PageRequest = field(default_factory=PageRequest)
    location: str = ""
    is_dry_run: bool = False

    def values(self, *names: str) -> dict[str, Any]:
        """The sent values of these fields, or of all."""
        return {name: value for name, value in self.body.items() if not names or name in names}


@dataclass(frozen=True)
class Deprecation:
    """Since when something is not to be used any more, and from when on it is not there."""

    since: date
    sunset_on: date


@dataclass(frozen=True, kw_only=True)
class ApiOperation:
    """One operation: its address, what it takes and what it answers.

    `answer` None: 204. `is_list`: pages of `answer`. `is_versioned`: needs `If-Match`. `is_public`:
    needs no token. `is_personal`: about the person rather than a programme, or the word of a second
    person; a token of one programme does not allow it, and so no machine does. `asks_again`: its page
    asks for the second factor again, which no token can answer. `is_stream`: the view yields batches
    of rows, written one JSON object a line. `takes_file`: the body is a form with a part `file`.
    `is_content`: the view answers the bytes of a file.
    `is_anonymous`: what was sent is not kept beside who sent it, nor the answer to a key. `command` is
    the one that a declared write calls. `read_by`: ids of the reads whose ETags `If-Match`
    takes, where no read above answers alike. `deprecation`: it goes. `earlier`: what it was, by the last
    version of the API in which it was so, the oldest first.
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
    is_anonymous: bool = False
    command: Callable[..., Any] | None = None
    read_by: tuple[str, ...] = ()
    deprecation: Deprecation | None = None
    earlier: tuple[tuple[str, "ApiOperation"], ...] = ()

    @property
    def endpoint(self) -> str:
        return f"api.{self.id}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def accepts_idempotency_key(self) -> bool:
        """Whether `Idempotency-Key` counts: not for files, of which the same content is refused."""
        return self.writes and not (self.takes_file or self.is_public or self.is_anonymous)

    @property
    def refuses_idempotency_key(self) -> bool:
        """Whether a key is refused; without one, a public write does the same however often it is sent."""
        return self.takes_file or self.is_anonymous

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
        return self._register_operation("GET", path, answer, **options)

    def list(
        self, path: str, answer: SchemaClass, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Read a list by pages: the view returns an `ApiPage`."""
        return self._register_operation("GET", path, answer, is_list=True, **options)

    def create(
        self, path: str, answer: SchemaClass, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Create something: 201, with the schema of the answer for the body unless `body` is another."""
        return self._register_operation("POST", path, answer, **{"body": answer, "status": 201} | options)

    def change(
        self, path: str, answer: SchemaClass, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Replace what a row holds; needs `If-Match`."""
        return self._register_operation(
            "PUT", path, answer, **{"body": answer, "is_versioned": True} | options
        )

    def act(
        self, path: str, answer: SchemaClass | None, **options: Any
    ) -> Callable[[OperationView], OperationView]:
        """Do something with a row, such as close it."""
        return self._register_operation("POST", path, answer, **options)

    def delete(self, path: str, **options: Any) -> Callable[[OperationView], OperationView]:
        """Delete a row."""
        return self._register_operation("DELETE", path, None, **{"status": 204} | options)

    def earlier(self, id_: str, until: str, **options: Any) -> Callable[[OperationView], OperationView]:
        """What an operation of this area was up to a version, by the version's name: another view, and
        the `answer`, `body` or `query` that it had."""

        def register(view: OperationView) -> OperationView:
            place, present = next(
                (place, each) for place, each in enumerate(self.operations) if each.id == id_
            )
            former = replace(present, view=view, earlier=(), **options)
            by_version = sorted([*present.earlier, (until, former)], key=lambda pair: pair[0])
            self.operations[place] = replace(present, earlier=tuple(by_version))
            return view

        return register

    def _register_operation(
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
