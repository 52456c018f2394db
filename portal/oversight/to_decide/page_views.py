"""The page of what is to decide, as a reader asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from portal.oversight.committees import policy as committees
from portal.oversight.decisions import labels as decision_labels
from portal.oversight.decisions import policy
from portal.oversight.decisions.closed_queries import ClosedDecisions, read_closed_decisions
from portal.oversight.decisions.rules import first_line
from portal.oversight.to_decide import labels
from portal.oversight.to_decide.selection_rules import (
    Holding,
    WaitingGroup,
    count_by_holding,
    filter_lines,
    group_lines,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import contributed
from portal.platform.kernel.errors import NotFound
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import requested_page
from portal.platform.web.rendering import render, wants_fragment
from portal.project.projects.to_decide_queries import WaitingKind, list_waiting
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import PlaceActs, PlaceForm

CLOSED_TAB = "done"  # the tab of what was decided


@dataclass(frozen=True)
class RefusedAct:
    """An act that was refused: its line and its form with what was typed."""

    kind: str
    line_id: UUID
    act: str
    form: Form


def require_decider(actor: Actor) -> None:
    """Raise `NotFound` to whoever decides nothing anywhere."""
    if not policy.decides_anything(actor):
        raise NotFound


def show_to_decide(actor: Actor, status: int = 200, refused: RefusedAct | None = None) -> Response:
    """The page, or its list alone for htmx; `refused` is displayed again with its sentence."""
    require_decider(actor)
    programmes = {programme.id: programme for programme in list_programmes(actor)}
    programme = _find_programme(list(programmes.values()))
    programme_id = programme.id if programme else None
    everything = filter_lines(list_waiting(actor), programme_id)
    counts = count_by_holding(everything)
    tab = request.args.get("show", Holding.ALL.value)
    holding = Holding(tab) if tab in set(Holding) else Holding.ALL
    code, page = request.args.get("kind", ""), requested_page()
    groups = [] if tab == CLOSED_TAB else group_lines(everything, holding, code, page)
    forms = _offer_forms(actor, groups, refused)
    closed = read_closed_decisions(actor, programme_id, page if tab == CLOSED_TAB else 1)
    return render(
        "oversight/to_decide/index.html",
        fragment="list",
        status=status,
        heading=labels.heading(counts[Holding.ALL], _count_late(everything)),
        programme=programme,
        programmes=programmes,
        record_programme=_find_record_programme(actor, programme, list(programmes.values())),
        tabs=_build_tabs(counts, closed, tab, programme),
        is_done=tab == CLOSED_TAB,
        closed=closed,
        decision_labels=decision_labels,
        first_line=first_line,
        groups=groups,
        titles={kind.code: kind.title for kind in contributed(WaitingKind)},
        forms=forms,
        refused=refused,
        is_stray=refused is not None and not _is_placed(forms, refused),
        is_fragment=wants_fragment(),
        pages_of={group.code: partial(_page_url, tab, programme, group.code) for group in groups},
        pages_done=partial(_page_url, tab, programme, ""),
        button_labels=labels.BUTTONS,
        labels=labels,
        here={"show": tab, "programme": programme.slug if programme else None},
    )


def _find_programme(programmes: Sequence[Programme]) -> Programme | None:
    slug = request.args.get("programme", "")
    return next((programme for programme in programmes if programme.slug == slug), None)


def _find_record_programme(
    actor: Actor, programme: Programme | None, programmes: Sequence[Programme]
) -> Programme | None:
    """The programme whose record of decisions the page links to: that of the page, or the only one
    whose committees the reader opens."""
    readable = [
        each for each in ([programme] if programme else programmes) if committees.can_read(actor, each)
    ]
    return readable[0] if readable else None


def _count_late(waiting: Mapping[str, Sequence[WaitingLine]]) -> int:
    return sum(line.days_late > 0 for lines in waiting.values() for line in lines)


def _build_tabs(
    counts: Mapping[Holding, int], closed: ClosedDecisions, tab: str, programme: Programme | None
) -> Sequence[tuple[str, str, bool]]:
    """Label with its count, path, and whether it is the current one."""
    slug = programme.slug if programme else None

    def url(name: str) -> str:
        return url_for("to_decide.index", show=name, programme=slug)

    tabs = [
        (f"{label} {counts[holding]}", url(holding.value), tab == holding.value)
        for holding, label in labels.HOLDINGS.items()
    ]
    return [*tabs, (f"{labels.CLOSED_TAB} {closed.count}", url(CLOSED_TAB), tab == CLOSED_TAB)]


def _page_url(tab: str, programme: Programme | None, code: str, page: int) -> str:
    """The path of a page of one kind, or of what was decided."""
    slug = programme.slug if programme else None
    return url_for("to_decide.index", show=tab, programme=slug, kind=code or None, page=page)


def _is_placed(forms: Mapping[str, Mapping[UUID, Sequence[PlaceForm]]], refused: RefusedAct) -> bool:
    """Whether the line of a refused act is still on the page."""
    places = forms.get(refused.kind, {}).get(refused.line_id, ())
    return any(place.form is refused.form for place in places)


def _offer_forms(
    actor: Actor, groups: Sequence[WaitingGroup], refused: RefusedAct | None
) -> Mapping[str, Mapping[UUID, Sequence[PlaceForm]]]:
    """The forms of the displayed lines by kind and line; ids are made unique on the page."""
    page_lines = {group.code: group.lines for group in groups}
    forms: dict[str, Mapping[UUID, Sequence[PlaceForm]]] = {}
    for acts in contributed(PlaceActs):
        if acts.code not in page_lines:
            continue
        offered = acts.offer(actor, page_lines[acts.code])
        forms[acts.code] = {
            line_id: [_prepare(acts.code, line_id, place, refused) for place in places]
            for line_id, places in offered.items()
        }
    return forms


def _prepare(code: str, line_id: UUID, place: PlaceForm, refused: RefusedAct | None) -> PlaceForm:
    is_refused = refused is not None and (refused.kind, refused.line_id, refused.act) == (
        code,
        line_id,
        place.act,
    )
    form: Any = refused.form if is_refused and refused is not None else place.form
    for field in form:
        field.id = f"{field.short_name}-{code}-{place.act}-{line_id.hex}"
    if not is_refused:
        return place
    return PlaceForm(
        act=place.act, label=place.label, form=form, button_field=place.button_field, summary=place.summary
    )
