"""The page of a programme's register of ethics reviews."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.ethics.questionnaires.queries import get_definition
from portal.ethics.reviews import labels, policy
from portal.ethics.reviews.models import ReviewState
from portal.ethics.reviews.register_queries import (
    ReviewFilters,
    list_register_questionnaires,
    read_register_page,
)
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import require
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.rendering import render

bp = Blueprint("review_register", __name__, url_prefix="/programmes/<slug>/reviews")
NOBODY, FLAGGED, DISCARDED = "nobody", "flagged", "discarded"


@bp.get("")
def index(slug: str) -> Response:
    programme = get_programme(actor, slug)
    sentence = _("Le registre est lu par la direction, les relecteurs et les observateurs.")
    require(policy.can_read_register(actor, programme), sentence)
    rights = frozenset(actor.roles.items())
    kinds = cache_until_change(
        actor, ("kinds of reviews", programme.id, rights), lambda: _list_questionnaire_choices(programme)
    )
    can_see_reviewers = policy.can_see_reviewers(actor, programme)
    states = labels.list_register_filter_labels(can_see_reviewers=can_see_reviewers)
    filters = _read_filters(dict(kinds), states)
    filter_arguments = {name: value for name, value in request.args.items() if name != "page" and value}

    def page_url(number: int) -> str:
        query: dict[str, Any] = filter_arguments
        return url_for(".index", slug=slug, page=number, **query)

    number = requested_page_number()
    entries = cache_until_change(
        actor,
        ("register of reviews", programme.id, actor.person_id, rights, filters, number),
        lambda: read_register_page(actor, programme, filters, number),
    )
    return render(
        "ethics/reviews/register.html",
        fragment="list",
        programme=programme,
        entries=entries,
        page_url=page_url,
        kinds=kinds,
        filters=filters,
        selected_state=_get_selected_state_choice(filters),
        is_filtered=filters != ReviewFilters(),
        states=states,
        can_see_reviewers=can_see_reviewers,
        labels=labels,
    )


def _list_questionnaire_choices(programme: Programme) -> Sequence[tuple[str, str]]:
    """Questionnaires of its reviews: key and title in the reader's language."""
    return [
        (edition.key, str(get_definition(edition).title))
        for edition in list_register_questionnaires(actor, programme)
    ]


def _read_filters(kinds: Mapping[str, str], states: Collection[str]) -> ReviewFilters:
    """Filters from the query string; unknown values are ignored, so that old links still work."""
    requested_state, kind = request.args.get("state", ""), request.args.get("kind", "")
    requested_state = requested_state if requested_state in states else ""
    state = ReviewState(requested_state) if requested_state in set(ReviewState) else None
    return ReviewFilters(
        state=state,
        kind=kind if kind in kinds else "",
        flagged=requested_state == FLAGGED,
        nobody=requested_state == NOBODY,
        discarded=requested_state == DISCARDED,
    )


def _get_selected_state_choice(filters: ReviewFilters) -> str:
    if filters.state is not None:
        return filters.state.value
    if filters.discarded:
        return DISCARDED
    return FLAGGED if filters.flagged else NOBODY if filters.nobody else ""
