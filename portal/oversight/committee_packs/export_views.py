"""Export the teams of a portfolio as a file, by POST: the audit trail records each export."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request
from flask_babel import get_locale

from portal.oversight.committee_packs import commands, exports, labels
from portal.oversight.committee_packs.exports import ExportDataset, ExportScope, Row
from portal.oversight.committee_packs.forms import PortfolioExportForm
from portal.oversight.committee_packs.snapshot_queries import read_cohort
from portal.oversight.gates.definition_queries import read_gate_numbers
from portal.oversight.portfolio.page_views import PortfolioPage, read_filtered_teams, read_page
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.web import tables
from portal.platform.web.actor import get_actor, reader_time_zone
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.tables import Cell, Table
from portal.platform.web.urls import path_to

bp = Blueprint("extracts", __name__, url_prefix="/programmes/<slug>/exports")
JSON = "json"


@bp.route("", methods=["GET", "POST"])
def export_portfolio(slug: str) -> Response:
    typed = request.form.get("query", "") if request.method == "POST" else None
    query_args = request.args if typed is None else dict(parse_qsl(typed))
    page = read_page(get_actor(), {**query_args, "programme": slug}, reader_time_zone())
    query = urlencode(page.filters.in_url(1))
    defaults = {"what": ExportDataset.TEAMS.value, "kind": "xlsx", "on": page.filters.on or clock.today()}
    form = make_form(PortfolioExportForm, query=query, **defaults)
    form_page = FormPage(
        title=_("Exporter le portefeuille"),
        trail=[(_("Portefeuille"), path_to("portfolio.index", **page.in_url(1)))],
        step=_("Exporter"),
        yes=_("Télécharger"),
        lead=labels.describe_exported_teams(_describe_filters(page)),
        advice=(
            _("Aucun participant, aucune note de coach, aucun brouillon n’y figure."),
            _("Le journal dit qui a pris quoi, et quand."),
        ),
    )

    return answer_export_request(
        form_page,
        form,
        lambda values: _send_portfolio_export(
            page, ExportDataset(values["what"]), values["kind"], values["on"]
        ),
    )


def _describe_filters(page: PortfolioPage) -> Sequence[str]:
    return labels.describe_filters(
        page.filters,
        coaches=dict(page.coaches),
        tracks={track.key: track.name for track in page.tracks},
        days_without_close_tolerated=page.portfolio.all.days_without_close_tolerated,
    )


def answer_export_request(
    form_page: FormPage, form: Form, send: Callable[[dict[str, Any]], Response]
) -> Response:
    """Show the form of an export on GET; on POST answer with the file that `send` builds."""

    def show_form(status: int = 200) -> Response:
        return render(
            "platform/web/form_page.html",
            fragment="form",
            status=status,
            page=replace(form_page, answers_with_file=True),
            form=form,
        )

    if request.method in SAFE_METHODS:
        return show_form()
    return submit(form, send, lambda response: response, show_form)


@dataclass(frozen=True)
class ExportFile:
    """A file of any kind: `columns` are labels by key, `facts` precede the rows in JSON."""

    name: str
    title: str
    sheet: str
    columns: Mapping[str, LazyString]
    facts: Mapping[str, Any]
    rows: Iterable[Row]


def _send_portfolio_export(page: PortfolioPage, dataset: ExportDataset, kind: str, on: date) -> Response:
    """Export the teams of a portfolio page, in its order, as of a day."""
    programme, filters = page.programme, page.filters
    moment = commands.get_end_of_day_or_now(programme, on)
    narrowing = sorted(filters.narrowing)
    commands.record_export(get_actor(), programme, dataset.value, kind, moment, narrowed_by=narrowing)
    cohort = read_cohort(programme.id, moment, on)
    selection = read_filtered_teams(get_actor(), page, on, reader_time_zone())
    ids = [id_ for id_ in selection.ids if id_ in cohort.names]
    export_file = ExportFile(
        name=f"{programme.slug}-{dataset.value}-{on.isoformat()}",
        title=exports.build_export_title(dataset, cohort),
        sheet=dataset.value,
        columns=exports.list_columns(dataset, read_gate_numbers(programme.id)),
        facts={
            "programme": programme.slug,
            "as_of": moment.isoformat(),
            "what": dataset.value,
            "filters": read_query_filters({**filters.in_url(1), "on": None}),
        },
        rows=exports.iterate_export_rows(dataset, ExportScope(cohort, ids, moment, on, selection.support)),
    )
    return send_export(export_file, kind)


def read_query_filters(query_args: Mapping[str, Any]) -> Mapping[str, str]:
    """The filters that are set, as in a query string."""
    return {name: str(value) for name, value in query_args.items() if value}


def send_export(export_file: ExportFile, kind: str) -> Response:
    """Answer with the file as an attachment; `kind` is one of `forms.KINDS`."""
    if kind == JSON:
        file = write_json_file(export_file.facts, list(export_file.columns), export_file.rows)
        media = "application/json"
    else:
        table = _build_table(export_file)
        language = getattr(get_locale(), "language", "fr")
        delimiter = tables.DELIMITERS.get(language, ",")
        file = tables.write_xlsx(table) if kind == "xlsx" else tables.write_csv(table, delimiter)
        media = tables.MIME_TYPES[kind]
    response = Response(tables.read_file_for_response(file), mimetype=media)
    filename = f"{export_file.name}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _build_table(export_file: ExportFile) -> Table:
    return Table(
        title=export_file.title,
        sheet=export_file.sheet,
        names=[str(name) for name in export_file.columns.values()],
        widths=[20] * len(export_file.columns),
        rows=([row.get(key) for key in export_file.columns] for row in export_file.rows),
    )


def write_json_file(facts: Mapping[str, Any], keys: list[str], rows: Iterable[Row]) -> IO[bytes]:
    """A JSON file: `facts`, then "rows", an object with all keys for each; rewound to its start."""
    file = SpooledTemporaryFile(tables.MEMORY_MAX)  # noqa: SIM115  closed once sent
    text = io.TextIOWrapper(cast(IO[bytes], file), encoding="utf-8", newline="")
    text.writelines(_iterate_json_chunks(facts, keys, rows))
    text.flush()
    text.detach()
    file.seek(0)
    return cast(IO[bytes], file)


def _iterate_json_chunks(facts: Mapping[str, Any], keys: list[str], rows: Iterable[Row]) -> Iterator[str]:
    yield json.dumps(dict(facts), ensure_ascii=False)[:-1] + ', "rows": ['
    comma = "\n"
    for row in rows:
        cells = {key: _format_json_value(row.get(key)) for key in keys}
        yield comma + json.dumps(cells, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _format_json_value(cell: Cell) -> str | int | None:
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal) else cell
