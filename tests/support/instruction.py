"""Decisions of instructors on the applications of a procedure, with its refusals."""

import base64
from collections.abc import Sequence
from typing import Any

from tests.support.dossiers import ANNOTATIONS, Dossier

INSTRUCTOR = "SW5zdHJ1Y3RldXItMQ=="
_STATES = {
    "dossierPasserEnInstruction": ("en_construction", "en_instruction"),
    "dossierAccepter": ("en_instruction", "accepte"),
    "dossierRefuser": ("en_instruction", "refuse"),
    "dossierClasserSansSuite": ("en_instruction", "sans_suite"),
}
ANNOTATE = "dossierModifierAnnotations"
DECISIONS: list[tuple[int, str, str, bool]] = []  # number, mutation, motivation, mails the applicant


def tell_reply(dossier: Dossier, variables: dict[str, Any]) -> dict[str, Any]:
    """The state of an application, and its annotations or the one that is asked for."""
    ids = (
        [variables["annotation"]] if variables["annotation"] else [id_ for id_, _label, _kind in ANNOTATIONS]
    )
    annotations = [{"champDescriptorId": id_, "stringValue": dossier.annotations.get(id_, "")} for id_ in ids]
    return {"state": dossier.state, "annotations": annotations}


def decide(dossiers: Sequence[Dossier], query: str, given: dict[str, Any]) -> dict[str, Any]:
    """Apply a mutation; returns its payload."""
    name = next((each for each in (*_STATES, ANNOTATE) if f"{each}(" in query), "")
    if not name:  # a question, whose answer alone is lost
        return {}
    number = int(base64.b64decode(given["dossierId"]).decode().partition("-")[2])
    dossier = next(each for each in dossiers if each.number == number)
    if name == ANNOTATE:
        return {name: {"errors": _annotate(dossier, given)}}
    before, after = _STATES[name]
    refusal = ""
    if given["instructeurId"] != INSTRUCTOR:
        refusal = "L’instructeur n’a pas les droits d’accès à ce dossier"
    elif dossier.state != before:
        refusal = f"Le dossier est déjà {dossier.state}"
    elif name in {"dossierRefuser", "dossierClasserSansSuite"} and not given.get("motivation"):
        refusal = "Motivation manquante"
    if not refusal:
        dossier.state = after
        DECISIONS.append((number, name, given.get("motivation", ""), not given["disableNotification"]))
    return {name: {"errors": [{"message": refusal}] if refusal else None}}


def _annotate(dossier: Dossier, given: dict[str, Any]) -> list[dict[str, str]] | None:
    """Write annotations: each takes the one key of its type."""
    kinds = {id_: kind for id_, _label, kind in ANNOTATIONS}
    for each in given["annotations"]:
        key = {"Text": "text", "Textarea": "textarea"}.get(kinds.get(each["id"], ""))
        if list(each["value"]) != [key] or given["instructeurId"] != INSTRUCTOR:
            return [{"message": "L’annotation n’a pas ce type"}]
        dossier.annotations[each["id"]] = each["value"][key]
        DECISIONS.append((dossier.number, ANNOTATE, each["value"][key], False))
    return None
