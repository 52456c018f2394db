"""The page where an operator begins: what waits by age, what comes, what ends."""

from flask import Blueprint, Response

from portal.funding.agreements import labels as agreement_labels
from portal.funding.agreements import policy
from portal.funding.change_requests import to_decide_labels as change_labels
from portal.funding.instalments import labels, to_decide_labels
from portal.funding.operator_desk import queries
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import get_actor
from portal.platform.web.rendering import render

bp = Blueprint("operator_desk", __name__)


@bp.get("/funding")
def index() -> Response:
    actor = get_actor()
    if not policy.handles_any(actor):
        raise NotFound
    waiting = [*to_decide_labels.list_lines(actor), *change_labels.list_lines(actor)]
    return render(
        "funding/operator_desk/index.html",
        waiting=sorted(waiting, key=lambda line: (not line.is_own, line.since)),
        coming=queries.list_coming_soon(actor),
        ending=queries.list_ending(actor),
        today=clock.today(),
        summary=labels.summary,
        states=agreement_labels.INSTALMENT_STATES,
        money=agreement_labels.money,
    )
