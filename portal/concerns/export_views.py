"""What the page shows, as a file. Asked by POST, because the trail says who took it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request, url_for

from portal.concerns import commands, report, words
from portal.concerns.commands import WHAT
from portal.concerns.forms import ExportForm
from portal.concerns.sight import Sight, look
from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.packs.export_views import File, plain_filters, send
from portal.portfolio.views import time_zone
from portal.web.actor import the_actor
from portal.web.formpage import FormPage, fresh
from portal.web.forms import submit
from portal.web.render import render

bp = Blueprint("concern_exports", __name__, url_prefix="/portfolio/concerns/export")


@bp.route("", methods=["GET", "POST"])
def take() -> Response:
    """The teams of the page from which one came, all its pages."""
    actor = the_actor()
    typed = request.form.get("query") if request.method == "POST" else None
    given = dict(parse_qsl(typed)) if typed is not None else request.args
    sight = look(actor, given, time_zone())
    query = urlencode(sight.in_url(1))
    form = fresh(ExportForm, kind="xlsx", query=query)
    page = FormPage(
        title=_("Exporter les constats et l’éthique"),
        lead=sight.programme.name,
        trail=[
            (_("Portefeuille"), url_for("portfolio.index", programme=sight.programme.slug)),
            (_("Constats et éthique"), f"{url_for('concerns.index')}?{query}"),
        ],
        step=_("Exporter"),
        yes=_("Télécharger"),
        advice=(
            _("Les équipes et les colonnes que la page vous montre, avec ses filtres."),
            _("Le journal dit qui a pris quoi, et quand."),
        ),
    )

    def again(status: int = 200) -> Response:
        return render("formpage.html", fragment="form", status=status, page=page, form=form)

    if request.method in SAFE_METHODS:
        return again()

    def act(values: dict[str, Any]) -> Response:
        commands.take_out(actor, sight.programme, values["kind"], sight.filters.narrowing)
        return send(_file(sight), values["kind"])

    return submit(form, act, lambda sent: sent, again)


def _file(sight: Sight) -> File:
    now, programme = clock.now(), sight.programme
    return File(
        name=f"{programme.slug}-{WHAT}-{clock.day_of(now).isoformat()}",
        title=words.heading(programme),
        sheet=WHAT,
        columns=report.COLUMNS,
        facts={
            "programme": programme.slug,
            "as_of": now.isoformat(),
            "what": WHAT,
            "filters": plain_filters(sight.filters.in_url(1)),
        },
        rows=report.rows(sight.overview.lines),
    )
