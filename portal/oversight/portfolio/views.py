"""The portfolio: all teams of a programme, the most urgent first; and its saved views."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.coaching.group_sessions import policy as group_sessions
from portal.oversight.decisions import policy as decisions
from portal.oversight.health.navigation_views import url_of as signal_url
from portal.oversight.portfolio import commands, labels, policy
from portal.oversight.portfolio.forms import ViewForm
from portal.oversight.portfolio.page_views import read_news, read_page
from portal.oversight.portfolio.saved_view_queries import get_saved_view
from portal.people.programmes import policy as programmes
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import write, write_page
from portal.project.projects.to_decide_queries import count_waiting

bp = Blueprint("portfolio", __name__)


@bp.get("/portfolio")
def index() -> Response:
    actor, zone = get_actor(), reader_time_zone()
    page = read_page(actor, request.args, zone)
    news = read_news(actor, page)
    teams = len(page.portfolio.all.ids)
    return render(
        "oversight/portfolio/index.html",
        fragment="portfolio",
        page=page,
        heading=labels.heading(page.programme, teams, page.filters.on or clock.today(zone)),
        read_at=clock.now(),
        today={**page.in_url(1), "on": None},
        yesterday=clock.today(zone) - timedelta(days=1),
        unread=news.unread,
        mentions=news.mentions,
        views=news.views,
        has_desk=policy.can_share_view(actor, page.programme),
        to_decide=_count_to_decide(actor, page.programme.id),
        can_meet=group_sessions.can_organise(actor, page.programme),
        can_read_reports=programmes.can_read_reports(actor, page.programme),
        labels=labels,
        signal_url=signal_url,
    )


def _count_to_decide(actor: Actor, programme_id: UUID) -> int | None:
    """How much waits for the actor in a programme; None for whoever decides nothing."""
    if not decisions.decides_anything(actor):
        return None
    return count_waiting(actor).by_programme.get(programme_id, 0)


@bp.route("/portfolio/views/new", methods=["GET", "POST"])
def keep_view() -> Response:
    """Save the filters and the order of the portfolio page that the reader came from."""
    actor = get_actor()
    typed = request.form.get("query") if request.method == "POST" else None
    parameters = dict(parse_qsl(typed)) if typed is not None else request.args
    page = read_page(actor, parameters, reader_time_zone())
    query = urlencode(page.in_url(1))
    form = make_form(ViewForm, query=query)
    if not policy.can_share_view(actor, page.programme):
        del form.shared
    form_page = FormPage(
        title=_("Garder cette vue"),
        lead=page.programme.name,
        trail=[(_("Portefeuille"), f"{url_for('portfolio.index')}?{query}")],
        step=_("Garder cette vue"),
        yes=_("Garder"),
    )

    return write_page(
        form_page,
        form,
        lambda values: commands.save_view(
            actor, page.programme, values["name"], query, shared=bool(values.get("shared"))
        ),
        message=_("Vue gardée : elle est au-dessus du portefeuille."),
    )


@bp.post("/portfolio/views/<uuid:view_id>/drop")
def drop_view(view_id: UUID) -> Response:
    actor = get_actor()
    view = get_saved_view(actor, view_id)
    to = url_for("portfolio.index")
    return write(
        Form(),
        lambda _values: commands.drop_view(actor, view),
        message=_("Vue supprimée."),
        to=to,
        page=lambda _status: redirect_to_path(to),
    )
