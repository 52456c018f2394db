"""The link of a mail that stops such mails: it opens without an account and allows no more."""

from uuid import UUID

from flask import Blueprint, Response, current_app

from portal.communication.notifications import preference_commands
from portal.communication.notifications.mail_queries import DIGEST
from portal.communication.notifications.views import kinds
from portal.platform.kernel.errors import NotFound
from portal.platform.web.rendering import render

bp = Blueprint("unsubscribe", __name__, url_prefix="/unsubscribe")


@bp.get("/<kind>/<token>")
def ask(kind: str, token: str) -> Response:
    """A page with a button: programs that look at links change nothing."""
    _open_token(kind, token)
    return _page(kind, token, is_stopped=False)


@bp.post("/<kind>/<token>")
def stop(kind: str, token: str) -> Response:
    """One click, from that page or from a mail program, however often: an answer, no redirect."""
    person_id = _open_token(kind, token)
    preference_commands.stop_mails(person_id, None if kind == DIGEST else kind)
    return _page(kind, token, is_stopped=True)


def _open_token(kind: str, token: str) -> UUID:
    person_id: UUID | None = current_app.extensions["sealer"].open(f"unsubscribe {kind}", token)
    if person_id is None or (kind != DIGEST and kind not in kinds()):
        raise NotFound
    return person_id


def _page(kind: str, token: str, *, is_stopped: bool) -> Response:
    label = None if kind == DIGEST else str(kinds()[kind].label)
    return render(
        "communication/notifications/unsubscribe.html",
        kind=kind,
        token=token,
        label=label,
        done=is_stopped,
    )
