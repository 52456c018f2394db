"""The ranking of a call, for its leads."""

from flask import Blueprint, Response, url_for

from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page
from portal.platform.web.rendering import render
from portal.selection.applications import labels as application_labels
from portal.selection.calls.queries import get_led_call, list_criteria
from portal.selection.calls.views import CALL_RULE
from portal.selection.ranking import charts, labels, queries

bp = Blueprint("ranking", __name__)


@bp.get(f"{CALL_RULE}/ranking")
def page(slug: str, call: int) -> Response:
    programme, row = get_led_call(actor, slug, call)
    ranking = queries.read_ranking(actor, row, requested_page())
    return render(
        "selection/ranking/page.html",
        programme=programme,
        call=row,
        ranking=ranking,
        lines=tuple((line, charts.draw_bar(line, ranking.ranked)) for line in ranking.lines),
        place_line=charts.place_line(row.places, ranking),
        severity=queries.list_severity(actor, row),
        criteria=list_criteria(row),
        page_url=lambda number: url_for(".page", slug=slug, call=call, page=number),
        labels=labels,
        application_labels=application_labels,
    )
