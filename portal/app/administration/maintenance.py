"""Maintenance: while it lasts, administrators alone get past the sign-in."""

from flask import Flask, Response, request

from portal.app.administration.installation import get_installation_state_cache
from portal.people.programmes.policy import can_administer
from portal.people.second_factor.gate_views import OPEN_BEFORE
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import find_actor
from portal.platform.web.error_pages import answer_refusal

RETRY_AFTER = 300  # seconds
# The ways in and out, what machines ask, and what the law wants readable.
OPEN_IN_MAINTENANCE = frozenset(
    {"accounts.sign_in", "accounts.open_session", "passkeys.sign_in", "pages.legal", "pages.accessibility"}
    | {"pages.privacy", "proconnect.start", "proconnect.come_back", "proconnect.finish"}
).union(*OPEN_BEFORE.values())


def init_app(app: Flask, machine_endpoints: frozenset[str]) -> None:
    """Refuse everybody else with 503. After whoever asks was identified."""

    @app.before_request
    def refuse() -> Response | None:
        if get_installation_state_cache().notice.maintenance_since is None:
            return None
        actor = find_actor()
        if request.endpoint in OPEN_IN_MAINTENANCE | machine_endpoints or (actor and can_administer(actor)):
            return None
        response = answer_refusal(
            503,
            _("Les administrateurs travaillent dessus. Ce que vous aviez enregistré est gardé."),
            title=_("Le portail est en maintenance"),
            advice=_("Revenez dans quelques minutes."),
            code="maintenance",
        )
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
