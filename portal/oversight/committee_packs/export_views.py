"""What the portfolio shows, as a file. Asked by POST, because the trail says who took it."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request
from flask_babel import get_locale

from portal.oversight.committee_packs import commands, exports, labels
from portal.oversight.committee_packs.commands import Extract
from portal.oversight.committee_packs.exports import COLUMNS, ExtractDataset, ExtractScope, Row
from portal.oversight.committee_packs.forms import ExtractForm
from portal.oversight.committee_packs.snapshot_queries import read_cohort
from portal.oversight.portfolio.page_queries import PortfolioPage, read_page, select_teams
from portal.oversight.portfolio.views import time_zone
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import get_actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.urls import path_to
from portal.sprints.backlog_import import table_exports
from portal.sprints.backlog_import.table_exports import Cell, Table

bp = Blueprint("extracts", __name__, url_prefix="/programmes/<slug>/exports")
JSON = "json"


@bp.route("", methods=["GET", "POST"])
def take(slug: str) -> Response:
    typed = request.form.get("query", "") if request.method == "POST" else None
    query_args = request.args if typed is None else dict(parse_qsl(typed))
    sight = read_page(get_actor(), {**query_args, "programme": slug}, time_zone())
    query = urlencode(sight.filters.in_url(1))
    usual = {
        "what": ExtractDataset.TEAMS.value,
        "kind": "xlsx",
        "on": sight.filters.on or clock.today(),
    }
    form = make_form(ExtractForm, query=query, **usual)
    page = FormPage(
        title=_("Exporter le portefeuille"),
        trail=[(_("Portefeuille"), path_to("portfolio.index", **sight.in_url(1)))],
        step=_("Exporter"),
        yes=_("Télécharger"),
        lead=labels.describe_scope(sight),
        advice=(
            _("Aucun participant, aucune note de coach, aucun brouillon n’y figure."),
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
        return _send_extract(sight, ExtractDataset(values["what"]), values["kind"], values["on"])

    return submit(form, act, lambda sent: sent, again)


@dataclass(frozen=True)
class ExportFile:
    """What is sent, of whatever kind: `columns` are names by key, `facts` go before JSON's rows."""

    name: str
    title: str
    sheet: str
    columns: Mapping[str, LazyString]
    facts: Mapping[str, Any]
    rows: Iterable[Row]


def _send_extract(sight: PortfolioPage, dataset: ExtractDataset, kind: str, on: date) -> Response:
    """The teams that the portfolio shows its reader, in its order."""
    programme, filters = sight.programme, sight.filters
    extract = Extract(dataset.value, kind, on, sorted(filters.narrowing))
    moment = commands.record_extract(get_actor(), programme, extract)
    cohort = read_cohort(programme.id, moment, on)
    selection = select_teams(get_actor(), sight, on, time_zone())
    ids = [id_ for id_ in selection.ids if id_ in cohort.names]
    export_file = ExportFile(
        name=f"{programme.slug}-{dataset.value}-{on.isoformat()}",
        title=exports.export_title(dataset, cohort),
        sheet=dataset.value,
        columns=COLUMNS[dataset],
        facts={
            "programme": programme.slug,
            "as_of": moment.isoformat(),
            "what": dataset.value,
            "filters": plain_filters({**filters.in_url(1), "on": None}),
        },
        rows=exports.export_rows(dataset, ExtractScope(cohort, ids, moment, on, selection.support)),
    )
    return send_export(export_file, kind)


def plain_filters(query_args: Mapping[str, Any]) -> Mapping[str, str]:
    """Those that were asked for, as an address holds them."""
    return {name: str(value) for name, value in query_args.items() if value}


def send_export(export_file: ExportFile, kind: str) -> Response:
    """As an attachment, of one of `forms.KINDS`."""
    if kind == JSON:
        file = write_json(export_file.facts, list(export_file.columns), export_file.rows)
        media = "application/json"
    else:
        table = _table(export_file)
        language = getattr(get_locale(), "language", "fr")
        delimiter = table_exports.DELIMITERS.get(language, ",")
        file = (
            table_exports.write_xlsx(table)
            if kind == "xlsx"
            else table_exports.write_csv(table, delimiter)
        )
        media = table_exports.MIME_TYPES[kind]
    sent = Response(table_exports.iterate_pieces(file), mimetype=media)
    sent.headers.set("Content-Disposition", "attachment", filename=f"{export_file.name}.{kind}")
    return sent


def _table(export_file: ExportFile) -> Table:
    return Table(
        title=export_file.title,
        sheet=export_file.sheet,
        names=[str(name) for name in export_file.columns.values()],
        widths=[20] * len(export_file.columns),
        rows=([row.get(key) for key in export_file.columns] for row in export_file.rows),
    )


def write_json(facts: Mapping[str, Any], keys: list[str], rows: Iterable[Row]) -> IO[bytes]:
    """`facts` and, under "rows", an object for each row with all keys; ready to be read."""
    file = SpooledTemporaryFile(table_exports.MEMORY_MAX)  # noqa: SIM115  whoever sends it closes it
    text = io.TextIOWrapper(cast(IO[bytes], file), encoding="utf-8", newline="")
    text.writelines(_json_chunks(facts, keys, rows))
    text.flush()
    text.detach()
    file.seek(0)
    return cast(IO[bytes], file)


def _json_chunks(facts: Mapping[str, Any], keys: list[str], rows: Iterable[Row]) -> Iterator[str]:
    yield json.dumps(dict(facts), ensure_ascii=False)[:-1] + ', "rows": ['
    comma = "\n"
    for row in rows:
        cells = {key: _json_value(row.get(key)) for key in keys}
        yield comma + json.dumps(cells, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _json_value(cell: Cell) -> str | int | None:
    return cell if cell is None or isinstance(cell, str | int) else cell.isoformat()
