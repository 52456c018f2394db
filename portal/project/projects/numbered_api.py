"""The two reads that every kind of numbered row of a project has: the list, and one by its number."""

from portal.platform.web.api_operations import ApiArea, ApiCall, ApiPage, SchemaClass
from portal.project.projects.models import Numbered
from portal.project.projects.numbered_queries import get_by_number, list_after
from portal.project.projects.queries import get_project


def add_numbered_reads(
    area: ApiArea, path: str, names: tuple[str, str], model: type[Numbered], schema: SchemaClass
) -> None:
    """Add `list_<plural>` and `get_<singular>` below `/projects/<slug>/<path>`; `names` are both words.

    The rows are those that every reader of a project sees.
    """
    singular, plural = names

    def list_rows(call: ApiCall, slug: str) -> ApiPage:
        project = get_project(call.actor, slug)
        return call.page.cut_numbered(
            list_after(call.actor, model, project, call.page.first, call.page.limit)
        )

    def get_row(call: ApiCall, slug: str, number: int) -> Numbered:
        return get_by_number(call.actor, model, get_project(call.actor, slug), number)

    list_rows.__name__, get_row.__name__ = f"list_{plural}", f"get_{singular}"
    list_rows.__doc__ = f"List the {plural.replace('_', ' ')} of a project, by number."
    get_row.__doc__ = f"Read one of the {plural.replace('_', ' ')} of a project."
    area.list(f"/projects/<slug>/{path}", schema)(list_rows)
    area.get(f"/projects/<slug>/{path}/<int(max=9999):number>", schema)(get_row)
