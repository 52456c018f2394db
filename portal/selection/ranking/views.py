"""The ranking of a call, for its leads."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import get_actor
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.selection.applications import labels as application_labels
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.calls.views import CALL_RULE
from portal.selection.ranking import charts, labels, queries

bp = Blueprint("ranking", __name__)


@bp.get(f"{CALL_RULE}/ranking")
def page(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    # The worker ranks a large call without a line in the trail.
    key = "ranking", row.id, actor.person_id, row.ranked_at, row.ranking_due_at, requested_page_number()
    facts = cache_page_facts(get_actor(), key, lambda: _read_ranking_context(programme.slug, row))
    return render("selection/ranking/page.html", programme=programme, call=row, facts=facts)


def _read_ranking_context(slug: str, call: Call) -> Mapping[str, Any]:
    """What the page shows to one lead."""
    ranking = queries.read_ranking(actor, call, requested_page_number())
    return {
        "place": {"slug": slug, "call": call.number},
        "message": labels.picture_title(ranking, call.places),
        "is_due": call.ranking_due_at is not None,
        "ranking": ranking,
        "lines": [(line, charts.compute_rank_bar(line, ranking.ranked)) for line in ranking.rows],
        "place_line": charts.compute_cutoff_line_position(call.places, ranking),
        "severity": queries.list_juror_severities(actor, call),
        "page_url": lambda number: url_for(".page", slug=slug, call=call.number, page=number),
        "labels": labels,
        "application_labels": application_labels,
    }
