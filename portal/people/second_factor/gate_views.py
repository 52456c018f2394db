"""The gate between a session and the portal: every request of a signed-in person passes here.

A session opens nothing until its person has proved the second factor that they have, or enrolled
one that a role of theirs demands, whichever way they signed in and whenever the role was given.
"""

from collections.abc import Collection
from datetime import timedelta

from flask import Response, g, request, url_for
from flask_login import current_user

from portal.people.accounts import commands as accounts
from portal.people.programmes.visit_queries import CurrentVisitor
from portal.people.second_factor import policy
from portal.people.second_factor.policy import SignInStep
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.web import actor, recovered_text, rendering, resumed_forms
from portal.platform.web.page_shell import restrict_shell_until_second_factor

_ALWAYS = {"accounts.sign_out", "accounts.language", "passkeys.challenge", "proconnect.signed_out"}
# What a session may open before it is whole.
OPEN_BEFORE = {
    SignInStep.PROVE: _ALWAYS
    | {
        "second_factor.ask_proof",
        "second_factor.verify",
        "second_factor.recover_page",
        "second_factor.use_recovery_code",
    },
    SignInStep.ENROL: _ALWAYS
    | {
        "second_factor.page",
        "second_factor.start_codes",
        "second_factor.codes",
        "second_factor.confirm_codes",
        "passkeys.add_page",
        "passkeys.add",
        "second_factor.recovery",
        "second_factor.finish_enrolment",
        "second_factor.renew_recovery_codes",
        "second_factor.ask_proof",
        "second_factor.verify",
    },
}
WAY_IN_PAGES = {"second_factor", "passkeys", "proconnect", "proconnect_links"}  # they change what opens
OWN_ERASURE = {"erasures.ask_page", "erasures.ask"}
FIRST_PAGES = {SignInStep.PROVE: "second_factor.ask_proof", SignInStep.ENROL: "second_factor.page"}


def is_second_factor_demanded_of(visitor: Actor) -> bool:
    """Tell whether the settings demand a second factor of one of these roles."""
    return policy.is_second_factor_demanded(visitor, get_service(Settings).second_factor_roles)


def is_factor_demanded_here() -> bool:
    """The same for the person of this request, whose roles count only once the session is whole."""
    return bool(g.get("demands_second_factor")) or is_second_factor_demanded_of(actor.get_actor())


def lacks_demanded_factor_here() -> bool:
    """Tell whether tokens and links of this person would be shut, though their session is open."""
    return not current_user.has_second_factor and is_second_factor_demanded_of(actor.get_actor())


def has_session_lapsed(visit: CurrentVisitor) -> bool:
    """Tell whether a session was not used for too long; its last use is noted every ten minutes."""
    settings = get_service(Settings)
    minutes = (
        settings.idle_minutes_demanded if is_second_factor_demanded_of(visit.actor) else settings.idle_minutes
    )
    return visit.last_seen_at < clock.now() - timedelta(minutes=minutes)


def admit_visit(
    visit: CurrentVisitor, public: Collection[str], sensitive: Collection[str]
) -> Response | None:
    """Set the actor of a request, or answer it: with the next step, or with a question.

    A session that is not whole yet is a stranger on `public` pages.
    """
    demanded = is_second_factor_demanded_of(visit.actor)
    step = policy.find_sign_in_step(
        is_demanded=demanded,
        has_second_factor=visit.has_second_factor,
        proved_at=visit.proved_at,
        federated_proof=visit.federated_proof,
    )
    reader = actor.ReaderProfile(visit.name, visit.locale, visit.time_zone)
    if step is None:
        actor.set_actor(visit.actor, reader)
        if request.method in SAFE_METHODS:  # a writer holds the lock that a mark would need
            accounts.record_last_seen(visit.session_id, visit.last_seen_at)
        return _redirect_to_proof_question() if _must_ask_proof_again(visit, sensitive) else None
    if request.endpoint in OPEN_BEFORE[step]:
        actor.set_actor(Actor(visit.actor.person_id, {}), reader)
        g.demands_second_factor = demanded
        restrict_shell_until_second_factor()
        return None
    if request.endpoint in public or request.endpoint is None:
        return None
    return rendering.redirect_window(url_for(FIRST_PAGES[step], next=_find_path_back()))


def _must_ask_proof_again(visit: CurrentVisitor, sensitive: Collection[str]) -> bool:
    endpoint = request.endpoint or ""
    if endpoint not in sensitive:
        return False
    if not visit.has_second_factor and not visit.federated_proof:
        # Only what changes or ends the way in asks for the password again.
        if endpoint.partition(".")[0] not in WAY_IN_PAGES and endpoint not in OWN_ERASURE:
            return False
        return policy.needs_fresh_proof(visit.proved_at or visit.opened_at, clock.now())
    return policy.needs_fresh_proof(visit.proved_at, clock.now())


def _redirect_to_proof_question() -> Response:
    """Lead to the question; a form that was sent is carried by the page that leads there."""
    sent = resumed_forms.read_sent_form()
    if sent is None:
        return rendering.redirect_window(url_for("second_factor.ask_proof", next=_find_path_back()))
    texts = recovered_text.read_texts_without_session()
    return rendering.render("people/second_factor/question.html", status=401, texts=texts, sent=sent)


def _find_path_back() -> str | None:
    """Where the question leads: to the page that was asked for, or that has the button or the file's link."""
    is_get = request.method == "GET" and not rendering.wants_fragment()
    is_file = "." in request.path.rpartition("/")[2]
    own_path = request.full_path.rstrip("?") if is_get else None
    return own_path if own_path and not is_file else rendering.find_referring_path() or own_path
