"""Exports of the applications of a call: what the list shows, as CSV, XLSX or JSON.

Requested by POST, because an export is recorded in the audit trail.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import has_csrf_failure
from portal.platform.web.tables import Cell, Table, send_table
from portal.selection.applications import commands, labels
from portal.selection.applications.list_queries import (
    ApplicationFilters,
    ListedApplication,
    iterate_applications,
    map_juror_names_by_application,
)
from portal.selection.applications.schemas import read_filters
from portal.selection.applications.views import LIST_RULE
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call

bp = Blueprint("application_exports", __name__)
FIELDS: tuple[str, ...] = (
    *("number", "organisation", "title", "company_number", "state", "received_on", "sent", "assigned"),
    *("total", "below_minimum", "dispersed", "jurors", "address"),
)


@bp.post(f"{LIST_RULE}/export.csv", endpoint="as_csv", defaults={"extension": "csv"})
@bp.post(f"{LIST_RULE}/export.xlsx", endpoint="as_xlsx", defaults={"extension": "xlsx"})
@bp.post(f"{LIST_RULE}/export.json", endpoint="as_json", defaults={"extension": "json"})
def export(slug: str, call: int, extension: str) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    if not has_csrf_failure():  # the request is refused later, so nothing is recorded
        commands.record_export(actor, row, extension)
    filters, _misunderstood = read_filters(request.args)
    rows = _iterate_export_rows(row, filters, slug)
    name = f"{programme.slug}-appel-{row.number}-{clock.today().isoformat()}"
    if extension == "json":
        lines = [dict(zip(FIELDS, cells, strict=True)) for cells in rows]
        text = json.dumps({"applications": lines}, ensure_ascii=False, default=_dump_cell, indent=1)
        response = Response(text, mimetype="application/json")
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.json")
        return response
    table = Table(
        title=row.title,
        sheet=_("Candidatures"),
        names=(
            _("N°"),
            _("Organisme"),
            _("Titre"),
            _("SIREN ou SIRET"),
            _("État"),
            _("Reçue le"),
            _("Notes reçues"),
            _("Notes attendues"),
            _("Total"),
            _("Sous un minimum"),
            _("Notes dispersées"),
            _("Jurés"),
            _("Adresse"),
        ),
        widths=(6, 40, 50, 16, 16, 12, 8, 8, 10, 10, 10, 40, 40),
        rows=_translate_boolean_cells(rows),
    )
    return send_table(table, extension, name)


def _dump_cell(cell: object) -> float | str:
    return float(cell) if isinstance(cell, Decimal) else str(cell)


def _iterate_export_rows(call: Call, filters: ApplicationFilters, slug: str) -> Iterator[list[Any]]:
    """Every line of the list, with its jurors where the reader leads it."""
    lines = list(iterate_applications(actor, call, filters))
    led = [line.id for line in lines if line.sent is not None]
    jurors = map_juror_names_by_application(led)
    base_url = get_service(Settings).public_base_url
    for line in lines:
        path = url_for("applications.page", slug=slug, call=call.number, number=line.number)
        yield _build_export_row(line, ", ".join(jurors.get(line.id, ())), base_url + path)


def _build_export_row(line: ListedApplication, jurors: str, address: str) -> list[Any]:
    return [
        line.number,
        line.organisation,
        line.title,
        line.company_number,
        line.state and str(labels.STATES[line.state]),
        line.received_on,
        line.sent,
        line.assigned,
        None if line.total_hundredths is None else Decimal(line.total_hundredths).scaleb(-2),
        line.is_below if line.is_opened else None,
        line.is_dispersed if line.is_opened else None,
        jurors or None,
        address,
    ]


def _translate_boolean_cells(rows: Iterator[list[Any]]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [(_("oui") if cell else _("non")) if isinstance(cell, bool) else cell for cell in row]
