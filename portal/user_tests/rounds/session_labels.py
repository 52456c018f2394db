"""What sessions and what happens in them are called, for whoever reads them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.rounds.figure_queries import RoundFigures
from portal.user_tests.rounds.models import Scale
from portal.user_tests.rounds.session_models import TaskOutcome, TestSession
from portal.user_tests.rounds.session_queries import SessionDetails
from portal.user_tests.rounds.sum_rules import TaskFigures
from portal.user_tests.statistics import labels as usability
from portal.user_tests.statistics.interval_rules import Mean
from portal.user_tests.statistics.scale_labels import UsabilityScale as Asked
from portal.user_tests.statistics.scale_labels import Wording, wording
from portal.user_tests.statistics.scale_rules import Sus

OUTCOMES: dict[TaskOutcome, LazyString] = {
    TaskOutcome.SUCCESS: _l("Réussie"),
    TaskOutcome.HELPED: _l("Avec de l’aide"),
    TaskOutcome.FAILED: _l("Pas réussie"),
    TaskOutcome.NOT_TRIED: _l("Pas essayée"),
}


def scale_words(scale: Scale, language: str = "") -> Wording | None:
    """What a round asks at the end, in its language; where it has none, in that of the reader."""
    match scale:
        case Scale.NONE:
            return None
        case Scale.F_SUS:
            return wording(Asked.SUS, "fr")
        case Scale.SUS:
            return wording(Asked.SUS, "en")
        case Scale.UMUX_LITE:
            return wording(Asked.UMUX_LITE, language or reader_language())


def reader_language() -> str:
    return "en" if str(getattr(get_locale(), "language", "fr")) == "en" else "fr"


def ease_words() -> Wording:
    return wording(Asked.SEQ, reader_language())


def state(session: TestSession) -> tuple[str, str | None]:
    """Where a session stands, and the kind of its badge."""
    if session.started_at is None:
        return _("Accord à demander"), "warning"
    if session.ended_at is None:
        return _("En cours"), "info"
    return _("Terminée"), "success"


def session_summary(details: SessionDetails) -> str:
    """A session in a line: of whom, on which day, with whom."""
    parts = [details.group.name if details.group else _("aucun des publics visés")]
    if details.session.is_rehearsal:
        parts.append(_("répétition, qui ne compte pas"))
    return ", ".join([*parts, _("observée par %(name)s", name=details.observer)])


def stopwatch_label(seconds: int) -> str:
    """As a stopwatch shows it: « 1:23 », « 1:02:03 »."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def missing_answers_sentence(details: SessionDetails) -> str:
    """What the scale still lacks; "" when it is whole, or when nobody has begun."""
    left = details.items - len(details.answers)
    if not details.answers or not left:
        return ""
    return ngettext(
        "Il manque %(num)s réponse : sans elle, le score ne compte pas.",
        "Il manque %(num)s réponses : sans elles, le score ne compte pas.",
        left,
    )


def progress_label(outcome_count: int, tasks: int) -> str:
    return _("%(done)s sur %(tasks)s", done=outcome_count, tasks=tasks)


def errors(figures: TaskFigures) -> str:
    """How many, of how many people they were counted."""
    if not figures.errors_count:
        return "—"
    counted = ngettext("%(num)s personne", "%(num)s personnes", figures.errors_count)
    if not figures.errors:
        return _("aucune (%(people)s)", people=counted)
    errors_text = ngettext("%(num)s erreur", "%(num)s erreurs", figures.errors)
    return _("%(errors)s (%(people)s)", errors=errors_text, people=counted)


def scale_figure(scale: Scale, figure: Sus | Mean | None) -> str:
    """The score of a round, in words."""
    if scale is Scale.UMUX_LITE:
        return usability.umux_lite(figure if isinstance(figure, Mean) else None)
    return usability.sus(figure if isinstance(figure, Sus) else None)


def round_summary(figures: RoundFigures) -> str:
    """The result of a round in a line: who came, how the primary task went."""
    count = figures.sums.sessions
    if not count:
        return _("Personne n’a encore essayé.")
    who = ngettext("%(num)s participant", "%(num)s participants", count)
    primary = [entry for entry in figures.tasks if entry.task.is_primary]
    if not primary:
        return _("%(who)s.", who=who)
    text = usability.completion(primary[0].figures.completion, helped=primary[0].figures.helped)
    text = text[:1].lower() + text[1:]
    return _("%(who)s. Tâche principale : %(told)s", who=who, told=text)


def not_tried(figures: TaskFigures) -> str:
    """Who left a task out; "" for nobody."""
    if not figures.not_tried:
        return ""
    return ngettext(
        "%(num)s personne ne l’a pas essayée.",
        "%(num)s personnes ne l’ont pas essayée.",
        figures.not_tried,
    )


def value_label(value: Any, details: SessionDetails) -> str:
    """A stored value as its reader would say it: for two texts side by side."""
    if value is None or value == "":
        return ""
    if isinstance(value, TaskOutcome):
        return str(OUTCOMES[value])
    names: Sequence[str] = [group.name for group in details.groups if group.id == value]
    return names[0] if names else str(value)
