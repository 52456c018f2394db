"""Sentences and labels of applications."""

from collections.abc import Mapping, Sequence

from portal.platform.kernel.text import LazyString, format_number, lower_first
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.applications.list_queries import EligibilityFilter, ListedApplication
from portal.selection.applications.models import Application, ApplicationOrigin, ApplicationState
from portal.selection.applications.timeline_queries import TimelineEvent
from portal.selection.calls.models import Call, CallState

STATES: Mapping[ApplicationState, LazyString] = {
    ApplicationState.RECEIVED: _l("Reçue"),
    ApplicationState.ELIGIBLE: _l("Éligible"),
    ApplicationState.NOT_ELIGIBLE: _l("Non éligible"),
    ApplicationState.SCORED: _l("Notée"),
    ApplicationState.LAUREATE: _l("Lauréate"),
    ApplicationState.WAITING_LIST: _l("Liste d’attente"),
    ApplicationState.NOT_SELECTED: _l("Non retenue"),
    ApplicationState.WITHDRAWN: _l("Retirée"),
}
STATE_KINDS: Mapping[ApplicationState, str] = {
    ApplicationState.ELIGIBLE: "info",
    ApplicationState.LAUREATE: "success",
    ApplicationState.NOT_ELIGIBLE: "warning",
}
ELIGIBILITIES: Mapping[EligibilityFilter, LazyString] = {
    EligibilityFilter.TO_JUDGE: _l("À juger"),
    EligibilityFilter.ELIGIBLE: _l("Éligible"),
    EligibilityFilter.NOT_ELIGIBLE: _l("Non éligible"),
}
ORIGINS: Mapping[ApplicationOrigin, LazyString] = {
    ApplicationOrigin.TYPED: _l("Saisie ici"),
    ApplicationOrigin.API: _l("Démarches simplifiées"),
    ApplicationOrigin.FILE: _l("Fichier"),
}
ANSWERS: Mapping[str, LazyString] = {
    "summary": _l("Résumé"),
    "problem": _l("Problème à résoudre"),
    "benefits": _l("Bénéfices attendus"),
    "data_sources": _l("Données"),
    "target_groups": _l("Publics visés"),
    "ethical_risks": _l("Risques éthiques"),
}
FIELDS: Mapping[str, LazyString] = {
    "title": _l("Titre du projet"),
    "organisation": _l("Organisme"),
    "company_number": _l("Numéro SIREN ou SIRET"),
    **ANSWERS,
    "contact_name": _l("Personne à joindre"),
    "contact_email": _l("Son adresse électronique"),
    "members": _l("Équipe"),
    "received_on": _l("Reçue le"),
}
# By code of the audit action: a sentence with `%(who)s` and `%(person)s`.
EVENTS: Mapping[str, LazyString] = {
    "application.received": _l("Candidature enregistrée par %(who)s"),
    "application.changed": _l("Candidature modifiée par %(who)s"),
    "application.judged": _l("Éligibilité jugée par %(who)s"),
    "application.withdrawn": _l("Candidature retirée, notée par %(who)s"),
    "application.withdrawal_undone": _l("Retrait annulé par %(who)s"),
    "application.restored": _l("Candidature rétablie"),
    "application.replied": _l("Décision envoyée à la démarche"),
    "application.wrote": _l("Message de %(who)s"),
    "application.assigned": _l("Confiée à %(person)s par %(who)s"),
    "application.recused": _l("Récusation de %(person)s par %(who)s"),
    "application.cleared": _l("%(person)s ne déclare aucun intérêt"),
    "application.conflict_declared": _l("%(person)s déclare un intérêt"),
    "application.conflict_taken_back": _l("%(person)s reprend l’intérêt déclaré par erreur"),
    "application.conflict_confirmed": _l("Intérêt de %(person)s confirmé par %(who)s"),
    "application.conflict_set_aside": _l("Intérêt de %(person)s écarté par %(who)s"),
    "application.lead_named": _l("Nomination de %(person)s par %(who)s, pour la suivre"),
    "application.lead_undo_asked": _l("Changement de direction demandé par %(who)s"),
    "application.lead_unnamed": _l("Nomination de %(person)s retirée par %(who)s"),
    "application.lead_let_in": _l("Accès rendu à %(person)s par %(who)s"),
    "scores.sent": _l("Notes envoyées par %(who)s"),
    "scores.opened": _l("Notes ouvertes"),
    "scores.changed": _l("Note changée par %(who)s"),
    "decision.written": _l("Décision écrite par %(who)s"),
    "decision.published": _l("Décision publiée"),
    "appeal.received": _l("Recours reçu"),
    "appeal.examined": _l("Recours examiné"),
    "appeal.closed": _l("Recours clos"),
    "application.became_project": _l("Devenue un projet, par %(who)s"),
    "file.attached": _l("Fichier joint par %(who)s"),
}


def event_sentence(event: TimelineEvent) -> str:
    """What happened, as a sentence, with the fields that changed."""
    sentence = str(EVENTS.get(event.code, event.code))
    names = {"who": event.who or _name_run(event) or _("le portail")}
    names["person"] = event.person or _("une personne")
    fields = [lower_first(str(FIELDS[name])) for name in event.facts.get("fields", ()) if name in FIELDS]
    if not fields:
        return sentence % names
    return _("%(event)s : %(fields)s", event=sentence % names, fields=", ".join(fields))


def _name_run(event: TimelineEvent) -> str:
    """The import that did it, and who started it; "" where none did."""
    number = event.facts.get("run")
    if number is None:
        return ""
    if event.person:
        return _("l’import %(n)s, lancé par %(person)s", n=number, person=event.person)
    return _("l’import %(n)s", n=number)


def jury_sheet_count_label(line: ListedApplication) -> str:
    """How many sheets are in of those awaited; "" for readers who may not know."""
    if line.sent is None or not line.assigned:
        return ""
    return _("%(sent)s sur %(all)s", sent=line.sent, all=line.assigned)


def ranking_total_label(hundredths: int | None) -> str:
    """A total of the ranking in the reader's language: « 66,67 »."""
    return "" if hundredths is None else format_number(hundredths / 100, "0.00")


def list_answers(application: Application) -> Sequence[tuple[str, str]]:
    """The answers that say something, with their headings."""
    rows = ((str(label), getattr(application, name)) for name, label in ANSWERS.items())
    return [(label, text) for label, text in rows if text]


def explain_final_withdrawal(application: Application, call: Call) -> str:
    """Why a reader does not undo a withdrawal."""
    if application.state is not ApplicationState.WITHDRAWN:
        return _("Cette candidature n’est pas retirée.")
    if application.withdrawn_by_id is None and application.origin is not ApplicationOrigin.TYPED:
        return _("La source a confirmé ce retrait\u00a0: il est définitif.")
    if call.state is not CallState.OPEN:
        return _("L’appel n’est plus ouvert\u00a0: ce retrait est définitif.")
    return _("Seule la personne qui a noté ce retrait l’annule, tant que l’appel est ouvert.")
