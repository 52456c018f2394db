"""Labels of public cards, and the first draft of their texts."""

from portal.oversight.public_cards.models import TEXT_MAX, PublicCard
from portal.oversight.public_cards.queries import CardDraftInputs
from portal.people.programmes.models import Programme
from portal.platform.kernel.text import LazyString, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.framing.labels import amount_with_unit
from portal.project.projects.models import Project
from portal.sprints.prototypes.labels import AUTOMATIONS

TITLES: dict[str, LazyString] = {
    "objective": _l("Objectif"),
    "data": _l("Données de départ"),
    "ai": _l("Ce que fait l’IA"),
    "gains": _l("Gains attendus"),
}
LANGUAGES: dict[str, LazyString] = {"fr": _l("français"), "en": _l("anglais")}


def support_period_label(project: Project) -> str:
    """Return the first and last day of the support."""
    return _("du %(first)s au %(last)s", first=day(project.starts_on), last=day(project.ends_on))


def title(project: Project, language: str) -> str:
    """Return the title on a card in `language`: the French one if there is no other."""
    return project.title_en if title_language(project, language) == "en" else project.title_fr


def title_language(project: Project, language: str) -> str:
    """Return the language of `title`."""
    return "en" if language == "en" and project.title_en else "fr"


def demonstration_notice(programme: Programme) -> str:
    """Return the notice that a demonstration is invented, "" for a real programme."""
    if not programme.is_demonstration:
        return ""
    return _("Ceci est une démonstration : l’organisme est réel, ce que dit la carte est inventé.")


def missing_texts(card: PublicCard | None) -> list[str]:
    """Return the labels of empty texts: « Objectif, en anglais »; all without a card."""
    return [
        _("%(what)s, en %(language)s", what=name, language=language_name)
        for key, name in TITLES.items()
        for language, language_name in LANGUAGES.items()
        if card is None or not card.text(key, language)
    ]


def build_draft_texts(project: Project, inputs: CardDraftInputs) -> dict[str, str]:
    """Return a first draft of the French texts by field, from the project's file."""
    with using_language("fr"):
        gains = [
            _(
                "%(metric)s : de %(start)s à %(target)s",
                metric=metric.name,
                start=amount_with_unit(metric.baseline, metric.unit),
                target=amount_with_unit(metric.target, metric.unit),
            )
            for metric in inputs.metrics
        ]
        ai_text = str(AUTOMATIONS[inputs.version.automation]) if inputs.version else ""
    return {
        "objective_fr": project.problem[:TEXT_MAX],
        "data_fr": "\n".join(source.name for source in inputs.sources)[:TEXT_MAX],
        "ai_fr": ai_text,
        "gains_fr": "\n".join(gains)[:TEXT_MAX],
    }
