"""All the teams of a programme, those that need attention first; the views people keep of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.coaching.group_sessions import policy as gatherings
from portal.oversight.portfolio import commands, labels, policy
from portal.oversight.portfolio.forms import ViewForm
from portal.oversight.portfolio.page_queries import read_news, read_page
from portal.oversight.portfolio.saved_view_queries import get_saved_view
from portal.people.programmes import policy as programmes
from portal.platform.kernel import clock
from portal.platform.kernel.clock import DEFAULT_ZONE
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import find_reader, get_actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render

bp = Blueprint("portfolio", __name__)


def time_zone() -> str:
    """Where the reader's days begin."""
    reader = find_reader()
    return reader.time_zone if reader else DEFAULT_ZONE


@bp.get("/portfolio")
def index() -> Response:
    actor, zone = get_actor(), time_zone()
    sight = read_page(actor, request.args, zone)
    news = read_news(actor, sight)
    teams = len(sight.portfolio.all.ids)
    return render(
        "oversight/portfolio/index.html",
        fragment="portfolio",
        sight=sight,
        heading=labels.heading(sight.programme, teams, sight.filters.on or clock.today(zone)),
        seen_at=clock.now(),
        today={**sight.in_url(1), "on": None},
        yesterday=clock.today(zone) - timedelta(days=1),
        unread=news.unread,
        mentions=news.mentions,
        views=news.views,
        has_desk=policy.can_share_view(actor, sight.programme),
        can_meet=gatherings.can_organise(actor, sight.programme),
        can_read_reports=programmes.can_read_reports(actor, sight.programme),
        words=labels,
    )


@bp.route("/portfolio/views/new", methods=["GET", "POST"])
def keep_view() -> Response:
    """Keep the filters and the order of the page from which one came."""
    actor = get_actor()
    typed = request.form.get("query") if request.method == "POST" else None
    parameters = dict(parse_qsl(typed)) if typed is not None else request.args
    sight = read_page(actor, parameters, time_zone())
    query = urlencode(sight.in_url(1))
    form = make_form(ViewForm, query=query)
    if not policy.can_share_view(actor, sight.programme):
        del form.shared
    form_page = FormPage(
        title=_("Garder cette vue"),
        lead=sight.programme.name,
        trail=[(_("Portefeuille"), f"{url_for('portfolio.index')}?{query}")],
        step=_("Garder cette vue"),
        yes=_("Garder"),
    )

    def act(values: dict[str, Any]) -> object:
        shared = bool(values.get("shared"))
        return commands.save_view(actor, sight.programme, values["name"], query, shared=shared)

    return answer_form(form_page, form, act, _("Vue gardée : elle est au-dessus du portefeuille."))


@bp.post("/portfolio/views/<uuid:view_id>/drop")
def drop_view(view_id: UUID) -> Response:
    actor = get_actor()
    view = get_saved_view(actor, view_id)
    form = Form()

    def act(_values: dict[str, Any]) -> None:
        commands.drop_view(actor, view)

    def on_success(_result: object) -> Response:
        flash(_("Vue supprimée."))
        return redirect_to_path(url_for("portfolio.index"))

    return submit(
        form, act, on_success, lambda _status: redirect_to_path(url_for("portfolio.index"))
    )
