"""The page that closes a programme: what waits, its archive, and what leaves afterwards."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.app.archives import commands, departure_queries, labels, policy
from portal.app.archives.departure_views import send_archive
from portal.app.archives.models import ArchiveStage
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.access import require
from portal.platform.kernel.text import gettext as _
from portal.platform.storage.labels import size_in_words
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("archives", __name__, url_prefix="/programmes/<slug>/archive")


@bp.get("")
def index(slug: str) -> Response:
    return _render_archive_page(_get_programme_to_archive(slug), 200, ButtonForm(formdata=None))


def _get_programme_to_archive(slug: str) -> Programme:
    programme = get_programme(actor, slug)
    require(policy.can_archive(actor, programme), _("La direction du programme le clôt."))
    return programme


def _render_archive_page(programme: Programme, status: int, form: Form) -> Response:
    archives = commands.list_archives(actor, programme)
    departure = departure_queries.find_departure(programme.id)
    return render(
        "app/archives/page.html",
        fragment="archives",
        status=status,
        programme=programme,
        archives=archives,
        removed_ids=commands.list_archive_ids_removed_by_erasure(archives),
        open_projects=commands.list_open_projects(programme),
        is_waiting=any(row.stage is ArchiveStage.WAITING for row in archives),
        departure=departure,
        leaves_on=departure_queries.find_leaving_day(departure) if departure else None,
        contents=labels.list_row_count_lines(departure.counts) if departure else [],
        labels=labels,
        size_in_words=size_in_words,
        form=form,
    )


@bp.post("")
def request_archive(slug: str) -> Response:
    programme = _get_programme_to_archive(slug)
    return write_button(
        lambda: commands.request_archive(actor, programme),
        message=_("L’archive se prépare. Vous pouvez quitter cette page."),
        to=url_for(".index", slug=slug),
        page=lambda status, form: _render_archive_page(programme, status, form),
    )


@bp.post("/<uuid:archive_id>")
def download(slug: str, archive_id: UUID) -> Response:
    """The ZIP. A POST, because who took what, and when, is recorded."""
    programme = _get_programme_to_archive(slug)
    row = commands.get_ready_archive(actor, programme, archive_id)
    form = ButtonForm()

    return submit(
        form,
        lambda _values: commands.record_archive_download(actor, row),
        lambda _result: send_archive(programme, row),
        lambda status: _render_archive_page(programme, status, form),
    )
