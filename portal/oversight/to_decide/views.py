"""The page of what is to decide, and the acts done in place."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.oversight.to_decide.page_views import (
    LIST_ANCHOR,
    RefusedAct,
    requested_line_above,
    require_decider,
    show_to_decide,
)
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import get_actor
from portal.platform.web.writes import write
from portal.project.projects.to_decide_views import InPlaceActs

bp = Blueprint("to_decide", __name__, url_prefix="/to-decide")


@bp.get("")
def index() -> Response:
    return show_to_decide(get_actor())


@bp.post("/<kind>/<uuid:line_id>/<act>")
def act(kind: str, line_id: UUID, act: str) -> Response:
    """Do what a line offers, then show the page again, as it was asked for, at the place of the line."""
    actor = get_actor()
    require_decider(actor)
    acts = next((each for each in list_contributions(InPlaceActs) if each.code == kind), None)
    if acts is None:
        raise NotFound
    submitted = acts.submit(actor, line_id, act)
    above = requested_line_above()
    return write(
        submitted.form,
        submitted.command,
        message=submitted.message,
        to=url_for(
            ".index",
            show=request.args.get("show"),
            programme=request.args.get("programme") or None,
            kind=request.args.get("kind") or None,
            page=request.args.get("page"),
            below=above or None,
            _anchor=above or LIST_ANCHOR,
        ),
        page=lambda status: show_to_decide(actor, status, RefusedAct(kind, line_id, act, submitted.form)),
        stored=submitted.stored,
    )
