"""Labels of sessions and their results, and sentences about them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.rounds.session_models import TaskOutcome, TestSession
from portal.user_tests.rounds.session_queries import RoundSessionLine, SessionDetails
from portal.user_tests.rounds.sum_rules import TaskFigures
from portal.user_tests.statistics import labels as statistics_labels
from portal.user_tests.statistics.interval_rules import Mean
from portal.user_tests.statistics.scale_labels import ScaleWording, UsabilityScale, get_scale_wording
from portal.user_tests.statistics.scale_rules import SusResult

OUTCOMES: dict[TaskOutcome, LazyString] = {
    TaskOutcome.SUCCESS: _l("Réussie"),
    TaskOutcome.HELPED: _l("Avec de l’aide"),
    TaskOutcome.FAILED: _l("Pas réussie"),
    TaskOutcome.NOT_TRIED: _l("Pas essayée"),
}


def scale_wording(scale: RoundScale, language: str = "") -> ScaleWording | None:
    """Return the wording of a scale in its language; UMUX-Lite in `language` or the reader’s."""
    match scale:
        case RoundScale.NONE:
            return None
        case RoundScale.F_SUS:
            return get_scale_wording(UsabilityScale.SUS, "fr")
        case RoundScale.SUS:
            return get_scale_wording(UsabilityScale.SUS, "en")
        case RoundScale.UMUX_LITE:
            return get_scale_wording(UsabilityScale.UMUX_LITE, language or reader_language())


def reader_language() -> str:
    return "en" if str(getattr(get_locale(), "language", "fr")) == "en" else "fr"


def ease_wording() -> ScaleWording:
    return get_scale_wording(UsabilityScale.SEQ, reader_language())


def state_with_badge_kind(session: TestSession | RoundSessionLine) -> tuple[str, str | None]:
    """Return the state of a session, and the kind of its badge."""
    if session.started_at is None:
        return _("Accord à demander"), "warning"
    if session.ended_at is None:
        return _("En cours"), "info"
    return _("Terminée"), "success"


def session_summary(details: SessionDetails) -> str:
    """Return target group, rehearsal and observer of a session."""
    parts = [details.group.name if details.group else _("aucun des publics visés")]
    if details.session.is_rehearsal:
        parts.append(_("répétition, qui ne compte pas"))
    return ", ".join([*parts, _("observée par %(name)s", name=details.observer)])


def stopwatch_label(seconds: int) -> str:
    """Format seconds as a stopwatch: « 1:23 », « 1:02:03 »."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def missing_answers_sentence(details: SessionDetails) -> str:
    """Return how many answers are missing; "" when all or none are there."""
    missing_count = details.items - len(details.answers)
    if not details.answers or not missing_count:
        return ""
    return ngettext(
        "Il manque %(num)s réponse : sans elle, le score ne compte pas.",
        "Il manque %(num)s réponses : sans elles, le score ne compte pas.",
        missing_count,
    )


def answer_count_label(answer_count: int, item_count: int) -> str:
    """Return how many items of the scale have an answer."""
    return ngettext(
        "%(num)s réponse sur %(all)s", "%(num)s réponses sur %(all)s", answer_count, all=item_count
    )


def missing_parts_sentences(details: SessionDetails) -> Sequence[str]:
    """Return what was not noted in a session, and what that means for the figures of its round."""
    sentences = []
    if tasks := details.tasks_without_result:
        sentences = [
            ngettext("%(num)s tâche sans résultat.", "%(num)s tâches sans résultat.", len(tasks)),
            *(_("Tâche %(n)s : %(title)s", n=task.number, title=task.title) for task in tasks),
            _("Une tâche sans résultat ne compte pas dans les chiffres. Elle peut encore se noter après."),
        ]
    if missing_count := details.missing_answer_count:
        sentence = ngettext(
            "Questionnaire de fin : il manque %(num)s réponse. Sans elle, le score ne compte pas. Elle peut"
            " encore se noter après.",
            "Questionnaire de fin : il manque %(num)s réponses. Sans elles, le score ne compte pas. Elles"
            " peuvent encore se noter après.",
            missing_count,
        )
        sentences.append(sentence)
    return sentences


def progress_label(outcome_count: int, tasks: int) -> str:
    return _("%(done)s sur %(tasks)s", done=outcome_count, tasks=tasks)


def error_count_label(figures: TaskFigures) -> str:
    """Return the number of errors, and for how many participants they were counted."""
    if not figures.errors_count:
        return "—"
    people = ngettext("%(num)s personne", "%(num)s personnes", figures.errors_count)
    if not figures.errors:
        return _("aucune (%(people)s)", people=people)
    errors_text = ngettext("%(num)s erreur", "%(num)s erreurs", figures.errors)
    return _("%(errors)s (%(people)s)", errors=errors_text, people=people)


def scale_score_sentence(scale: RoundScale, figure: SusResult | Mean | None) -> str:
    """Return the score of a round as a sentence."""
    if scale is RoundScale.UMUX_LITE:
        return statistics_labels.umux_lite_sentence(figure if isinstance(figure, Mean) else None)
    return statistics_labels.sus_sentence(figure if isinstance(figure, SusResult) else None)


def sessions_in_short(sessions: Sequence[RoundSessionLine]) -> str:
    """Return the codes of the first and the last session, and how many go on; "" for none."""
    if not sessions:
        return ""
    first, last = sessions[0].code, sessions[-1].code
    codes = first if first == last else _("de %(first)s à %(last)s", first=first, last=last)
    open_count = sum(session.ended_at is None for session in sessions)
    if not open_count and len(sessions) == 1:
        return _("%(codes)s, terminée", codes=codes)
    if not open_count:
        return _("%(codes)s, toutes terminées", codes=codes)
    return ngettext(
        "%(codes)s, dont %(num)s pas terminée",
        "%(codes)s, dont %(num)s pas terminées",
        open_count,
        codes=codes,
    )


def not_tried_label(figures: TaskFigures) -> str:
    """Return how many did not try a task; "" for none."""
    if not figures.not_tried:
        return ""
    return ngettext(
        "%(num)s personne ne l’a pas essayée.", "%(num)s personnes ne l’ont pas essayée.", figures.not_tried
    )


def value_label(value: Any, details: SessionDetails) -> str:
    """Format a stored value, for a conflict shown as two texts."""
    if value is None or value == "":
        return ""
    if isinstance(value, TaskOutcome):
        return str(OUTCOMES[value])
    names: Sequence[str] = [group.name for group in details.groups if group.id == value]
    return names[0] if names else str(value)
