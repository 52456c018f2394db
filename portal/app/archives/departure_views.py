"""The one page of a programme whose content left, with what remains: its archive and its money."""

from flask import Blueprint, Response, send_file, url_for

from portal.app.archives import departure_commands as commands
from portal.app.archives import departure_queries as queries
from portal.app.archives import labels
from portal.app.archives.departure_queries import DepartedProgramme
from portal.app.archives.models import ProgrammeArchive
from portal.funding.reports.commands import record_export
from portal.funding.reports.exports import build_table
from portal.funding.reports.queries import read_report
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.errors import NotFound
from portal.platform.storage.labels import size_in_words
from portal.platform.storage.transaction import get_storage
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import render
from portal.platform.web.tables import send_table
from portal.platform.web.writes import ButtonForm

bp = Blueprint("departures", __name__, url_prefix="/programmes/<slug>/left")


def show_departed_programme(slug: str) -> Response:
    """The page, at the address of the programme. Raises `NotFound`."""
    return _render_departed_page(queries.get_departed_programme(actor, slug), 200, ButtonForm(formdata=None))


def _render_departed_page(departed: DepartedProgramme, status: int, form: ButtonForm) -> Response:
    return render(
        "app/archives/departed.html",
        status=status,
        programme=departed.programme,
        departure=departed.departure,
        archive=queries.get_kept_archive(departed) if departed.can_open_archive else None,
        report_url=_payments_download_url(departed),
        statistics=labels.list_row_count_lines(departed.departure.outcomes | departed.departure.counts),
        size_in_words=size_in_words,
        form=form,
    )


def _payments_download_url(departed: DepartedProgramme) -> str | None:
    has_money = departed.can_open_report and queries.has_agreements(departed.programme)
    return url_for("departures.download_payments", slug=departed.programme.slug) if has_money else None


@bp.post("/archive")
def download(slug: str) -> Response:
    """The ZIP. A POST, because who took what, and when, is recorded."""
    departed = queries.get_departed_programme(actor, slug)
    archive, form = queries.get_kept_archive(departed), ButtonForm()
    return submit(
        form,
        lambda _values: commands.record_departed_archive_download(actor, departed.programme),
        lambda _result: send_archive(departed.programme, archive),
        lambda status: _render_departed_page(departed, status, form),
    )


def send_archive(programme: Programme, archive: ProgrammeArchive) -> Response:
    """The bytes of an archive as a file."""
    response = send_file(
        get_storage().open(archive.key or ""),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{programme.slug}.zip",
    )
    response.content_length = archive.size
    return response


@bp.post("/report.csv")
def download_payments(slug: str) -> Response:
    """What was paid, from the ledger, which stays."""
    departed = queries.get_departed_programme(actor, slug)
    if _payments_download_url(departed) is None:
        raise NotFound
    programme, form, day = departed.programme, ButtonForm(), clock.today()

    def send(_values: object) -> Response:
        record_export(actor, programme, "csv", day)
        table = build_table(read_report(programme, clock.now(), day))
        return send_table(table, "csv", f"{programme.slug}-financement-{day.isoformat()}")

    return submit(
        form, send, lambda response: response, lambda status: _render_departed_page(departed, status, form)
    )
