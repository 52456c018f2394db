"""Labels and sentences about triggers, their causes and their answers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.rereviews.models import AwaitedReply, Trigger, TriggerAnswer
from portal.ethics.rereviews.queries import ConcernedReview
from portal.ethics.rereviews.trigger_rules import Cause
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import LazyString, format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.prototypes.labels import AUTOMATIONS_IN_SHORT
from portal.sprints.prototypes.models import Automation

WAITS: dict[AwaitedReply, LazyString] = {
    AwaitedReply.ANSWER: _l("Attend une réponse"),
    AwaitedReply.CONFIRMATION: _l("Attend d’être confirmé"),
    AwaitedReply.NOBODY: _l("Traité"),
}
WAITS_KINDS: dict[AwaitedReply, str | None] = {
    AwaitedReply.ANSWER: "warning",
    AwaitedReply.CONFIRMATION: "info",
}
ANSWERS: dict[TriggerAnswer, LazyString] = {
    TriggerAnswer.NO_IMPACT: _l("Sans effet sur ce qui a été décidé"),
    TriggerAnswer.PARTIAL: _l("Revue partielle : les sections touchées rouvrent"),
    TriggerAnswer.FULL: _l("Revue entière : tout est à revoir"),
}
ANSWERED: dict[TriggerAnswer, LazyString] = {
    TriggerAnswer.NO_IMPACT: _l("Sans effet"),
    TriggerAnswer.PARTIAL: _l("Revue partielle"),
    TriggerAnswer.FULL: _l("Revue entière"),
}


def title(trigger: Trigger) -> str:
    """The sentence that says what happened."""
    details, causes = trigger.details, trigger.typed_causes
    if set(causes) == {Cause.SEVERE, Cause.HARM}:
        return _("Constat %(number)s de gravité 4, dont un préjudice est possible") % details
    sentence = " ; ".join(_CAUSE_SENTENCES[cause](details) for cause in causes)
    if causes[0] not in _VERSION_CAUSES:
        return sentence
    return _("Version %(n)s du prototype : %(said)s", n=details["number"], said=sentence)


def _describe_automation_change(details: Mapping[str, Any]) -> str:
    before, after = (str(AUTOMATIONS_IN_SHORT[Automation(level)]).lower() for level in details["automation"])
    return _("elle décide davantage (%(before)s → %(after)s)", before=before, after=after)


def _describe_model_change(details: Mapping[str, Any]) -> str:
    before, after = (
        ", ".join(filter(None, names)) or _("non dit")
        for names in _list_model_names_before_and_after(details)
    )
    return _("le modèle change (%(before)s → %(after)s)", before=before, after=after)


def _list_model_names_before_and_after(details: Mapping[str, Any]) -> Sequence[Sequence[str | None]]:
    """Family and provider before and after, as far as they changed."""
    changes = [details[name] for name in ("model_family", "model_provider") if name in details]
    return [change[0] for change in changes], [change[1] for change in changes]


def _describe_new_edition(details: Mapping[str, Any]) -> str:
    values = {"name": details["kind"], "version": details["edition"]}
    try:
        definition = get_questionnaire(details["kind"], details["edition"])
        values = {"name": definition.title, "version": definition.version}
    except NotFound:  # the edition no longer exists: show its key
        pass
    return _("Nouvelle édition de « %(name)s » : %(version)s") % values


_VERSION_CAUSES = frozenset({Cause.EXPOSURE, Cause.AUTOMATION, Cause.MODEL})
_CAUSE_SENTENCES: Mapping[Cause, Callable[[Mapping[str, Any]], str]] = {
    Cause.DATA_ADDED: lambda details: _("Nouvelle source de données : « %(name)s »") % details,
    Cause.DATA_REPURPOSED: lambda details: _("Nouvelle finalité de la source « %(name)s »") % details,
    Cause.GROUP_ADDED: lambda details: _("Nouveau public visé : « %(name)s »") % details,
    Cause.EXPOSURE: lambda _details: _("elle touche désormais des usagers, pas seulement des agents"),
    Cause.AUTOMATION: _describe_automation_change,
    Cause.MODEL: _describe_model_change,
    Cause.SEVERE: lambda details: _("Constat %(number)s de gravité 4") % details,
    Cause.HARM: lambda details: _("Constat %(number)s : un préjudice est possible") % details,
    Cause.OVERDUE: lambda details: _(
        "Mesure %(n)s contre un risque, pas en place à son échéance du %(day)s",
        n=details["number"],
        day=_format_day(details["due_on"]),
    ),
    Cause.MANY_DAYS: lambda details: _(
        "90 jours ont passé depuis la décision du %(day)s sur la revue %(n)s",
        n=details["number"],
        day=_format_day(details["since"]),
    ),
    Cause.EDITION: _describe_new_edition,
}


def _format_day(iso_day: str) -> str:
    return format_day(date.fromisoformat(iso_day))


_FACT_PAGES: Mapping[Cause, tuple[str, LazyString]] = {
    Cause.MANY_DAYS: ("reviews.page", _l("Voir la revue")),
    Cause.EDITION: ("reviews.page", _l("Voir la revue")),
    Cause.DATA_ADDED: ("data_sources.page", _l("Voir la source de données")),
    Cause.DATA_REPURPOSED: ("data_sources.page", _l("Voir la source de données")),
    Cause.EXPOSURE: ("prototypes.page", _l("Voir la version du prototype")),
    Cause.AUTOMATION: ("prototypes.page", _l("Voir la version du prototype")),
    Cause.MODEL: ("prototypes.page", _l("Voir la version du prototype")),
    Cause.SEVERE: ("findings.page", _l("Voir le constat")),
    Cause.HARM: ("findings.page", _l("Voir le constat")),
    Cause.OVERDUE: ("mitigations.page", _l("Voir la mesure")),
}


def find_fact_link(project: Project, trigger: Trigger) -> tuple[str, str] | None:
    """Label and URL of the page that shows the fact; None without one."""
    cause, number = trigger.typed_causes[0], trigger.details.get("number")
    if cause is Cause.GROUP_ADDED:
        return _("Voir les publics visés"), url_for("groups.index", slug=project.slug)
    if cause not in _FACT_PAGES or number is None:
        return None
    endpoint, label = _FACT_PAGES[cause]
    return str(label), url_for(endpoint, slug=project.slug, number=number)


CAUSE_REASONS: dict[Cause, LazyString] = {
    Cause.DATA_ADDED: _l("Les réponses sur les données ne parlaient pas de cette source."),
    Cause.DATA_REPURPOSED: _l("Les réponses sur les données parlaient d’un autre usage."),
    Cause.GROUP_ADDED: _l("La revue ne connaissait pas ces personnes."),
    Cause.EXPOSURE: _l("Une erreur touche maintenant des personnes qui n’ont rien demandé."),
    Cause.AUTOMATION: _l("Un agent y regarde moins qu’au moment de la décision."),
    Cause.MODEL: _l("Ce qui a été montré valait pour un autre modèle."),
    Cause.SEVERE: _l("Un test a montré ce que la revue pouvait ne pas prévoir."),
    Cause.HARM: _l("Un test a montré que quelqu’un pourrait être lésé."),
    Cause.OVERDUE: _l("La décision comptait sur cette mesure à cette date."),
    Cause.MANY_DAYS: _l("Un projet change sans bruit : on y revient 90 jours après chaque décision."),
    Cause.EDITION: _l("Les questions ont changé : d’autres réponses sont attendues."),
}


def list_reasons(trigger: Trigger) -> Sequence[str]:
    """Why the decision is in question: the reasons of the causes, without duplicates."""
    return list(dict.fromkeys(str(CAUSE_REASONS[cause]) for cause in trigger.typed_causes))


def describe_scope(concerned: ConcernedReview, trigger: Trigger) -> str:
    """The sections that a partial review would reopen, as text."""
    sections = concerned.list_touched_sections(trigger.typed_causes)
    if not sections:
        return _("toute la revue")
    return ", ".join(f"« {section.title} »" for section in sections)
