"""The page where an operator begins: what waits by age, what comes, what ends."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response

from portal.funding.agreements import policy
from portal.funding.agreements.labels import money
from portal.funding.change_requests.to_decide_labels import CODE as CHANGES
from portal.funding.instalments.to_decide_labels import CODE as INSTALMENTS
from portal.funding.operator_desk import queries
from portal.funding.operator_desk.staffing_labels import list_short_programmes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import get_actor
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.project.projects.to_decide_queries import map_waiting_lines_by_kind
from portal.project.projects.to_decide_rules import WaitingLine

bp = Blueprint("operator_desk", __name__)


@bp.get("/funding")
def index() -> Response:
    actor = get_actor()
    if not policy.handles_any(actor):
        raise NotFound
    facts = cache_page_facts(actor, ("operator desk", actor.person_id), lambda: _read_page_context(actor))
    return render(
        "funding/operator_desk/index.html", facts=facts, short_programmes=list_short_programmes(actor)
    )


def _read_page_context(actor: Actor) -> Mapping[str, Any]:
    """What the page shows to one person."""
    return {
        "waiting": sorted(_list_waiting_lines(actor), key=lambda line: (not line.is_own, line.since)),
        "coming": queries.list_instalments_expected_soon(actor),
        "ending": queries.list_ending_agreements(actor),
        "to_prepare": queries.list_agreements_to_prepare(actor),
        "today": clock.today(),
        "money": money,
    }


def _list_waiting_lines(actor: Actor) -> Sequence[WaitingLine]:
    """What waits for the actor in the programmes that they operate; of others, what is about money."""
    operated = actor.scopes_with(policy.OPERATOR)
    return [
        line
        for code, lines in map_waiting_lines_by_kind(actor).items()
        for line in lines
        if code in {CHANGES, INSTALMENTS} or line.project.programme_id in operated
    ]
