"""Export the list of open issues as a file, by POST: the audit trail records each export."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request, url_for

from portal.oversight.committee_packs.commands import record_export
from portal.oversight.committee_packs.export_views import (
    ExportFile,
    answer_export_request,
    read_query_filters,
    send_export,
)
from portal.oversight.committee_packs.forms import ExportForm
from portal.oversight.open_issues import exports, labels
from portal.oversight.open_issues.page_views import IssuesPage, read_issues_page
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.form_page import FormPage, make_form

bp = Blueprint("concern_exports", __name__, url_prefix="/portfolio/concerns/export")
DATASET = "concerns"


@bp.route("", methods=["GET", "POST"])
def export_issues() -> Response:
    """The teams that the filters of the list let through, all pages of it."""
    actor = get_actor()
    typed = request.form.get("query") if request.method == "POST" else None
    query_args = dict(parse_qsl(typed)) if typed is not None else request.args
    page = read_issues_page(actor, query_args, reader_time_zone())
    query = urlencode(page.in_url(1))
    form = make_form(ExportForm, kind="xlsx", query=query)
    form_page = FormPage(
        title=_("Exporter les constats et l’éthique"),
        lead=labels.heading(page.listed_programmes),
        trail=[
            (_("Portefeuille"), url_for("portfolio.index", programme=page.programme.slug)),
            (_("Tests et éthique"), f"{url_for('concerns.index')}?{query}"),
        ],
        step=_("Exporter"),
        yes=_("Télécharger"),
        advice=(
            _("Les équipes et les colonnes que la page vous montre, avec ses filtres."),
            _("Le journal dit qui a pris quoi, et quand."),
        ),
    )

    def send(values: dict[str, Any]) -> Response:
        kind, narrowing = values["kind"], page.filters.narrowing
        for programme in page.listed_programmes:
            record_export(actor, programme, DATASET, kind, clock.now(), narrowed_by=narrowing)
        return send_export(_build_export_file(page), values["kind"])

    return answer_export_request(form_page, form, send)


def _build_export_file(page: IssuesPage) -> ExportFile:
    now = clock.now()
    return ExportFile(
        name=f"{page.scope}-{DATASET}-{clock.day_of(now).isoformat()}",
        title=labels.heading(page.listed_programmes),
        sheet=DATASET,
        columns=exports.COLUMNS,
        facts={
            "programme": page.scope,
            "as_of": now.isoformat(),
            "what": DATASET,
            "filters": read_query_filters(page.filters.in_url(1)),
        },
        rows=exports.iterate_export_rows(page.overview.lines),
    )
