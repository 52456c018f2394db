"""Operations on numbered rows of a project, declared: reads, and writes by the commands of pages.

    risks = NumberedApi(area, "risks", ("risk", "risks"), Risk, RiskSchema)
    risks.creates("note_risk", "Note a risk.", commands.note_risk, RiskBodySchema)
    risks.acts("close", "close_risk", "Close a risk.", commands.close_risk, CloseRiskSchema)

An operation answers with the row; its command decides who may, and gets the body by the names of
its parameters (`bound_api`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.people.programmes.models import SLUG_MAX
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import Actor
from portal.platform.web.api_fields import ApiSchema, id_, line
from portal.platform.web.api_operations import ApiArea, ApiCall, OperationView, SchemaClass
from portal.platform.web.api_pages import ApiPage
from portal.project.projects.bound_api import Names, call_command, is_versioned
from portal.project.projects.history_api import RevisionSchema, read_revision_page
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import (
    Visible,
    get_by_number,
    iterate_row_batches_in_programme,
    list_rows_after,
)
from portal.project.projects.queries import get_project


class ResumeStreamQuerySchema(ApiSchema):
    """Where an earlier reading stopped."""

    after = id_("The id of the last row that was read.")


class _ProjectNamedSchema(ApiSchema):
    """The project of a row that stands among those of others."""

    project = line(SLUG_MAX, "The slug of its project.", dump_only=True, attribute="project_slug")
    project_id = id_("The id of its project.", dump_only=True)


def build_programme_line_schema(schema: SchemaClass) -> SchemaClass:
    """What a line of a programme says: a row as `schema` shows it, and its project."""
    name = schema.__name__.removesuffix("Schema")
    parts = (schema, _ProjectNamedSchema)
    return type(f"{name}OfProjectSchema", parts, {"__doc__": f"{schema.__doc__} With its project."})


Command = Callable[..., Any]
Find = Callable[[Actor, Project, int], Any]
Narrow = Callable[[Project, Mapping[str, Any]], Sequence[Any]]
FindIds = Callable[[Any], Sequence[UUID]]
Open = Callable[[Actor, str], Project]
NO_NAMES: Names = {}


@dataclass(frozen=True)
class NumberedApi:
    """Rows of a model below `/projects/<slug>/<path>`; `names` are its words, singular and plural.

    `find` is the query of the page of a row, where it reads more than the row; `show` reads what
    an operation answers, where that is more than the row; `open_project` finds the project, and
    `visible` says which rows, where others than its readers see some. `filters` are the parameters of
    the list, which `narrow` makes conditions of.
    """

    area: ApiArea
    path: str
    names: tuple[str, str]
    model: type[Any]
    schema: SchemaClass
    find: Find | None = None
    show: Find | None = None
    open_project: Open = get_project
    visible: Visible | None = None
    filters: SchemaClass | None = None
    narrow: Narrow | None = None

    @property
    def list_path(self) -> str:
        return f"/projects/<slug>/{self.path}"

    @property
    def row_path(self) -> str:
        return f"{self.list_path}/<int(max=9999):number>"

    def read(self, actor: Actor, project: Project, number: int) -> Any:
        """What the page of a row reads. Raises `NotFound`."""
        if self.find is not None:
            return self.find(actor, project, number)
        return get_by_number(actor, self.model, project, number, self.visible)

    def reads(self) -> "NumberedApi":
        """Add the reads of rows that every reader of a project sees."""
        return self.lists().streams().gets()

    def lists(self) -> "NumberedApi":
        """Add `list_<plural>` alone."""
        plural = self.names[1]

        def list_rows(call: ApiCall, slug: str) -> ApiPage:
            project = self.open_project(call.actor, slug)
            first, limit = call.page.cursor_number, call.page.limit
            conditions = self.narrow(project, call.query) if self.narrow else ()
            rows = list_rows_after(
                call.actor, self.model, project, first, limit, *conditions, visible=self.visible
            )
            return call.page.cut_numbered(rows)

        summary = f"List the {plural.replace('_', ' ')} of a project, by number."
        self.area.list(self.list_path, self.schema, query=self.filters)(
            _name_view(list_rows, f"list_{plural}", summary)
        )
        return self

    def streams(self) -> "NumberedApi":
        """Add `stream_<plural>`: the rows of all projects of a programme that one reads."""
        plural = self.names[1]

        def stream_rows(call: ApiCall, programme: str) -> Iterator[Any]:
            opened = get_programme(call.actor, programme)
            after = call.query.get("after")
            return iterate_row_batches_in_programme(call.actor, self.model, opened.id, after, self.visible)

        summary = f"Read the {plural.replace('_', ' ')} of all projects of a programme, one a line."
        path, answer = f"/programmes/<programme>/{self.path}", build_programme_line_schema(self.schema)
        self.area.get(path, answer, is_stream=True, query=ResumeStreamQuerySchema)(
            _name_view(stream_rows, f"stream_{plural}", summary)
        )
        return self

    def gets(self) -> "NumberedApi":
        """Add `get_<singular>` alone."""
        singular, plural = self.names

        def get_row(call: ApiCall, slug: str, number: int) -> Any:
            return self._read_answer(call, self.open_project(call.actor, slug), number)

        summary = f"Read one of the {plural.replace('_', ' ')} of a project."
        self.area.get(self.row_path, self.schema)(_name_view(get_row, f"get_{singular}", summary))
        return self

    def histories(self, actions: Collection[str], find_ids: FindIds | None = None) -> "NumberedApi":
        """Add `list_<singular>_history`: the acts on a row, and on those of `find_ids`, the latest first."""
        singular, plural = self.names

        def list_history(call: ApiCall, slug: str, number: int) -> ApiPage:
            row = self._extract_row(self.read(call.actor, self.open_project(call.actor, slug), number))
            return read_revision_page(call, find_ids(row) if find_ids else [row.id], actions)

        summary = f"List who changed what in one of the {plural.replace('_', ' ')}, the latest first."
        view = _name_view(list_history, f"list_{singular}_history", summary)
        self.area.list(f"{self.row_path}/history", RevisionSchema)(view)
        return self

    def creates(
        self,
        id_: str,
        summary: str,
        command: Command,
        body: SchemaClass,
        *,
        under: "NumberedApi | None" = None,
        names: Names = NO_NAMES,
    ) -> None:
        """Create a row, below a row of another kind where `under` says so: 201 with its address."""

        def create(call: ApiCall, slug: str, number: int = 0) -> Any:
            project = self.open_project(call.actor, slug)
            parent = under.read(call.actor, project, number) if under else None
            row = call_command(command, call, project, parent, names)
            call.location = f"/projects/{slug}/{self.path}/{row.number}"
            return self._read_answer(call, project, row.number) if self.show else row

        path = f"{under.row_path}/{self.path}" if under else self.list_path
        self.area.create(path, self.schema, body=body, command=command)(_name_view(create, id_, summary))

    def changes(
        self,
        id_: str,
        summary: str,
        command: Command,
        body: SchemaClass,
        *,
        names: Names = NO_NAMES,
    ) -> None:
        """Replace what a row says; needs `If-Match`."""
        self.area.change(self.row_path, self.schema, body=body, command=command)(
            self._build_act_view(id_, summary, command, names)
        )

    def acts(
        self,
        verb: str,
        id_: str,
        summary: str,
        command: Command,
        body: SchemaClass | None = None,
        *,
        names: Names = NO_NAMES,
        **marks: bool,
    ) -> None:
        """Do something with a row, such as close it; `marks` are flags of `ApiOperation`."""
        self.area.act(
            f"{self.row_path}/{verb}",
            self.schema,
            body=body,
            is_versioned=is_versioned(command, names),
            **marks,
            command=command,
        )(self._build_act_view(id_, summary, command, names))

    def deletes(self, id_: str, summary: str, command: Command) -> None:
        """Delete a row."""

        def delete(call: ApiCall, slug: str, number: int) -> None:
            project = self.open_project(call.actor, slug)
            call_command(command, call, project, self.read(call.actor, project, number), NO_NAMES)

        versioned = is_versioned(command, NO_NAMES)
        self.area.delete(self.row_path, is_versioned=versioned, command=command)(
            _name_view(delete, id_, summary)
        )

    def _build_act_view(self, id_: str, summary: str, command: Command, names: Names) -> OperationView:
        def act(call: ApiCall, slug: str, number: int) -> Any:
            project = self.open_project(call.actor, slug)
            target = self.read(call.actor, project, number)
            call_command(command, call, project, target, names)
            return self._read_answer(call, project, number, target)

        return _name_view(act, id_, summary)

    def _read_answer(self, call: ApiCall, project: Project, number: int, target: Any = None) -> Any:
        if self.show is not None:
            return self.show(call.actor, project, number)
        return self._extract_row(self.read(call.actor, project, number) if target is None else target)

    def _extract_row(self, target: Any) -> Any:
        """The row of the model in what a query read: itself, or a part of it."""
        if isinstance(target, self.model):
            return target
        parts = target if isinstance(target, tuple) else vars(target).values()
        return next(part for part in parts if isinstance(part, self.model))


def _name_view(view: Any, id_: str, summary: str) -> OperationView:
    view.__name__, view.__doc__ = id_, summary
    named: OperationView = view
    return named
