"""The portfolio: all teams of a programme, the most urgent first; and its saved views."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.oversight.portfolio import commands, policy
from portal.oversight.portfolio.forms import SavePortfolioViewForm
from portal.oversight.portfolio.list_views import show_portfolio
from portal.oversight.portfolio.page_views import read_page
from portal.oversight.portfolio.saved_view_queries import get_deletable_view
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.writes import write, write_page

bp = Blueprint("portfolio", __name__)


@bp.get("/portfolio")
def index() -> Response:
    return show_portfolio(get_actor())


@bp.route("/portfolio/views/new", methods=["GET", "POST"])
def save_view() -> Response:
    """Save the filters and the order of the portfolio page that the reader came from."""
    actor = get_actor()
    typed = request.form.get("query") if request.method == "POST" else None
    parameters = dict(parse_qsl(typed)) if typed is not None else request.args
    page = read_page(actor, parameters, reader_time_zone())
    query = urlencode(page.in_url(1))
    form = make_form(SavePortfolioViewForm, query=query)
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
    view = get_deletable_view(actor, view_id)
    to = url_for("portfolio.index")
    return write(
        Form(),
        lambda _values: commands.drop_view(actor, view),
        message=_("Vue supprimée."),
        to=to,
        page=lambda _status: redirect_to_path(to),
    )
