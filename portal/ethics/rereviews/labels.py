"""Labels and sentences about triggers, their causes and their answers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from portal.ethics.questionnaires.queries import get_questionnaire
from portal.ethics.rereviews.models import AwaitedReplyKind, Trigger, TriggerAnswer
from portal.ethics.rereviews.queries import ConcernedReview
from portal.ethics.rereviews.trigger_rules import TriggerCause
from portal.ethics.reviews.models import Review
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import LazyString, format_day, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.sprints.prototypes.labels import AUTOMATIONS_IN_SHORT
from portal.sprints.prototypes.models import AutomationLevel

WAITS: dict[AwaitedReplyKind, LazyString] = {
    AwaitedReplyKind.ANSWER: _l("Attend une réponse"),
    AwaitedReplyKind.CONFIRMATION: _l("Attend d’être confirmé"),
    AwaitedReplyKind.NOBODY: _l("Traité"),
}
WAITS_KINDS: dict[AwaitedReplyKind, str | None] = {
    AwaitedReplyKind.ANSWER: "warning",
    AwaitedReplyKind.CONFIRMATION: "info",
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
    if set(causes) == {TriggerCause.SEVERE, TriggerCause.HARM}:
        return _("Constat %(number)s de gravité 4, dont un préjudice est possible") % details
    sentence = _(" ; ").join(_CAUSE_SENTENCES[cause](details) for cause in causes)
    if causes[0] not in _VERSION_CAUSES:
        return sentence
    return _("Version %(n)s du prototype : %(said)s", n=details["number"], said=sentence)


def describe_partial_answer(
    concerned_and_reopened: Sequence[tuple[ConcernedReview, Review]], trigger: Trigger
) -> str:
    """Why no partial review is offered, or which reviews it reopens as a whole; "" where it is plain."""
    causes = trigger.typed_causes
    in_part = [last for each, last in concerned_and_reopened if each.list_touched_sections(causes)]
    whole = [last for _each, last in concerned_and_reopened if last not in in_part]
    if not whole:
        return ""
    if not in_part:
        numbers = _join_numbers([each.review for each, _last in concerned_and_reopened])
        return _("Pas de revue partielle ici : ce fait touche toute la revue %(numbers)s.", numbers=numbers)
    return _(
        "La revue partielle rouvre les sections touchées de la revue %(parts)s,"
        " et toute la revue %(numbers)s.",
        parts=_join_numbers(in_part),
        numbers=_join_numbers(whole),
    )


def describe_full_answer(reopened: Sequence[Review], others: Sequence[Trigger]) -> str:
    """Which reviews a full review reopens, and which other triggers it answers."""
    sentence = ngettext(
        "La revue entière rouvre toute la revue %(numbers)s.",
        "La revue entière rouvre toutes les sections des revues %(numbers)s.",
        len(set(reopened)),
        numbers=_join_numbers(reopened),
    )
    if not others:
        return sentence
    answered = ngettext(
        "Elle répond aussi, en votre nom et avec la même raison, au réexamen %(numbers)s.",
        "Elle répond aussi, en votre nom et avec la même raison, aux réexamens %(numbers)s.",
        len(others),
        numbers=_join_numbers(others),
    )
    return f"{sentence} {answered}"


def _join_numbers(rows: Sequence[Review] | Sequence[Trigger]) -> str:
    """Each number once."""
    return ", ".join(dict.fromkeys(str(row.number) for row in rows))


def describe_who_confirms(concerned: Sequence[ConcernedReview]) -> str:
    """Who may confirm an answer of no impact: the reviewer only where one reviews all that it concerns."""
    if len({concerned_review.review.reviewer_id for concerned_review in concerned}) > 1:
        return _(
            "La direction du programme doit le confirmer : les revues concernées n’ont pas le même relecteur."
        )
    return _(
        "Une deuxième personne doit le confirmer : le relecteur de la revue, ou la direction du programme."
    )


def _describe_automation_change(details: Mapping[str, Any]) -> str:
    before, after = (
        lower_first(AUTOMATIONS_IN_SHORT[AutomationLevel(level)]) for level in details["automation"]
    )
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


_VERSION_CAUSES = frozenset({TriggerCause.EXPOSURE, TriggerCause.AUTOMATION, TriggerCause.MODEL})
_CAUSE_SENTENCES: Mapping[TriggerCause, Callable[[Mapping[str, Any]], str]] = {
    TriggerCause.DATA_ADDED: lambda details: _("Nouvelle source de données : « %(name)s »") % details,
    TriggerCause.DATA_REPURPOSED: lambda details: (
        _("Première finalité de la source « %(name)s »") % details
        if details.get("is_first")
        else _("Nouvelle finalité de la source « %(name)s »") % details
    ),
    TriggerCause.GROUP_ADDED: lambda details: _("Nouveau public visé : « %(name)s »") % details,
    TriggerCause.EXPOSURE: lambda _details: _("elle touche désormais des usagers, pas seulement des agents"),
    TriggerCause.AUTOMATION: _describe_automation_change,
    TriggerCause.MODEL: _describe_model_change,
    TriggerCause.SEVERE: lambda details: _("Constat %(number)s de gravité 4") % details,
    TriggerCause.HARM: lambda details: _("Constat %(number)s : un préjudice est possible") % details,
    TriggerCause.OVERDUE: lambda details: _(
        "Mesure %(n)s contre un risque, pas en place à son échéance du %(day)s",
        n=details["number"],
        day=_format_day(details["due_on"]),
    ),
    TriggerCause.MANY_DAYS: lambda details: _(
        "90 jours ont passé depuis la décision du %(day)s sur la revue %(n)s",
        n=details["number"],
        day=_format_day(details["since"]),
    ),
    TriggerCause.EDITION: _describe_new_edition,
}


def _format_day(iso_day: str) -> str:
    return format_day(date.fromisoformat(iso_day))


_FACT_PAGES: Mapping[TriggerCause, tuple[str, LazyString]] = {
    TriggerCause.MANY_DAYS: ("reviews.page", _l("Voir la revue")),
    TriggerCause.EDITION: ("reviews.page", _l("Voir la revue")),
    TriggerCause.DATA_ADDED: ("data_sources.page", _l("Voir la source de données")),
    TriggerCause.DATA_REPURPOSED: ("data_sources.page", _l("Voir la source de données")),
    TriggerCause.EXPOSURE: ("prototypes.page", _l("Voir la version du prototype")),
    TriggerCause.AUTOMATION: ("prototypes.page", _l("Voir la version du prototype")),
    TriggerCause.MODEL: ("prototypes.page", _l("Voir la version du prototype")),
    TriggerCause.SEVERE: ("findings.page", _l("Voir le constat")),
    TriggerCause.HARM: ("findings.page", _l("Voir le constat")),
    TriggerCause.OVERDUE: ("mitigations.page", _l("Voir la mesure")),
}


def find_fact_link(project: Project, trigger: Trigger) -> tuple[str, str] | None:
    """Label and URL of the page that shows the fact; None without one."""
    cause, number = trigger.typed_causes[0], trigger.details.get("number")
    if cause is TriggerCause.GROUP_ADDED:
        return _("Voir les publics visés"), url_for("groups.index", slug=project.slug)
    if cause not in _FACT_PAGES or number is None:
        return None
    endpoint, label = _FACT_PAGES[cause]
    return str(label), url_for(endpoint, slug=project.slug, number=number)


CAUSE_REASONS: dict[TriggerCause, LazyString] = {
    TriggerCause.DATA_ADDED: _l("Les réponses sur les données ne parlaient pas de cette source."),
    TriggerCause.DATA_REPURPOSED: _l("Les réponses sur les données parlaient d’un autre usage."),
    TriggerCause.GROUP_ADDED: _l("La revue ne connaissait pas ces personnes."),
    TriggerCause.EXPOSURE: _l("Une erreur touche maintenant des personnes qui n’ont rien demandé."),
    TriggerCause.AUTOMATION: _l("Un agent y regarde moins qu’au moment de la décision."),
    TriggerCause.MODEL: _l("Ce qui a été montré valait pour un autre modèle."),
    TriggerCause.SEVERE: _l("Un test a montré ce que la revue pouvait ne pas prévoir."),
    TriggerCause.HARM: _l("Un test a montré que quelqu’un pourrait être lésé."),
    TriggerCause.OVERDUE: _l("La décision comptait sur cette mesure à cette date."),
    TriggerCause.MANY_DAYS: _l("Un projet change sans bruit : on y revient 90 jours après chaque décision."),
    TriggerCause.EDITION: _l("Les questions ont changé : d’autres réponses sont attendues."),
}


def list_reasons(trigger: Trigger) -> Sequence[str]:
    """Why the decision is in question: the reasons of the causes, without duplicates."""
    return list(dict.fromkeys(_describe_reason(cause, trigger.details) for cause in trigger.typed_causes))


def _describe_reason(cause: TriggerCause, details: Mapping[str, Any]) -> str:
    if cause is TriggerCause.DATA_REPURPOSED and details.get("is_first"):
        return _("Les réponses sur les données ne disaient pas à quoi cette source servirait.")
    return str(CAUSE_REASONS[cause])


def describe_scope(concerned: ConcernedReview, trigger: Trigger) -> str:
    """The sections that a partial review would reopen, as text."""
    sections = concerned.list_touched_sections(trigger.typed_causes)
    if not sections:
        return _("toute la revue")
    return ", ".join(_("«\u00a0%(text)s\u00a0»", text=section.title) for section in sections)
