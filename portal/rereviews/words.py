"""What triggers, their facts and their answers are called, for whoever reads them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for

from portal.kernel.errors import NotFound
from portal.kernel.text import LazyString, write_day
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.prototypes.models import Automation
from portal.prototypes.words import AUTOMATIONS_IN_SHORT
from portal.questionnaires.queries import get_questionnaire
from portal.rereviews.models import Answer, Trigger, Waits
from portal.rereviews.queries import Concerned
from portal.rereviews.triggers import Cause

WAITS: dict[Waits, LazyString] = {
    Waits.ANSWER: _l("Attend une réponse"),
    Waits.CONFIRMATION: _l("Attend d’être confirmé"),
    Waits.NOBODY: _l("Traité"),
}
WAITS_KINDS: dict[Waits, str | None] = {Waits.ANSWER: "warning", Waits.CONFIRMATION: "info"}
ANSWERS: dict[Answer, LazyString] = {
    Answer.NO_IMPACT: _l("Sans effet sur ce qui a été décidé"),
    Answer.PARTIAL: _l("Revue partielle : les sections touchées rouvrent"),
    Answer.FULL: _l("Revue entière : tout est à revoir"),
}
ANSWERED: dict[Answer, LazyString] = {
    Answer.NO_IMPACT: _l("Sans effet"),
    Answer.PARTIAL: _l("Revue partielle"),
    Answer.FULL: _l("Revue entière"),
}


def title(trigger: Trigger) -> str:
    """What happened, in a line."""
    told, found = trigger.told, trigger.why
    if set(found) == {Cause.SEVERE, Cause.HARM}:
        return _("Constat %(number)s de gravité 4, dont un préjudice est possible") % told
    said = " ; ".join(_SAID[cause](told) for cause in found)
    if found[0] not in _OF_A_VERSION:
        return said
    return _("Version %(n)s du prototype : %(said)s", n=told["number"], said=said)


def _automation(told: Mapping[str, Any]) -> str:
    before, after = (
        str(AUTOMATIONS_IN_SHORT[Automation(one)]).lower() for one in told["automation"]
    )
    return _("elle décide davantage (%(before)s → %(after)s)", before=before, after=after)


def _model(told: Mapping[str, Any]) -> str:
    before, after = (
        ", ".join(one for one in each if one) or _("non dit") for each in _models(told)
    )
    return _("le modèle change (%(before)s → %(after)s)", before=before, after=after)


def _models(told: Mapping[str, Any]) -> Sequence[Sequence[str | None]]:
    """Family and provider, where they changed: before, and after."""
    both = [told[name] for name in ("model_family", "model_provider") if name in told]
    return [each[0] for each in both], [each[1] for each in both]


def _edition(told: Mapping[str, Any]) -> str:
    name = {"name": told["kind"], "version": told["edition"]}
    try:
        of = get_questionnaire(told["kind"], told["edition"])
        name = {"name": of.title, "version": of.version}
    except NotFound:  # it was taken away since: its key says which it was
        pass
    return _("Nouvelle édition de « %(name)s » : %(version)s") % name


_OF_A_VERSION = frozenset({Cause.EXPOSURE, Cause.AUTOMATION, Cause.MODEL})
_SAID: Mapping[Cause, Callable[[Mapping[str, Any]], str]] = {
    Cause.DATA_ADDED: lambda told: _("Nouvelle source de données : « %(name)s »") % told,
    Cause.DATA_REPURPOSED: lambda told: _("Nouvelle finalité de la source « %(name)s »") % told,
    Cause.GROUP_ADDED: lambda told: _("Nouveau public visé : « %(name)s »") % told,
    Cause.EXPOSURE: lambda _told: _("elle touche désormais des usagers, pas seulement des agents"),
    Cause.AUTOMATION: _automation,
    Cause.MODEL: _model,
    Cause.SEVERE: lambda told: _("Constat %(number)s de gravité 4") % told,
    Cause.HARM: lambda told: _("Constat %(number)s : un préjudice est possible") % told,
    Cause.OVERDUE: lambda told: _(
        "Mesure %(n)s contre un risque, pas en place à son échéance du %(day)s",
        n=told["number"],
        day=_day(told["due_on"]),
    ),
    Cause.MANY_DAYS: lambda told: _(
        "90 jours ont passé depuis la décision du %(day)s sur la revue %(n)s",
        n=told["number"],
        day=_day(told["since"]),
    ),
    Cause.EDITION: _edition,
}


def _day(kept: str) -> str:
    return write_day(date.fromisoformat(kept))


_PAGES: Mapping[Cause, tuple[str, LazyString]] = {
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


def way_to(project: Project, trigger: Trigger) -> tuple[str, str] | None:
    """Words and address of the page that shows the fact."""
    cause, number = trigger.why[0], trigger.told.get("number")
    if cause is Cause.GROUP_ADDED:
        return _("Voir les publics visés"), url_for("groups.index", slug=project.slug)
    if cause not in _PAGES or number is None:
        return None
    endpoint, words = _PAGES[cause]
    return str(words), url_for(endpoint, slug=project.slug, number=number)


WHYS: dict[Cause, LazyString] = {
    Cause.DATA_ADDED: _l("Les réponses sur les données ne parlaient pas de cette source."),
    Cause.DATA_REPURPOSED: _l("Les réponses sur les données parlaient d’un autre usage."),
    Cause.GROUP_ADDED: _l("La revue ne connaissait pas ces personnes."),
    Cause.EXPOSURE: _l("Une erreur touche maintenant des personnes qui n’ont rien demandé."),
    Cause.AUTOMATION: _l("Un agent y regarde moins qu’au moment de la décision."),
    Cause.MODEL: _l("Ce qui a été montré valait pour un autre modèle."),
    Cause.SEVERE: _l("Un test a montré ce que la revue pouvait ne pas prévoir."),
    Cause.HARM: _l("Un test a montré que quelqu’un pourrait être lésé."),
    Cause.OVERDUE: _l("La décision comptait sur cette mesure à cette date."),
    Cause.MANY_DAYS: _l(
        "Un projet change sans bruit : on y revient 90 jours après chaque décision."
    ),
    Cause.EDITION: _l("Les questions ont changé : d’autres réponses sont attendues."),
}


def why(trigger: Trigger) -> Sequence[str]:
    """Why a decision is looked at again, once each."""
    return list(dict.fromkeys(str(WHYS[cause]) for cause in trigger.why))


def scope(concerned: Concerned, trigger: Trigger) -> str:
    """What a partial review would ask again."""
    sections = concerned.touched(trigger.why)
    if not sections:
        return _("toute la revue")
    return ", ".join(f"« {one.title} »" for one in sections)
