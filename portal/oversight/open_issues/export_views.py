"""What the page shows, as a file. Asked by POST, because the trail says who took it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request, url_for

from portal.oversight.committee_packs.export_views import ExportFile, plain_filters, send_export
from portal.oversight.open_issues import commands, exports, labels
from portal.oversight.open_issues.commands import DATASET
from portal.oversight.open_issues.forms import ExportForm
from portal.oversight.open_issues.page_queries import IssuesPage, read_issues_page
from portal.oversight.portfolio.views import time_zone
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render

bp = Blueprint("concern_exports", __name__, url_prefix="/portfolio/concerns/export")


@bp.route("", methods=["GET", "POST"])
def take() -> Response:
    """The teams of the page from which one came, all its pages."""
    actor = get_actor()
    typed = request.form.get("query") if request.method == "POST" else None
    query_args = dict(parse_qsl(typed)) if typed is not None else request.args
    sight = read_issues_page(actor, query_args, time_zone())
    query = urlencode(sight.in_url(1))
    form = make_form(ExportForm, kind="xlsx", query=query)
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
        return render(
            "platform/web/form_page.html", fragment="form", status=status, page=page, form=form
        )

    if request.method in SAFE_METHODS:
        return again()

    def act(values: dict[str, Any]) -> Response:
        commands.record_export(actor, sight.programme, values["kind"], sight.filters.narrowing)
        return send_export(_build_file(sight), values["kind"])

    return submit(form, act, lambda sent: sent, again)


def _build_file(sight: IssuesPage) -> ExportFile:
    now, programme = clock.now(), sight.programme
    return ExportFile(
        name=f"{programme.slug}-{DATASET}-{clock.day_of(now).isoformat()}",
        title=labels.heading(programme),
        sheet=DATASET,
        columns=exports.COLUMNS,
        facts={
            "programme": programme.slug,
            "as_of": now.isoformat(),
            "what": DATASET,
            "filters": plain_filters(sight.filters.in_url(1)),
        },
        rows=exports.export_rows(sight.overview.lines),
    )
