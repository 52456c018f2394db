"""The agreements of all programmes that a person handles."""

from flask import Blueprint, Response, request, url_for

from portal.funding.agreements import labels, policy, queries
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import clean_text
from portal.platform.web.actor import get_actor
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render

bp = Blueprint("agreement_list", __name__)
QUERY_MAX = 100


@bp.get("/agreements")
def index() -> Response:
    """List agreements; `q` finds those whose number, reference or organisation contains it."""
    actor = get_actor()
    if not policy.handles_any(actor):
        raise NotFound
    q = clean_text(request.args.get("q", ""))[:QUERY_MAX]

    def page_url(number: int) -> str:
        return url_for(".index", q=q or None, page=number)

    return render(
        "funding/agreements/index.html",
        agreements=queries.list_agreements(actor, q, requested_page_number()),
        q=q,
        programmes=queries.list_handled_programmes(actor),
        page_url=page_url,
        labels=labels,
    )
