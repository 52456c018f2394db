"""Error handlers: every exception becomes an HTML page, or JSON for programs."""

import traceback
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.routing import Map, RoutingException

from portal.platform.kernel.database import db, discard_transaction
from portal.platform.kernel.engines import SAFE_METHODS, is_disk_full
from portal.platform.kernel.errors import (
    Conflict,
    CrossSiteRequest,
    NotAllowed,
    NotFound,
    Overtaken,
    RateLimited,
    RuleBroken,
    TooLate,
)
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web import rate_limits
from portal.platform.web.actor import find_actor
from portal.platform.web.api_problems import answer_problem, is_api_request, is_conditional_request
from portal.platform.web.form_submission import IdempotentSubmission
from portal.platform.web.page_shell import disable_shell_context
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.request_blocks import RequestWindow
from portal.platform.web.request_log import request_id

log = structlog.get_logger("portal")

ERROR_PAGES: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("Demande illisible"),
        _l("Ce que votre navigateur a envoyé n’a pas pu être lu. Revenez à la page et réessayez."),
    ),
    403: (_l("Vous ne pouvez pas faire cela"), _l("Votre rôle ne permet pas cette action.")),
    404: (_l("Page introuvable"), _l("Cette page n’existe pas, n’existe plus, ou ne vous est pas ouverte.")),
    405: (_l("Page introuvable"), _l("Cette adresse ne s’ouvre pas de cette façon.")),
    409: (
        _l("Quelqu’un a modifié la même chose"),
        _l("Rien n’a été écrasé. Rouvrez la page pour voir ce qui a changé."),
    ),
    413: (
        _l("Envoi trop volumineux"),
        _l("Le texte ou le fichier dépasse la taille permise. Raccourcissez-le et renvoyez-le."),
    ),
    414: (
        _l("Adresse trop longue"),
        _l("Cette adresse est trop longue pour être ouverte. Repartez d’une page du portail."),
    ),
    422: (_l("Demande refusée"), _l("Ce qui a été envoyé ne suit pas les règles du programme.")),
    429: (_l("Trop d’essais"), _l("Attendez un peu, puis réessayez.")),
    500: (
        _l("Le portail a rencontré une erreur"),
        _l("L’erreur est notée. Rien n’a été enregistré à moitié. Réessayez."),
    ),
    503: (
        _l("Le portail est momentanément indisponible"),
        _l("La base de données ne répond pas. Ce qui était enregistré n’est pas perdu."),
    ),
    507: (
        _l("Le portail n’a plus de place pour écrire"),
        _l(
            "Son disque est plein : vous pouvez lire, pas enregistrer. Rien n’a été gardé à moitié."
            " Copiez votre texte et prévenez ceux qui hébergent le portail."
        ),
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(NotFound, _answer_not_found)
    app.register_error_handler(NotAllowed, lambda refused: answer_refusal(403, str(refused)))
    app.register_error_handler(TooLate, _answer_too_late)
    app.register_error_handler(CrossSiteRequest, _answer_cross_site)
    for overtaken in (Conflict, StaleDataError, IntegrityError):
        app.register_error_handler(overtaken, _answer_conflict)
    app.register_error_handler(RuleBroken, _answer_rule_broken)
    app.register_error_handler(RateLimited, _answer_rate_limited)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(OperationalError, _answer_database_error)
    app.register_error_handler(PoolTimeout, _answer_database_error)
    app.register_error_handler(Exception, _answer_unexpected_error)


def answer_refusal(
    status: int, message: str = "", *, title: str = "", advice: str = "", page: str = "", code: str = ""
) -> Response:
    """An error page (or JSON) with a status; `message` replaces the status's usual sentence.

    `title` and `advice` replace the usual ones; `page` is the path where the person can continue; `code`
    is the problem's for programs of the API.
    """
    if is_api_request():
        return answer_problem(status, message, code)
    usual_title, usual = ERROR_PAGES.get(status, ERROR_PAGES[400])
    sentence = message or str(usual)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(error=sentence, request_id=request_id())
    else:
        texts = {"title": title or str(usual_title), "message": sentence, "advice": advice}
        response = Response(_render_error_page(status, texts, page), mimetype="text/html")
    response.status_code = status
    return response


def _answer_not_found(_error: NotFound) -> Response:
    """Redirect a repeated create form (second click on Delete) to the first one's result."""
    is_write = request.method not in SAFE_METHODS
    return (_find_redirect_to_earlier_result() if is_write else None) or answer_refusal(404)


def _find_redirect_to_earlier_result() -> Response | None:
    """A redirect to the result of the same form submitted earlier; None without one."""
    sender, key = find_actor(), request.form.get("form_key")
    if sender is None or not key:
        return None
    path = IdempotentSubmission(sender.person_id, key).find_earlier_location()
    return redirect_to_path(path) if path else None


def _answer_rule_broken(broken: RuleBroken) -> Response:
    if is_api_request():
        errors = [
            (f"{'?' if field in request.args else '/'}{field}", sentence)
            for field, sentence in broken.faults
            if field
        ]
        return answer_problem(422, broken.message, "rule_broken", errors)
    return answer_refusal(422, broken.message)


def _answer_too_late(error: TooLate) -> Response:
    """The state forbids it, not the role: say why, and link the page to continue on."""
    if is_api_request():
        is_overtaken = isinstance(error, Overtaken)
        return answer_problem(
            409 if is_overtaken else 403, str(error), "overtaken" if is_overtaken else "too_late"
        )
    title = _("Ce n’est pas possible en l’état")
    advice = _("Ce n’est pas une question de droits : revenez à la page précédente, et rechargez-la.")
    if error.page:
        advice = _("La page dit où en sont les choses, et ce que vous pouvez y faire.")
    status = 409 if isinstance(error, Overtaken) else 403
    return answer_refusal(status, str(error), title=title, advice=advice, page=error.page)


def _answer_cross_site(_error: CrossSiteRequest) -> Response:
    return answer_refusal(
        403,
        _("Cette demande vient de la page d’un autre site : rien n’a été fait."),
        title=_("Demande venue d’un autre site"),
        advice=_("Si vous vouliez le faire, ouvrez le portail et recommencez d’ici."),
    )


def _answer_conflict(_error: Exception) -> Response:
    roll_back()
    return answer_refusal(412 if is_conditional_request() else 409)


def _answer_rate_limited(error: RateLimited) -> Response:
    roll_back()
    g.api_window = RequestWindow(error.most, error.seconds, 0, error.wait)
    return rate_limits.add_retry_after(
        answer_refusal(429, rate_limits.rate_limit_sentence(error.wait)), error.wait
    )


def _render_error_page(status: int, texts: dict[str, str], page: str) -> str:
    """The error page; a bare one when rendering fails, such as without a database."""
    if isinstance(request.routing_exception, SecurityError):  # no URL can be built for that host
        return _render_bare_page(texts)
    try:
        return render_template(
            "platform/web/errors/error.html",
            status=status,
            page=page,
            retry_path=_retry_path(),
            request_id=request_id(),
            **texts,
        )
    except Exception as fault:  # noqa: BLE001  an error page must not fail
        log.error("error page", kind=type(fault).__name__)
        roll_back()
        return _render_bare_page(texts)


def _retry_path() -> str | None:
    """The path to try again; None after a form, because the browser's Back keeps what was typed."""
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else None


def _render_bare_page(texts: dict[str, str]) -> str:
    disable_shell_context()
    return render_template(
        "platform/web/errors/bare.html", retry_path=_retry_path(), request_id=request_id(), **texts
    )


def _answer_http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, MethodNotAllowed) and (page := _find_page_of_form()):
        return redirect_to_path(quote(page))  # the path of the request is decoded
    refusal = answer_refusal(status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        refusal.headers["Allow"] = ", ".join(error.valid_methods)
    return refusal


def _find_page_of_form() -> str:
    """The page above an address that forms are sent to, where a person opens it: after a refusal it stays in
    the browser, and reloading asks for it. "" where there is none, or for a program."""
    if request.method not in SAFE_METHODS or is_api_request():
        return ""
    return find_page_above(current_app.url_map, request.path)


def find_page_above(url_map: Map, path: str) -> str:
    """The nearest path above another that is opened by a GET, the home page left out; "" without one."""
    addresses = url_map.bind("")
    while path := path.rpartition("/")[0]:
        with suppress(HTTPException, RoutingException):
            addresses.match(path, method="GET")
            return path
    return ""


def _answer_database_error(error: Exception) -> Response:
    roll_back()
    if isinstance(error, DBAPIError) and is_disk_full(error):
        log.error("disk full", kind=type(error).__name__)
        return answer_refusal(507)
    disable_shell_context()
    log.error("database", kind=type(error).__name__)
    response = answer_refusal(503)
    response.headers["Retry-After"] = "30"
    return response


def _answer_unexpected_error(error: Exception) -> Response:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _answer_database_error(error)
    roll_back()
    # Frames without the message: a database error quotes the row, which may be personal data.
    log.error("fault", kind=type(error).__name__, frames=traceback.format_tb(error.__traceback__)[-12:])
    return answer_refusal(500)


def roll_back() -> None:
    """Roll back, so that the error page can read the database."""
    try:
        discard_transaction()
    except Exception as fault:  # noqa: BLE001  the database is what failed
        log.warning("rollback", kind=type(fault).__name__)
        db.session.remove()
