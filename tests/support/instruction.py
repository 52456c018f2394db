"""Decisions of instructors on the applications of a procedure, with its refusals."""

import base64
from collections.abc import Sequence
from typing import Any

from tests.support.dossiers import Dossier

INSTRUCTOR = "SW5zdHJ1Y3RldXItMQ=="
_STATES = {
    "dossierPasserEnInstruction": ("en_construction", "en_instruction"),
    "dossierAccepter": ("en_instruction", "accepte"),
    "dossierRefuser": ("en_instruction", "refuse"),
    "dossierClasserSansSuite": ("en_instruction", "sans_suite"),
}
DECISIONS: list[tuple[int, str, str, bool]] = []  # number, mutation, motivation, mails the applicant


def decide(dossiers: Sequence[Dossier], query: str, given: dict[str, Any]) -> dict[str, Any]:
    """Apply a mutation; returns its payload."""
    name = next((each for each in _STATES if f"{each}(" in query), "")
    if not name:  # a question, whose answer alone is lost
        return {}
    number = int(base64.b64decode(given["dossierId"]).decode().partition("-")[2])
    dossier = next(each for each in dossiers if each.number == number)
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
