"""What waits for a decision of the reader, as its page lists it. Each is decided by its own operation."""

from collections.abc import Sequence
from typing import Any

from portal.oversight.to_decide.page_views import require_decider
from portal.oversight.to_decide.schemas import WaitingLineSchema, WaitingQuerySchema
from portal.oversight.to_decide.selection_rules import filter_by_programme, filter_by_turn_holder, sort_lines
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.web.api_fields import describe_choices
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage
from portal.platform.web.api_problems import ApiRefusal
from portal.project.projects.to_decide_queries import (
    WaitingKind,
    list_waiting_kinds,
    map_waiting_lines_by_kind,
)
from portal.project.projects.to_decide_rules import WaitingLine

area = ApiArea("personal")
Waiting = tuple[WaitingKind, WaitingLine]


@area.list("/to-decide", WaitingLineSchema, query=WaitingQuerySchema)
def list_to_decide(call: ApiCall) -> ApiPage:
    """List what waits for one's decision in any team or call: one's own, then nobody's, then what others
    have; of each what waits longest first."""
    require_decider(call.actor)
    programme, kind = _find_requested_programme(call), call.query["kind"]
    kinds = {each.code: each for each in list_waiting_kinds()}
    if kind and kind not in kinds:
        raise ApiRefusal(422, errors=[("?kind", str(describe_choices(kinds)))])
    waiting = filter_by_programme(map_waiting_lines_by_kind(call.actor), programme.id if programme else None)
    waiting = filter_by_turn_holder(waiting, call.query["show"])
    lines = [(kinds[code], line) for code, line in sort_lines(waiting) if kind in {"", code}]
    page = call.page.cut_whole_list(lines, lambda each: (each[0].code, each[1].id, each[1].path))
    return ApiPage(_list_line_values(page.rows), page.next_after)


def _find_requested_programme(call: ApiCall) -> Programme | None:
    """The programme to which the list is narrowed, if any. Raises `NotFound`."""
    slug = call.query["programme"]
    return get_programme(call.actor, slug) if slug else None


def _list_line_values(page: Sequence[Waiting]) -> list[dict[str, Any]]:
    """The values of a page's lines, whose details are read together by kind."""
    details: dict[int, str] = {}
    for kind in {each.code: each for each, _line in page}.values():
        own = [line for other, line in page if other.code == kind.code]
        texts = kind.describe(own) if kind.describe else [line.detail for line in own]
        details |= dict(zip(map(id, own), texts, strict=True))
    names = ("id", "number", "title", "since", "due_on", "days_late", "owner", "whom", "is_own", "is_ready")
    return [
        {name: getattr(line, name) for name in names}
        | {"kind": kind.code, "project_id": line.project.id, "project": line.project.slug}
        | {"detail": details[id(line)], "page": line.path}
        for kind, line in page
    ]
