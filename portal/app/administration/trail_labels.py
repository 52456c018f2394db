"""Words of the trail: kinds of things, filters, and a sentence for each line."""

from collections.abc import Mapping, Sequence

from portal.app.administration import trail
from portal.app.administration.action_labels import ACTION_LABELS
from portal.app.administration.models import VerificationStage
from portal.app.administration.trail import TrailLine
from portal.communication.directory.labels import EVENT_LABELS
from portal.platform.kernel.audit import ACTIONS
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

FILTERS: Mapping[str, LazyString] = {
    "person": _l("Adresse de la personne"),
    "kind": _l("Chose"),
    "row_id": _l("Identifiant de la chose"),
    "since": _l("Du"),
    "until": _l("Au"),
    "before": _l("Page"),
}
STAGES: Mapping[VerificationStage, tuple[LazyString, str]] = {
    VerificationStage.WAITING: (_l("En cours"), "info"),
    VerificationStage.WHOLE: (_l("Journal entier"), "success"),
    VerificationStage.BROKEN: (_l("Journal touché"), "error"),
    VerificationStage.FAILED: (_l("Interrompue"), "warning"),
}
# The first words of actions, in the words of the pages.
KINDS: Mapping[str, LazyString] = {
    "agreement": _l("Convention"),
    "api_token": _l("Jeton d’accès"),
    "appeal": _l("Recours"),
    "application": _l("Candidature"),
    "archive": _l("Archive de programme"),
    "assumption": _l("Hypothèse"),
    "backlog": _l("Carnet"),
    "calendar_link": _l("Lien de calendrier"),
    "call": _l("Appel"),
    "card": _l("Fiche publique"),
    "change": _l("Demande de changement"),
    "change_plan": _l("Plan de changement"),
    "clinic": _l("Demande d’aide"),
    "coach_note": _l("Note entre coachs"),
    "coaching": _l("Séance d’accompagnement"),
    "comment": _l("Message"),
    "committee": _l("Comité"),
    "condition": _l("Condition d’une revue"),
    "consent": _l("Texte de consentement"),
    "data_export": _l("Export de données"),
    "data_source": _l("Source de données"),
    "decision": _l("Décision"),
    "deliberation": _l("Procès-verbal de délibération"),
    "demonstration": _l("Démonstration"),
    "engagement": _l("Engagement de l’équipe"),
    "erasure": _l("Effacement"),
    "evaluation": _l("Évaluation"),
    "file": _l("Fichier"),
    "finding": _l("Constat"),
    "funding": _l("Suivi du financement"),
    "funding_report": _l("Rapport au financeur"),
    "funding_terms": _l("Règles du financement"),
    "gate": _l("Jalon"),
    "gate_terms": _l("Exigences des jalons"),
    "gates": _l("Jalons d’un projet"),
    "gathering": _l("Séance collective"),
    "health": _l("Santé"),
    "health_terms": _l("Seuils de santé"),
    "installation": _l("Installation"),
    "instalment": _l("Versement"),
    "interview": _l("Entretien"),
    "item": _l("Élément"),
    "jury": _l("Jury"),
    "letter": _l("Courriel"),
    "machine": _l("Compte de machine"),
    "metric": _l("Indicateur"),
    "mitigation": _l("Mesure d’une revue"),
    "pack": _l("Dossier de comité"),
    "panel": _l("Réunion de jury"),
    "participant_link": _l("Lien de participant"),
    "payment": _l("Paiement"),
    "person": _l("Compte"),
    "plan": _l("Plan des jalons"),
    "portfolio": _l("Portefeuille"),
    "portfolio_view": _l("Vue du portefeuille"),
    "proconnect": _l("ProConnect"),
    "programme": _l("Programme"),
    "project": _l("Projet"),
    "protocol": _l("Protocole d’évaluation"),
    "prototype": _l("Version du prototype"),
    "questionnaire": _l("Questionnaire"),
    "recommendation": _l("Recommandation"),
    "recovery": _l("Codes de secours"),
    "rereview": _l("Réexamen"),
    "retention": _l("Durée de conservation"),
    "retro_action": _l("Action de rétrospective"),
    "retrospective": _l("Rétrospective"),
    "review": _l("Revue éthique"),
    "risk": _l("Risque"),
    "risks": _l("Registre des risques"),
    "role": _l("Rôle"),
    "round": _l("Série de tests"),
    "scores": _l("Notes du jury"),
    "second_factor": _l("Second facteur"),
    "sheet": _l("Fiche de préparation"),
    "sprint": _l("Sprint"),
    "target_group": _l("Public visé"),
    "test_session": _l("Séance de test"),
    "test_sessions": _l("Séances de test"),
    "test_task": _l("Tâche de test"),
    "thread": _l("Discussion"),
    "track": _l("Volet"),
    "trail": _l("Journal"),
    "transparency": _l("Fiche de transparence"),
    "webhook": _l("Webhook"),
}


def list_kinds() -> Sequence[tuple[str, str]]:
    """The kinds of things to choose from, by label."""
    return sorted(((kind, kind_label(kind)) for kind in trail.list_kinds()), key=lambda pair: pair[1].lower())


def kind_label(kind: str) -> str:
    """The word for a kind of thing; its code where the pages have none."""
    label = KINDS.get(kind)
    return str(label) if label else kind


def line_label(line: TrailLine) -> str:
    """What happened, with the number of the thing and without other facts; the code of an action that
    an earlier version recorded and this one does not know."""
    label = EVENT_LABELS.get(line.action) or ACTION_LABELS.get(line.action)
    if label is not None:
        return str(label) if line.number is None else _("%(deed)s, n° %(n)s", deed=label, n=line.number)
    action = ACTIONS.get(line.action)
    if action is None or action.sentence is None:
        kind = kind_label(line.action.partition(".")[0])
        return f"{kind} ({line.action})"
    facts = {} if line.number is None else {"number": str(line.number)}
    words = str(action.sentence) % _Unsaid(facts)
    return words[:1].upper() + words[1:]


class _Unsaid(dict[str, str]):
    """Facts of a sentence are content: no other is shown."""

    def __missing__(self, _name: str) -> str:
        return "…"
