"""Files beside a thing. The thing's own page shows them; here are their verbs and their bytes."""

import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, url_for

from portal.files import commands, policy, queries, terms
from portal.files.desk import Desk
from portal.files.forms import RemoveForm, UploadForm
from portal.files.models import Attachment
from portal.files.places import Kinds, Place, get_place, look_at
from portal.files.queries import Room, Shelf
from portal.files.storage import Missing, StorageAway
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question, ask
from portal.web.errors import answer
from portal.web.formpage import asked_page
from portal.web.forms import submit
from portal.web.render import render, see_path, wants_fragment

bp = Blueprint("files", __name__)
bp.add_app_template_filter(terms.size_in_words, "file_size")
bp.add_app_template_filter(terms.kind_in_words, "file_kind")

ABOUT = "/files/of/<kind>/<uuid:subject_id>"
ONE = "/files/<uuid:file_id>"
BLOCK = 1 << 16
# Saved, never shown; and whoever shows it all the same runs nothing of it.
SHUT = "default-src 'none'; sandbox; frame-ancestors 'none'"


@dataclass(frozen=True)
class Attached:
    """What a page needs to show the files of one thing (`files/block.html`)."""

    place: Place
    shelf: Shelf
    largest: int
    form: UploadForm
    room: Room | None = None  # what is left, on a page of their own

    @property
    def can_attach(self) -> bool:
        return policy.can_attach(self.place)

    def can_remove(self, file: Attachment) -> bool:
        return policy.can_remove(self.place, file)

    def url_of_page(self, page: int) -> str:
        return f"{_about(self.place)}?page={page}"


def beside(place: Place) -> dict[str, Any]:
    """What a page needs to show the files of a thing: its template includes `files/block.html`."""
    form = UploadForm(desk(), formdata=None)
    return {"attached": Attached(place, queries.read_files(place), desk().largest, form)}


def desk() -> Desk:
    found: Desk = current_app.extensions["desk"]
    return found


def kinds() -> Kinds:
    found: Kinds = current_app.extensions["file kinds"]
    return found


def _about(place: Place) -> str:
    return url_for("files.about", kind=place.kind, subject_id=place.id)


@bp.get(ABOUT)
def about(kind: str, subject_id: UUID) -> Response:
    place = get_place(actor, kinds(), kind, subject_id)
    return _alone(place, UploadForm(desk(), formdata=None))


def _alone(place: Place, form: UploadForm, status: int = 200) -> Response:
    """The files on a page of their own, or for htmx alone."""
    here = desk()
    shelf = queries.read_files(place, asked_page())
    room = queries.measure(place.scope_id, here.allowed)
    attached = Attached(place, shelf, here.largest, form, room)
    given = {"attached": attached, "announced": wants_fragment()}
    return render("files/page.html", fragment="files", status=status, place=place, **given)


def _see_files(place: Place) -> Response:
    """Where whoever sent a form sees the files: where they were."""
    if place.is_shown_there and not wants_fragment():
        return see_path(f"{place.page}#files")
    return see_path(_about(place))


@bp.post(ABOUT)
def attach(kind: str, subject_id: UUID) -> Response:
    seen = look_at(actor, kinds(), kind, subject_id)
    commands.require_to_attach(seen)
    form = UploadForm(desk())

    def act(_values: dict[str, Any]) -> Attachment:
        place = get_place(actor, kinds(), kind, subject_id)
        made = commands.attach(actor, place, form.looked_at, desk().allowed)
        get_place(actor, kinds(), kind, subject_id)  # it may have gone while we waited our turn
        return made

    def done(file: Attachment) -> Response:
        flash(_("« %(name)s » est joint.", name=file.name))
        return _see_files(seen)

    def again(status: int) -> Response:
        return _alone(get_place(actor, kinds(), kind, subject_id), form, status)

    try:
        return submit(form, act, done, again)
    finally:
        form.let_go()


@bp.get(ONE)
def download(file_id: UUID) -> Response:
    """The bytes of a file, to be saved under its name (RFC 6266)."""
    file = queries.get_file(actor, kinds(), file_id)
    try:
        source = desk().storage.open(file.key)
    except Missing:
        raise NotFound from None
    except StorageAway:
        sentence = _("Le fichier existe, et l’endroit où il est gardé ne répond pas.")
        return answer(503, sentence, title=_("Ce fichier est momentanément indisponible"))
    response = Response(_pieces(source), mimetype=file.media_type, direct_passthrough=True)
    response.call_on_close(source.close)  # for HEAD, of which nobody reads a piece
    response.content_length = file.size
    response.headers.set("Content-Disposition", "attachment", **_called(file.name))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = SHUT
    return response


def _called(name: str) -> dict[str, str]:
    """The name for programs that read ASCII alone, and whole for all others (RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if plain == name:
        return {"filename": name}
    stem, _dot, ending = plain.rpartition(".")
    return {
        "filename": f"{stem.strip() or 'fichier'}.{ending}",
        "filename*": f"UTF-8''{quote(name, safe='')}",
    }


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    with closing(source):
        while piece := source.read(BLOCK):
            yield piece


@bp.get(f"{ONE}/place")
def place(file_id: UUID) -> Response:
    """What a file is attached to, wherever that is shown."""
    _file, found = queries.open_file(actor, kinds(), file_id)
    return see_path(f"{found.page}#files" if found.is_shown_there else _about(found))


@bp.get(f"{ONE}/remove")
def remove_page(file_id: UUID) -> Response:
    file, found = queries.open_file(actor, kinds(), file_id)
    commands.require_to_remove(found, file)
    if file.removed_at is not None:
        return _see_files(found)
    return _ask_to_remove(file, found, RemoveForm(formdata=None))


@bp.post(f"{ONE}/remove")
def remove(file_id: UUID) -> Response:
    file, found = queries.open_file(actor, kinds(), file_id)
    commands.require_to_remove(found, file)
    form = RemoveForm()

    def done(_made: None) -> Response:
        flash(_("« %(name)s » est retiré.", name=file.name))
        return _see_files(found)

    return submit(
        form,
        lambda _values: commands.remove(actor, found, file),
        done,
        lambda status: _ask_to_remove(file, found, form, status),
    )


def _ask_to_remove(file: Attachment, found: Place, form: RemoveForm, status: int = 200) -> Response:
    question = Question(
        title=_("Retirer « %(name)s » ?", name=file.name),
        lead=found.title,
        means=(
            _("Plus personne ne pourra le télécharger, et le portail n’en gardera pas le contenu."),
            _("Son nom, sa taille, son empreinte, qui l’a retiré et quand resteront notés."),
            _("Empreinte SHA-256 : %(sha256)s", sha256=file.sha256),
        ),
        yes=_("Retirer le fichier"),
        no=_("Garder le fichier"),
        step=_("Retirer un fichier"),
        place=found.title,
        back=f"{found.page}#files" if found.is_shown_there else _about(found),
    )
    return ask(question, form, status)
