"""The page of a participant's link, for the team: its QR code, its address, how to take it back."""

import segno
from flask import Blueprint, Response, current_app, flash, url_for

from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer, token_hash
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import get_writable_project
from portal.user_tests.rounds import participant_commands as commands
from portal.user_tests.rounds import session_queries
from portal.user_tests.rounds.page_views import SESSION_PATH, session_url, trail_to_session
from portal.user_tests.rounds.session_field_forms import PlainForm
from portal.user_tests.rounds.session_models import ParticipantLink
from portal.user_tests.rounds.session_queries import SessionDetails

PURPOSE = "participant"
QUIET_ZONE = 4  # squares of white around a code, without which no camera finds it

bp = Blueprint("participant_links", __name__, url_prefix="/projects/<slug>/tests")


@bp.get(f"{SESSION_PATH}/link")
def page(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    details = session_queries.read_session(actor, project, number)
    return _show_link(project, details)


def _show_link(
    project: Project, details: SessionDetails, status: int = 200, refused: str | None = None
) -> Response:
    url = _address_of(details.link) if details.link else None
    return render(
        "user_tests/rounds/link.html",
        status=status,
        project=project,
        held=details,
        link=details.link if url else None,
        url=url,
        code=draw_qr_code(url) if url else None,
        refused=refused,
        trail=trail_to_session(project, details),
    )


def draw_qr_code(text: str) -> tuple[int, str]:
    """A QR code: how many squares its side has, and the path of the dark ones."""
    qr_code = segno.make(text, error="m", micro=False)
    path = []
    for y, row in enumerate(qr_code.matrix_iter(border=QUIET_ZONE)):
        dark = [x for x, bit in enumerate(row) if bit]
        path += [f"M{x} {y}h1v1h-1z" for x in dark]
    return int(qr_code.symbol_size(border=QUIET_ZONE)[0]), "".join(path)


def _address_of(link: ParticipantLink) -> str | None:
    """The whole address, while the installation's key is the one that sealed it."""
    token = _sealer().seal(PURPOSE, link.id)
    if token_hash(token) != link.token_hash:
        return None
    settings: Settings = current_app.extensions["settings"]
    return settings.public_base_url + url_for("participant.questions", token=token)


def _sealer() -> TokenSealer:
    sealer: TokenSealer = current_app.extensions["sealer"]
    return sealer


@bp.post(f"{SESSION_PATH}/link")
def make(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    details = session_queries.read_session(actor, project, number)
    form = PlainForm()

    def act(_values: object) -> ParticipantLink:
        return commands.make_link(actor, project, details, lambda id_: _sealer().seal(PURPOSE, id_))

    def on_success(_result: ParticipantLink) -> Response:
        return redirect_to_path(url_for(".page", slug=slug, number=number))

    return submit(
        form, act, on_success, lambda n: _show_link(project, details, n, form.refused_because)
    )


@bp.post(f"{SESSION_PATH}/link/revoke")
def revoke(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    details = session_queries.read_session(actor, project, number)
    form = PlainForm()

    def act(_values: object) -> None:
        commands.revoke_link(actor, project, details)

    def on_success(_result: None) -> Response:
        flash(_("Le lien ne sert plus."))
        return redirect_to_path(session_url(project, details.session))

    return submit(
        form, act, on_success, lambda n: _show_link(project, details, n, form.refused_because)
    )
