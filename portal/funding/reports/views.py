"""The report to funders: on screen, as a spreadsheet, and as PDF by the worker."""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, send_file, url_for

from portal.communication.notifications.commands import mark_subjects_read
from portal.funding.agreements.labels import INSTALMENT_KINDS, amount_in_table, money
from portal.funding.reports import commands, labels, queries
from portal.funding.reports.charts import draw_month_forecast
from portal.funding.reports.exports import build_table
from portal.funding.reports.forms import ReportFileForm, ReportForm
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, using_language
from portal.platform.pdf.printer import MEDIA_TYPE
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.actor import get_actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.form_page import requested_page_number
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.platform.web.tables import send_table
from portal.platform.web.writes import write
from portal.project.projects.numbered_queries import cut_page, iterate_with_page

bp = Blueprint("funding_reports", __name__, url_prefix="/programmes/<slug>/funding")


@bp.get("/report")
def page(slug: str) -> Response:
    programme = queries.get_reported_programme(actor, slug)
    return _show_report(programme)


def _show_report(programme: Programme, status: int = 200, form: Form | None = None) -> Response:
    """The report as of the day in the address; one that was not understood is today's."""
    on = request.args.get("on", "")
    try:
        day = date.fromisoformat(on) if on else clock.today()
        moment, problem = commands.end_of_report_day(programme, day), ""
    except ValueError:
        day, moment, problem = clock.today(), clock.now(), _("Cette date n’a pas été comprise")
    except RuleBroken as refusal:
        day, moment, problem = clock.today(), clock.now(), refusal.message.rstrip(".")
    files = queries.list_latest_files(programme)
    own_ids = [file.id for file in files if file.printed_at and file.asked_by_id == actor.person_id]
    if own_ids and request.method == "GET":  # a refused POST has begun to write
        mark_subjects_read(actor, *own_ids)
    number, language = requested_page_number(), in_reader_language("fr", "en")
    initial = {"on": day, "language": language}
    asking = form if isinstance(form, ReportForm) else ReportForm(formdata=None, data=initial)
    key = "funding report", programme.id, day, number
    return render(
        "funding/reports/page.html",
        fragment="files",
        status=status,
        programme=programme,
        facts=cache_page_facts(get_actor(), key, lambda: _read_page_context(programme, moment, day, number)),
        day=day,
        problem=problem,
        files=files,
        form=form or asking,
        form_key=asking.form_key,
        refused=form,
    )


def _read_page_context(programme: Programme, moment: datetime, day: date, number: int) -> Mapping[str, Any]:
    """What the page shows to every reader of the report: all totals, and a page of its teams."""
    report = queries.read_report(programme, moment, day)
    return {
        "title": labels.title(report),
        "totals": report.totals,
        "teams": cut_page(report.teams, number),
        "headline": labels.headline(report),
        "after_end": [
            (
                team.name,
                url_for(".page", slug=programme.slug, on=day, page=place, _anchor=f"team-{team.slug}"),
            )
            for place, team in iterate_with_page(report.teams)
            if team.after_end
        ],
        "picture": draw_month_forecast(report.months, money),
        "page_url": lambda page: url_for(".page", slug=programme.slug, on=day, page=page),
        "labels": labels,
        "money": money,
        "amount_in_table": amount_in_table,
        "kinds": INSTALMENT_KINDS,
    }


@bp.post("/report.csv", endpoint="as_csv", defaults={"extension": "csv"})
@bp.post("/report.xlsx", endpoint="as_xlsx", defaults={"extension": "xlsx"})
def export(slug: str, extension: str) -> Response:
    """The report as a file; by POST, because the trail records it."""
    programme = queries.get_reported_programme(actor, slug)
    form = ReportFileForm()

    def send(values: dict[str, object]) -> Response:
        day = form.on.data or clock.today()
        moment = commands.end_of_report_day(programme, day)
        commands.record_export(actor, programme, extension, day)
        with using_language(str(values["language"])):
            table = build_table(queries.read_report(programme, moment, day))
            return send_table(table, extension, f"{programme.slug}-financement-{day.isoformat()}")

    return submit(form, send, lambda response: response, lambda status: _show_report(programme, status, form))


@bp.post("/report.pdf")
def request_pdf(slug: str) -> Response:
    """Have the worker print the report."""
    programme = queries.get_reported_programme(actor, slug)
    form = ReportForm()
    return write(
        form,
        lambda values: commands.request_pdf(
            actor, programme, values["on"] or clock.today(), values["language"]
        ),
        message=_("Le PDF se prépare : il paraît dans la liste d’ici une minute."),
        to=url_for(".page", slug=slug) + "#files",
        page=lambda status: _show_report(programme, status, form),
    )


@bp.get("/reports/<uuid:report_id>.pdf")
def download(slug: str, report_id: UUID) -> Response:
    programme = queries.get_reported_programme(actor, slug)
    file = queries.get_file(programme, report_id)
    if file.pdf is None:
        raise NotFound
    name = f"{programme.slug}-financement-{file.as_of_on.isoformat()}-{file.language}.pdf"
    return send_file(BytesIO(file.pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)
