"""A participant's link, for the team: QR code, address, revocation."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import TokenSealer, token_hash
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm
from portal.platform.web.qr_codes import build_qr_code_path
from portal.platform.web.rendering import render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row_to_write
from portal.user_tests.rounds import participant_commands, session_queries
from portal.user_tests.rounds.page_views import SESSION_PATH, build_session_url, trail_to_session
from portal.user_tests.rounds.session_models import ParticipantLink
from portal.user_tests.rounds.session_queries import SessionDetails

PURPOSE = "participant"

bp = Blueprint("participant_links", __name__, url_prefix="/projects/<slug>/tests")


@bp.get(f"{SESSION_PATH}/link")
def page(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, session_queries.read_session)
    return _show_link(project, details)


def _show_link(
    project: Project, details: SessionDetails, status: int = 200, refused: str | None = None
) -> Response:
    url = link_url(details.link) if details.link else None
    return render(
        "user_tests/rounds/link.html",
        status=status,
        project=project,
        details=details,
        link=details.link if url else None,
        url=url,
        code=build_qr_code_path(url) if url else None,
        refused=refused,
        trail=trail_to_session(project, details),
    )


def link_url(link: ParticipantLink) -> str | None:
    """Return the address of a link; None if the key of the installation has changed since."""
    token = make_link_token(link.id)
    if token_hash(token) != link.token_hash:
        return None
    settings = get_service(Settings)
    return settings.public_base_url + url_for("participant.questions", token=token)


def make_link_token(id_: UUID) -> str:
    """Return the token of the link with an id."""
    return get_service(TokenSealer).seal(PURPOSE, id_)


@bp.post(f"{SESSION_PATH}/link")
def make(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, session_queries.read_session)
    form = CreateForm()

    return write(
        form,
        lambda _values: participant_commands.create_participant_link(
            actor, project, details, make_link_token
        ),
        message="",
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _show_link(project, details, status, form.refused_because),
    )


@bp.post(f"{SESSION_PATH}/link/revoke")
def revoke(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, session_queries.read_session)
    form = CreateForm()

    return write(
        form,
        lambda _values: participant_commands.revoke_participant_links(actor, project, details),
        message=_("Le lien ne sert plus."),
        to=build_session_url(project, details.session),
        page=lambda status: _show_link(project, details, status, form.refused_because),
    )
