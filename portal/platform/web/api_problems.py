"""Refusals of the API as `application/problem+json` (RFC 9457), with a stable code and a sentence."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields

from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import API_PREFIX, Settings
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.request_log import request_id

PROBLEM_TYPE = "application/problem+json"
PLAIN = "identity"  # the one encoding of bodies that is read

# The code and the sentence of each status, where a refusal says nothing else.
PROBLEMS: Mapping[int, tuple[str, LazyString]] = {
    400: ("malformed", _l("La demande n’a pas pu être lue.")),
    401: ("unauthenticated", _l("Il faut un jeton d’accès, ni expiré ni retiré.")),
    403: ("forbidden", _l("Votre rôle ne permet pas cette action.")),
    404: ("not_found", _l("Cela n’existe pas, ou n’est pas ouvert à votre compte.")),
    405: ("method_not_allowed", _l("Cette adresse ne s’emploie pas de cette façon.")),
    409: ("conflict", _l("Quelqu’un a modifié la même chose. Rien n’a été écrasé.")),
    412: ("precondition_failed", _l("Ce n’est plus la version que vous avez lue. Rien n’a été écrasé.")),
    413: ("too_large", _l("L’envoi dépasse la taille permise.")),
    414: ("too_long", _l("Cette adresse est trop longue.")),
    415: ("unsupported_type", _l("Le corps n’est pas du type attendu.")),
    422: ("invalid", _l("Ce qui a été envoyé ne suit pas les règles.")),
    428: ("precondition_required", _l("Donnez la version lue, dans If-Match.")),
    429: ("rate_limited", _l("Trop de demandes. Attendez, puis réessayez.")),
    500: ("fault", _l("Le portail a rencontré une erreur. Rien n’a été enregistré à moitié.")),
    503: ("unavailable", _l("La base de données ne répond pas. Réessayez dans un moment.")),
    507: ("no_space", _l("Le portail n’a plus de place pour écrire.")),
}

# Of what came too late, whoever came first: often the same person.
_DONE = _l("C’est déjà fait, ou l’état a changé entre-temps.")
# What else a refusal may be for, by its code: its status and a sentence.
REASONS: Mapping[str, tuple[int, LazyString]] = {
    "insufficient_scope": (403, _l("La portée du jeton ne couvre pas cette demande.")),
    "invalid_key": (422, _l("La clé d’Idempotency-Key est trop longue.")),
    "key_refused": (422, _l("Un fichier ou une réponse anonyme ne prend pas d’Idempotency-Key.")),
    "key_reused": (422, _l("La clé d’Idempotency-Key a déjà servi pour une autre demande.")),
    "maintenance": (503, _l("Le portail est en maintenance.")),
    "overtaken": (409, _DONE),
    "proof_required": (403, _l("Le portail redemande ici le second facteur, ce qu’aucun jeton ne donne.")),
    "rule_broken": (422, _l("Une règle du portail s’y oppose : detail la dit, errors nomme le champ.")),
    "second_factor_required": (403, _l("Le compte doit avoir un second facteur.")),
    "too_late": (403, _l("L’état de la chose ne le permet pas, ou plus.")),
}


# Of codes whose status says too little: what is wrong, as short.
TITLES: Mapping[str, LazyString] = {
    "second_factor_required": _l("Il manque un second facteur."),
    "maintenance": _l("Le portail est en maintenance."),
}
# The title of a refusal for another reason than the usual one of its status.
_OTHER_TITLES: Mapping[int, LazyString] = {403: _l("Cette demande est refusée."), 409: _DONE}


class ApiRefusal(Exception):
    """A refusal by the conventions of the API; `errors` are (JSON pointer, sentence) pairs."""

    def __init__(
        self,
        status: int,
        code: str = "",
        sentence: str | LazyString = "",
        errors: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(status, code)
        self.status, self.code, self.sentence = status, code, sentence
        self.errors = list(errors)


def build_forbidden_filter_refusal(names: Iterable[str]) -> ApiRefusal:
    """The refusal of parameters of a list that are about what the role of the caller does not see: an
    empty list would say that there is nothing."""
    sentence = _("Votre rôle ne permet pas ce filtre.")
    return ApiRefusal(422, errors=[(f"?{name}", sentence) for name in names])


class ProblemErrorSchema(Schema):
    """A fault of one field or parameter."""

    pointer = fields.String(
        required=True, metadata={"description": "A JSON pointer (empty: the whole body), or ?parameter."}
    )
    detail = fields.String(required=True)


class ProblemSchema(Schema):
    """A refusal (RFC 9457): `code` is stable, `detail` is a sentence in the reader's language."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema))


def is_api_request() -> bool:
    """Whether the request is for the API: an address below its prefix, known or not."""
    return request.path == API_PREFIX or request.path.startswith(f"{API_PREFIX}/")


def is_conditional_request() -> bool:
    """Whether a request of the API says on which version it depends."""
    return is_api_request() and "If-Match" in request.headers


def answer_problem(
    status: int, sentence: str | LazyString = "", code: str = "", errors: Iterable[tuple[str, str]] = ()
) -> Response:
    """The problem of a status; `code` and `sentence` replace the usual ones."""
    usual_code, usual = PROBLEMS.get(status, PROBLEMS[400])
    code = code or usual_code
    problem: dict[str, Any] = {
        "type": f"{get_service(Settings).public_base_url}/api#{code}",
        "title": str(TITLES.get(code) or (usual if code == usual_code else _OTHER_TITLES.get(status, usual))),
        "status": status,
        "detail": str(sentence or usual),
        "code": code,
        "request_id": request_id(),
    }
    listed = [{"pointer": pointer, "detail": detail} for pointer, detail in errors]
    if listed:
        problem["errors"] = listed
    response = Response(json.dumps(problem, ensure_ascii=False), status, mimetype=PROBLEM_TYPE)
    if status == 415:
        response.headers["Accept-Encoding"] = PLAIN
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
