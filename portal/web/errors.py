"""Every refusal, answered once: a page for people, JSON for programs."""

import traceback
from typing import Any

import structlog
from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from portal.kernel.db import db
from portal.kernel.engines import SAFE_METHODS, is_full
from portal.kernel.errors import (
    Conflict,
    FromElsewhere,
    Gone,
    NotAllowed,
    NotFound,
    RuleBroken,
    TooLate,
    TooOften,
)
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.web import limits
from portal.web.actor import find_actor
from portal.web.render import see_path
from portal.web.request_log import request_id
from portal.web.sendings import Sending
from portal.web.shell import stand_alone

log = structlog.get_logger("portal")

PAGES: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("Demande illisible"),
        _l("Ce que votre navigateur a envoyé n’a pas pu être lu. Revenez à la page et réessayez."),
    ),
    403: (_l("Vous ne pouvez pas faire cela"), _l("Votre rôle ne permet pas cette action.")),
    404: (
        _l("Page introuvable"),
        _l("Cette page n’existe pas, ou elle n’est pas ouverte à votre compte."),
    ),
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
    app.register_error_handler(NotFound, _answer_missing)
    app.register_error_handler(NotAllowed, lambda refused: answer(403, str(refused)))
    app.register_error_handler(TooLate, _answer_too_late)
    app.register_error_handler(FromElsewhere, _answer_elsewhere)
    for overtaken in (Conflict, StaleDataError, IntegrityError):
        app.register_error_handler(overtaken, _answer_overtaken)
    app.register_error_handler(RuleBroken, lambda broken: answer(422, broken.message))
    app.register_error_handler(TooOften, _answer_too_often)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(OperationalError, _answer_database)
    app.register_error_handler(PoolTimeout, _answer_database)
    app.register_error_handler(Exception, _answer_fault)


def answer(
    status: int, message: str = "", *, title: str = "", advice: str = "", page: str = ""
) -> Response:
    """The page (or JSON) of a refusal; `message` is a sentence for the person.

    `advice` says what to do in place of what its status usually advises, `page` is where to do it.
    """
    usual_title, usual = PAGES.get(status, PAGES[400])
    sentence = message or str(usual)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(error=sentence, request_id=request_id())
    else:
        words = {"title": title or str(usual_title), "message": sentence, "advice": advice}
        response = Response(_page(status, words, page), mimetype="text/html")
    response.status_code = status
    return response


def _answer_missing(_error: NotFound) -> Response:
    """A second click on what removes a thing is no mistake: it leads where the first one did."""
    sent = request.method not in SAFE_METHODS
    return (_find_earlier() if sent else None) or answer(404)


def _find_earlier() -> Response | None:
    """Where the same create form led that was sent before; None for anything else."""
    sender, key = find_actor(), request.form.get("form_key")
    if sender is None or not key:
        return None
    path = Sending(sender.person_id, key).find_earlier()
    return see_path(path) if path else None


def _answer_too_late(error: TooLate) -> Response:
    """Not the role: the state of things forbids it. Says which, and where one goes on."""
    title = _("Ce n’est pas possible en l’état")
    advice = _(
        "Ce n’est pas une question de droits : revenez à la page précédente, et rechargez-la."
    )
    if error.page:
        advice = _("La page dit où en sont les choses, et ce que vous pouvez y faire.")
    status = 409 if isinstance(error, Gone) else 403
    return answer(status, str(error), title=title, advice=advice, page=error.page)


def _answer_elsewhere(_error: FromElsewhere) -> Response:
    return answer(
        403,
        _("Cette demande vient de la page d’un autre site : rien n’a été fait."),
        title=_("Demande venue d’un autre site"),
        advice=_("Si vous vouliez le faire, ouvrez le portail et recommencez d’ici."),
    )


def _answer_overtaken(_error: Exception) -> Response:
    forget()
    return answer(409)


def _answer_too_often(error: TooOften) -> Response:
    forget()
    return limits.ask_to_wait(answer(429, limits.sentence(error.wait)), error.wait)


def _page(status: int, words: dict[str, str], page: str) -> str:
    """The error page; a bare one where even that cannot be drawn, such as without a database."""
    if isinstance(request.routing_exception, SecurityError):  # no address can be made for that host
        return _bare_page(words)
    try:
        return render_template(
            "errors/error.html",
            status=status,
            page=page,
            again=_where_again(),
            request_id=request_id(),
            **words,
        )
    except Exception as fault:  # noqa: BLE001  the page of an error must not be another one
        log.error("error page", kind=type(fault).__name__)
        forget()
        return _bare_page(words)


def _where_again() -> str | None:
    """What to open to try once more. None after a form: its page, opened again, would be empty,
    while the browser's way back leads to what was typed.
    """
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else None


def _bare_page(words: dict[str, str]) -> str:
    stand_alone()
    again = _where_again()
    return render_template("errors/bare.html", again=again, request_id=request_id(), **words)


def _answer_http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    return answer(status)


def _answer_database(error: Exception) -> Response:
    forget()
    if isinstance(error, DBAPIError) and is_full(error):
        log.error("disk full", kind=type(error).__name__)
        return answer(507)
    stand_alone()
    log.error("database", kind=type(error).__name__)
    response = answer(503)
    response.headers["Retry-After"] = "30"
    return response


def _answer_fault(error: Exception) -> Response:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _answer_database(error)
    forget()
    # Frames without the message: a database's message quotes the row, which may be personal.
    log.error(
        "fault", kind=type(error).__name__, frames=traceback.format_tb(error.__traceback__)[-12:]
    )
    return answer(500)


def forget() -> None:
    """Leave the transaction, so that the page of the refusal may read."""
    try:
        db.session.rollback()
    except Exception as again:  # noqa: BLE001  the database is what failed
        log.warning("rollback", kind=type(again).__name__)
        db.session.remove()
