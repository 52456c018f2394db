"""The page of one's own data: ask for an export, download it."""

from uuid import UUID

from flask import Blueprint, Response, send_file, url_for

from portal.people.accounts.queries import get_own_person
from portal.people.privacy import commands, queries
from portal.people.privacy.erasure_queries import find_open_erasure
from portal.platform.kernel.text import gettext as _
from portal.platform.storage.labels import size_in_words
from portal.platform.storage.transaction import get_storage
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import render
from portal.platform.web.writes import ButtonForm, write_button

bp = Blueprint("privacy", __name__, url_prefix="/profile/data")


@bp.get("")
def index() -> Response:
    return _render_privacy_page(200, ButtonForm(formdata=None))


def _render_privacy_page(status: int, form: Form) -> Response:
    exports = queries.list_exports(actor)
    return render(
        "people/privacy/index.html",
        status=status,
        exports=exports,
        was_removed=bool(exports) and commands.was_export_removed_by_erasure(exports[0]),
        current=queries.find_current_export(actor),
        size_in_words=size_in_words,
        erasure=find_open_erasure(actor.person_id),
        form=form,
    )


@bp.post("/exports")
def request_export() -> Response:
    return write_button(
        lambda: commands.request_export(actor, get_own_person(actor)),
        message=_("Votre export se prépare. Vous serez prévenu dans le portail quand il sera là."),
        to=url_for(".index"),
        page=_render_privacy_page,
    )


@bp.post("/exports/<uuid:export_id>")
def download(export_id: UUID) -> Response:
    """The ZIP. A POST, because who took what, and when, is recorded."""
    row = queries.get_ready_export(actor, export_id)
    form = ButtonForm()
    return submit(
        form,
        lambda _values: commands.record_export_download(actor, row),
        lambda _result: _send_export(row.key or "", row.size),
        lambda status: _render_privacy_page(status, form),
    )


def _send_export(key: str, size: int) -> Response:
    name = _("mes-donnees") + ".zip"
    response = send_file(
        get_storage().open(key), mimetype="application/zip", as_attachment=True, download_name=name
    )
    response.content_length = size
    return response
