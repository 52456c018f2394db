"""The page of what is to decide, as a reader asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request, url_for

from portal.oversight.decisions import labels as decision_labels
from portal.oversight.decisions import policy
from portal.oversight.to_decide import labels
from portal.oversight.to_decide.content_views import (
    CLOSED_TAB,
    PageSelection,
    ShownWaitingPage,
    ToDecideContent,
    read_content,
)
from portal.oversight.to_decide.selection_rules import TurnHolder
from portal.people.programmes.models import Programme
from portal.people.programmes.start_labels import ProgrammeStartStep, list_own_start_steps
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render, wants_fragment
from portal.platform.web.writes import RETURN_FIELD

LIST_ANCHOR = "to-decide"


@dataclass(frozen=True)
class RefusedAct:
    """An act that was refused: its line and its form with what was typed."""

    kind: str
    line_id: UUID
    act: str
    form: Form


def require_decider(actor: Actor) -> None:
    """Raise `NotFound` to whoever decides nothing anywhere."""
    if not policy.has_deciding_role(actor):
        raise NotFound


def show_to_decide(actor: Actor, status: int = 200, refused: RefusedAct | None = None) -> Response:
    """The page, or its list alone for htmx; `refused` is displayed again with its sentence, on the page
    of its line."""
    require_decider(actor)
    selection = PageSelection(
        request.args.get("show", TurnHolder.ALL.value),
        request.args.get("programme", ""),
        request.args.get("kind", ""),
        requested_page_number(),
        (refused.kind, refused.line_id) if refused else None,
    )
    content = read_content(actor, selection)
    is_closed_tab = content.closed is not None
    starts = _list_starts(actor, content.programme)
    if refused is not None:
        _make_form_ids_unique(refused)
    slug, page = content.programme or None, content.page
    query = {"show": selection.tab, "programme": slug or "", "kind": page.kind, "page": page.number}
    return render(
        "oversight/to_decide/index.html",
        fragment="list",
        status=status,
        heading=labels.heading(content.counts[TurnHolder.ALL], content.late, len(starts)),
        starts=[(programme.slug, *labels.describe_start(programme, steps)) for programme, steps in starts],
        lead="" if is_closed_tab else labels.introduce(has_order=selection.tab == TurnHolder.ALL),
        foot=""
        if is_closed_tab
        else labels.describe_what_follows(has_decisions=content.has_decisions, has_late=content.late > 0),
        content=content,
        tabs=_build_tabs(content, selection.tab),
        decision_labels=decision_labels,
        refused=refused,
        is_stray=refused is not None and not _is_refused_act_on_page(page, refused),
        is_fragment=wants_fragment(),
        page_url=partial(_build_page_url, selection.tab, slug, page.kind),
        kind_url=lambda code: _build_page_url(selection.tab, slug, code, 1),
        programme_url=lambda code: _build_page_url(selection.tab, code, None, 1),
        tab=selection.tab,
        acts_path=url_for("to_decide.index"),
        acts_query=f"?{urlencode(query)}",
        above=_find_line_above(page),
        link_of=partial(_add_way_back, back=f"{url_for('to_decide.index')}?{urlencode(query)}"),
    )


def _list_starts(actor: Actor, slug: str) -> Sequence[tuple[Programme, Sequence[ProgrammeStartStep]]]:
    """The programmes with first steps that wait for the reader, or the chosen one of them."""
    key = "own start steps", actor.person_id, frozenset(actor.roles.items())
    starts = cache_until_change(actor, key, lambda: list_own_start_steps(actor))
    return [(programme, steps) for programme, steps in starts if slug in ("", programme.slug)]


def _build_tabs(content: ToDecideContent, tab: str) -> Sequence[tuple[str, str, bool]]:
    """Label with its count, path, and whether it is the current one."""
    slug = content.programme or None
    counts = [(holding.value, label, content.counts[holding]) for holding, label in labels.HOLDINGS.items()]
    if content.counts[TurnHolder.IN_HAND] or tab == TurnHolder.IN_HAND:
        counts.append((TurnHolder.IN_HAND.value, labels.IN_HAND_TAB, content.counts[TurnHolder.IN_HAND]))
    if content.has_decisions or content.closed_count or tab == CLOSED_TAB:
        counts.append((CLOSED_TAB, labels.CLOSED_TAB, content.closed_count))
    return [
        (f"{label} {count}", url_for("to_decide.index", show=name, programme=slug), tab == name)
        for name, label, count in counts
    ]


def requested_line_above() -> str:
    """The anchor of the line above that on which an act was done; "" for the first, and without an act."""
    return request.args.get("below", "")


def _find_line_above(page: ShownWaitingPage) -> str:
    """The same where that line is on the page: the one of the act may have gone, or moved."""
    above = requested_line_above()
    return above if any(each.anchor == above for each in page.lines) else ""


def _add_way_back(path: str, above: str, back: str) -> str:
    """The path of a page where a line is settled, which leads back to the line `above` it, or to the list,
    once that is done."""
    page, hash_, anchor = path.partition("#")
    way_back = urlencode({RETURN_FIELD: f"{back}#{above or LIST_ANCHOR}"})
    return f"{page}{'&' if '?' in page else '?'}{way_back}{hash_}{anchor}"


def _build_page_url(tab: str, slug: str | None, code: str | None, page: int) -> str:
    """The path of a page of what waits, of one kind or of all, or of what was decided."""
    number = page if page > 1 else None
    return url_for("to_decide.index", show=tab, programme=slug, kind=code or None, page=number)


def _is_refused_act_on_page(page: ShownWaitingPage, refused: RefusedAct) -> bool:
    """Whether the line of a refused act is still on the page, and still offers it."""
    return any(
        each.code == refused.kind
        and each.line.id == refused.line_id
        and any(act.code == refused.act for act in each.acts)
        for each in page.lines
    )


def _make_form_ids_unique(refused: RefusedAct) -> None:
    for field in refused.form:
        field.id = f"{field.short_name}-{refused.kind}-{refused.act}-{refused.line_id.hex}"
