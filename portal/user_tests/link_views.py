"""The page of a participant's link, for the team: its QR code, its address, how to take it back."""

import segno
from flask import Blueprint, Response, current_app, flash, url_for

from portal.kernel.secrets import Sealer, token_hash
from portal.kernel.settings import Settings
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.workplace import open_to_write
from portal.user_tests import participant_commands as commands
from portal.user_tests import session_queries
from portal.user_tests.session_fields import PlainForm
from portal.user_tests.session_queries import Held
from portal.user_tests.sessions import ParticipantLink
from portal.user_tests.workplace import ONE_SESSION, address, trail_to_session
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.render import render, see_path

PURPOSE = "participant"
QUIET = 4  # squares of white around a code, without which no camera finds it

bp = Blueprint("participant_links", __name__, url_prefix="/projects/<slug>/tests")


@bp.get(f"{ONE_SESSION}/link")
def page(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    held = session_queries.read_session(actor, project, number)
    return _show_link(project, held)


def _show_link(
    project: Project, held: Held, status: int = 200, refused: str | None = None
) -> Response:
    url = _address_of(held.link) if held.link else None
    return render(
        "user_tests/link.html",
        status=status,
        project=project,
        held=held,
        link=held.link if url else None,
        url=url,
        code=draw(url) if url else None,
        refused=refused,
        trail=trail_to_session(project, held),
    )


def draw(text: str) -> tuple[int, str]:
    """A QR code: how many squares its side has, and the path of the dark ones."""
    made = segno.make(text, error="m", micro=False)
    path = []
    for y, row in enumerate(made.matrix_iter(border=QUIET)):
        dark = [x for x, bit in enumerate(row) if bit]
        path += [f"M{x} {y}h1v1h-1z" for x in dark]
    return int(made.symbol_size(border=QUIET)[0]), "".join(path)


def _address_of(link: ParticipantLink) -> str | None:
    """The whole address, while the installation's key is the one that sealed it."""
    token = _sealer().seal(PURPOSE, link.id)
    if token_hash(token) != link.token_hash:
        return None
    settings: Settings = current_app.extensions["settings"]
    return settings.public_base_url + url_for("participant.questions", token=token)


def _sealer() -> Sealer:
    sealer: Sealer = current_app.extensions["sealer"]
    return sealer


@bp.post(f"{ONE_SESSION}/link")
def make(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    held = session_queries.read_session(actor, project, number)
    form = PlainForm()

    def act(_values: object) -> ParticipantLink:
        return commands.make_link(actor, project, held, lambda id_: _sealer().seal(PURPOSE, id_))

    def done(_made: ParticipantLink) -> Response:
        return see_path(url_for(".page", slug=slug, number=number))

    return submit(form, act, done, lambda n: _show_link(project, held, n, form.refused_because))


@bp.post(f"{ONE_SESSION}/link/revoke")
def revoke(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    held = session_queries.read_session(actor, project, number)
    form = PlainForm()

    def act(_values: object) -> None:
        commands.revoke_link(actor, project, held)

    def done(_made: None) -> Response:
        flash(_("Le lien ne sert plus."))
        return see_path(address(project, held.session))

    return submit(form, act, done, lambda n: _show_link(project, held, n, form.refused_because))
