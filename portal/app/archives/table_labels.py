"""What the pages of an archive call the main kinds of rows; other tables are in its data only."""

from collections.abc import Mapping

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

# Of tables whose rows have no page in an archive, for whoever decides on a text that names somebody.
UNLISTED: Mapping[str, LazyString] = {
    "access_step": _l("Accès aux données"),
    "attachment_text": _l("Contenu des fichiers"),
    "imported_file": _l("Fichiers importés"),
    "installation_state": _l("Réglages et bandeau"),
    "juror_score": _l("Notes du jury"),
    "metric_definition": _l("Indicateurs"),
    "person": _l("Comptes"),
    "programme": _l("Programme"),
    "programme_departure": _l("Programmes partis"),
    "questionnaire_edition": _l("Questionnaires"),
    "sheet_section": _l("Fiches"),
}
TABLES: Mapping[str, LazyString] = {
    "agreement_amendment": _l("Avenants"),
    "application": _l("Candidatures"),
    "application_appeal": _l("Recours"),
    "application_decision": _l("Décisions sur les candidatures"),
    "application_member": _l("Équipes candidates"),
    "assumption": _l("Hypothèses"),
    "attachment": _l("Fichiers"),
    "awaited_decision": _l("Décisions demandées"),
    "call": _l("Appels"),
    "call_criterion": _l("Critères des appels"),
    "change_plan": _l("Plan de changement"),
    "clinic": _l("Demandes d’aide"),
    "coach_note": _l("Notes de coachs"),
    "coaching_decision": _l("Décisions de séance"),
    "coaching_session": _l("Séances d’accompagnement"),
    "comment": _l("Messages"),
    "committee": _l("Comités"),
    "consent_text": _l("Textes de consentement"),
    "data_source": _l("Sources de données"),
    "declared_weather": _l("Météo"),
    "deliberation": _l("Procès-verbaux de délibération"),
    "demonstration": _l("Démonstrations"),
    "engagement": _l("Engagement de l’équipe"),
    "evaluation_protocol": _l("Protocoles d’évaluation"),
    "evaluation_run": _l("Évaluations"),
    "finding": _l("Constats"),
    "funding_agreement": _l("Convention"),
    "funding_change": _l("Demandes de modification"),
    "funding_terms": _l("Règles du financement"),
    "gate_decision": _l("Décisions de jalon"),
    "gate_terms": _l("Exigences des jalons"),
    "gathering": _l("Séances collectives"),
    "health_override": _l("Santé corrigée"),
    "impact_metric": _l("Indicateurs"),
    "instalment": _l("Versements"),
    "interview": _l("Entretiens"),
    "invitation": _l("Invitations"),
    "item": _l("Carnet"),
    "iteration": _l("Sprints, tels que le carnet les voit"),
    "ledger_entry": _l("Grand livre"),
    "measurement": _l("Mesures"),
    "mitigation": _l("Mesures contre les risques"),
    "panel": _l("Réunions de jury"),
    "pivot": _l("Changements de voie"),
    "project": _l("Projet"),
    "prototype_version": _l("Versions du prototype"),
    "public_card": _l("Carte publique"),
    "recommendation": _l("Recommandations"),
    "retest": _l("Nouveaux tests"),
    "retro_action": _l("Actions de rétrospective"),
    "retrospective": _l("Rétrospectives"),
    "review": _l("Revues éthiques"),
    "review_answer": _l("Réponses aux revues"),
    "review_condition": _l("Conditions des revues"),
    "review_decision": _l("Décisions des revues"),
    "risk": _l("Risques"),
    "role_assignment": _l("Rôles"),
    "sprint": _l("Sprints"),
    "subgroup_result": _l("Résultats par sous-groupe"),
    "target_group": _l("Publics visés"),
    "task_result": _l("Résultats des tâches"),
    "test_round": _l("Séries de tests"),
    "test_session": _l("Séances de test"),
    "test_task": _l("Tâches de test"),
    "thread": _l("Discussions"),
    "track": _l("Volets"),
    "transparency_part": _l("Fiche de transparence"),
}


def table_label(name: str) -> str:
    """The heading of a table's rows; "" for one that pages leave out."""
    label = TABLES.get(name)
    return str(label) if label else ""


def row_kind_label(name: str) -> str:
    """What people call the rows of a table, "" for those that only the portal writes."""
    return str(TABLES.get(name) or UNLISTED.get(name, ""))
