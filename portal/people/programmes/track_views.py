"""Pages of the tracks of a programme: add, rename, reorder, remove."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.people.programmes import policy, queries, track_commands
from portal.people.programmes.forms import EditTrackForm, NewTrackForm, ProgrammeActionForm
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel.access import require
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.rendering import render
from portal.platform.web.writes import write

bp = Blueprint("tracks", __name__, url_prefix="/programmes/<slug>/tracks")


def _get_editable_programme(slug: str) -> Programme:
    programme = queries.get_programme(actor, slug)
    require(policy.can_edit_programme(actor, programme))
    return programme


@bp.get("")
def index(slug: str) -> Response:
    return _tracks_page(_get_editable_programme(slug), NewTrackForm(formdata=None))


@bp.post("")
def add(slug: str) -> Response:
    programme, form = _get_editable_programme(slug), NewTrackForm()
    return write(
        form,
        lambda _values: track_commands.add_track(actor, programme, form.names()),
        message=_("Volet ajouté."),
        to=url_for(".index", slug=slug),
        page=lambda status: _tracks_page(programme, form, status),
    )


def _tracks_page(programme: Programme, form: NewTrackForm, status: int = 200) -> Response:
    return render(
        "people/programmes/tracks.html",
        status=status,
        programme=programme,
        tracks=queries.list_tracks(programme.id),
        form=form,
    )


@bp.get("/<uuid:track_id>")
def edit_page(slug: str, track_id: UUID) -> Response:
    programme = _get_editable_programme(slug)
    track = queries.get_track(programme, track_id)
    place = queries.list_tracks(programme.id).index(track) + 1
    return _edit_track_page(
        programme, track, _edit_form(programme, formdata=None, obj=track, place=place)
    )


@bp.post("/<uuid:track_id>")
def edit(slug: str, track_id: UUID) -> Response:
    programme = _get_editable_programme(slug)
    track, form = queries.get_track(programme, track_id), _edit_form(programme)
    return write(
        form,
        lambda values: track_commands.edit_track(
            actor,
            programme,
            track,
            form.names(),
            place=values["place"],
            version=values["version"],
        ),
        message=_("Volet enregistré."),
        to=url_for(".index", slug=slug),
        page=lambda status: _edit_track_page(programme, track, form, status),
    )


def _edit_form(programme: Programme, **options: Any) -> EditTrackForm:
    return EditTrackForm(len(queries.list_tracks(programme.id)), **options)


def _edit_track_page(
    programme: Programme, track: Track, form: EditTrackForm, status: int = 200
) -> Response:
    return render(
        "people/programmes/track.html", status=status, programme=programme, track=track, form=form
    )


@bp.get("/<uuid:track_id>/remove")
def remove_page(slug: str, track_id: UUID) -> Response:
    programme = _get_editable_programme(slug)
    return _confirm_remove(
        programme, queries.get_track(programme, track_id), ProgrammeActionForm(formdata=None)
    )


@bp.post("/<uuid:track_id>/remove")
def remove(slug: str, track_id: UUID) -> Response:
    programme, form = _get_editable_programme(slug), ProgrammeActionForm()
    track = queries.get_track(programme, track_id)
    return write(
        form,
        lambda _values: track_commands.remove_track(actor, programme, track),
        message=_("Volet retiré."),
        to=url_for(".index", slug=slug),
        page=lambda status: _confirm_remove(programme, track, form, status),
    )


def _confirm_remove(
    programme: Programme, track: Track, form: ProgrammeActionForm, status: int = 200
) -> Response:
    question = ConfirmationQuestion(
        title=_("Retirer le volet « %(name)s » ?", name=track.name),
        means=[
            *filter(None, [track_commands.describe_uses(programme, track)]),
            _("Il disparaît des filtres et des listes. Le journal garde qu’il a existé."),
        ],
        yes=_("Retirer le volet"),
        no=_("Le garder"),
        step=_("Retirer"),
        place=_("Volets"),
        back=url_for(".index", slug=programme.slug),
    )
    return ask_confirmation(question, form, status)
