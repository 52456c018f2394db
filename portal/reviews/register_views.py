"""The register of a programme's ethics reviews."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.kernel.access import require
from portal.kernel.text import gettext as _
from portal.programmes.queries import get_programme
from portal.reviews import policy, words
from portal.reviews.listing import Filters, list_kinds, read_register
from portal.reviews.models import State
from portal.web.actor import current_actor as actor
from portal.web.formpage import asked_page
from portal.web.render import render

bp = Blueprint("review_register", __name__, url_prefix="/programmes/<slug>/reviews")
NOBODY, FLAGGED, DISCARDED = "nobody", "flagged", "discarded"


@bp.get("")
def index(slug: str) -> Response:
    programme = get_programme(actor, slug)
    sentence = _("Le registre est lu par la direction, les relecteurs et les observateurs.")
    require(policy.can_read_register(actor, programme), sentence)
    kinds = [(one.key, str(one.definition.title)) for one in list_kinds(actor, programme)]
    is_told = policy.is_told_who(actor, programme)
    filters = _read(dict(kinds), words.register_states(is_told=is_told))
    narrowed = {name: value for name, value in request.args.items() if name != "page" and value}

    def page_url(number: int) -> str:
        given: dict[str, Any] = narrowed
        return url_for(".index", slug=slug, page=number, **given)

    return render(
        "reviews/register.html",
        fragment="list",
        programme=programme,
        found=read_register(actor, programme, filters, asked_page()),
        page_url=page_url,
        kinds=kinds,
        filters=filters,
        chosen=_chosen(filters),
        is_narrowed=filters != Filters(),
        states=words.register_states(is_told=is_told),
        is_told=is_told,
        words=words,
    )


def _read(kinds: Mapping[str, str], states: Collection[str]) -> Filters:
    """A link that has aged still shows a page: what makes no sense narrows nothing."""
    asked, kind = request.args.get("state", ""), request.args.get("kind", "")
    asked = asked if asked in states else ""
    state = State(asked) if asked in set(State) else None
    return Filters(
        state=state,
        kind=kind if kind in kinds else "",
        flagged=asked == FLAGGED,
        nobody=asked == NOBODY,
        discarded=asked == DISCARDED,
    )


def _chosen(filters: Filters) -> str:
    if filters.state is not None:
        return filters.state.value
    if filters.discarded:
        return DISCARDED
    return FLAGGED if filters.flagged else NOBODY if filters.nobody else ""
