"""Pages of the tracks of a programme: add, rename, reorder, remove."""

from types import SimpleNamespace
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.people.programmes import policy, queries, track_commands
from portal.people.programmes.forms import EditTrackForm, NewTrackForm, ProgrammeActionForm
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import require
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_confirmed

bp = Blueprint("tracks", __name__, url_prefix="/programmes/<slug>/tracks")


def _get_editable_programme(slug: str) -> Programme:
    programme = queries.get_programme(actor, slug)
    require(policy.can_edit_programme(actor, programme))
    return programme


@bp.get("", endpoint="index")
@bp.post("")
def add(slug: str) -> Response:
    """The list of tracks, with the form of a new one."""
    programme, form = _get_editable_programme(slug), make_form(NewTrackForm)
    return write(
        form,
        lambda _values: track_commands.add_track(actor, programme, form.names()),
        message=_("Volet ajouté."),
        to=url_for(".index", slug=slug),
        page=lambda status: render(
            "people/programmes/tracks.html",
            status=status,
            programme=programme,
            tracks=queries.list_tracks(programme.id),
            form=form,
        ),
    )


@bp.get("/<uuid:track_id>", endpoint="edit_page")
@bp.post("/<uuid:track_id>")
def edit(slug: str, track_id: UUID) -> Response:
    programme = _get_editable_programme(slug)
    track, tracks = queries.get_track(programme, track_id), queries.list_tracks(programme.id)
    names = {"name_fr": track.name_fr, "name_en": track.name_en}
    stored = SimpleNamespace(version=track.version, place=tracks.index(track) + 1, **names)
    form = make_form(EditTrackForm, len(tracks), obj=stored)
    return write(
        form,
        lambda values: track_commands.edit_track(
            actor, programme, track, form.names(), place=values["place"], version=values["version"]
        ),
        message=_("Volet enregistré."),
        to=url_for(".index", slug=slug),
        page=lambda status: render(
            "people/programmes/track.html", status=status, programme=programme, track=track, form=form
        ),
        stored=stored,
    )


@bp.get("/<uuid:track_id>/remove", endpoint="remove_page")
@bp.post("/<uuid:track_id>/remove")
def remove(slug: str, track_id: UUID) -> Response:
    programme = _get_editable_programme(slug)
    track = queries.get_track(programme, track_id)
    return write_confirmed(
        ConfirmationQuestion(
            title=_("Retirer le volet « %(name)s » ?", name=track.name),
            means=[
                *filter(None, [track_commands.describe_track_uses(programme, track)]),
                _("Il disparaît des filtres et des listes. Le journal garde qu’il a existé."),
            ],
            yes=_("Retirer le volet"),
            no=_("Le garder"),
            step=_("Retirer"),
            place=_("Volets"),
            back=url_for(".index", slug=programme.slug),
            links=track_commands.list_track_use_links(programme, track),
        ),
        make_form(ProgrammeActionForm),
        lambda: track_commands.remove_track(actor, programme, track),
        message=_("Volet retiré."),
    )
