"""The unsubscribe link of mails: works without signing in, and does nothing else."""

from uuid import UUID

from flask import Blueprint, Response

from portal.communication.notifications import preference_commands
from portal.communication.notifications.kind_queries import kinds_by_code
from portal.communication.notifications.mail_queries import DIGEST
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.web.rendering import render

bp = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")


@bp.get("/<kind>/<token>")
def ask(kind: str, token: str) -> Response:
    """A page with a button, so that link scanners change nothing."""
    _open_token(kind, token)
    return _render_page(kind, token, is_stopped=False)


@bp.post("/<kind>/<token>")
def stop(kind: str, token: str) -> Response:
    """Unsubscribe; idempotent. No redirect: mail programs POST here too (RFC 8058)."""
    person_id = _open_token(kind, token)
    preference_commands.stop_mails(person_id, None if kind == DIGEST else kind)
    return _render_page(kind, token, is_stopped=True)


def _open_token(kind: str, token: str) -> UUID:
    person_id: UUID | None = get_service(TokenSealer).open(f"unsubscribe {kind}", token)
    if person_id is None or (kind != DIGEST and kind not in kinds_by_code()):
        raise NotFound
    return person_id


def _render_page(kind: str, token: str, *, is_stopped: bool) -> Response:
    label = None if kind == DIGEST else str(kinds_by_code()[kind].label)
    return render(
        "communication/notifications/unsubscribe.html",
        kind=kind,
        token=token,
        label=label,
        is_stopped=is_stopped,
    )
