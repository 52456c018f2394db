"""What sessions and what happens in them are called, for whoever reads them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale

from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.usability import words as usability
from portal.usability.interval import Mean
from portal.usability.scales import Sus
from portal.usability.wording import Scale as Asked
from portal.usability.wording import Wording, wording
from portal.user_tests.models import Scale
from portal.user_tests.results_queries import Figures
from portal.user_tests.session_queries import Held
from portal.user_tests.sessions import Outcome, TestSession
from portal.user_tests.sums import TaskFigures

OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.SUCCESS: _l("Réussie"),
    Outcome.HELPED: _l("Avec de l’aide"),
    Outcome.FAILED: _l("Pas réussie"),
    Outcome.NOT_TRIED: _l("Pas essayée"),
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


def lead(held: Held) -> str:
    """A session in a line: of whom, on which day, with whom."""
    parts = [held.group.name if held.group else _("aucun des publics visés")]
    if held.session.is_rehearsal:
        parts.append(_("répétition, qui ne compte pas"))
    return ", ".join([*parts, _("observée par %(name)s", name=held.observer)])


def clock(seconds: int) -> str:
    """As a stopwatch shows it: « 1:23 », « 1:02:03 »."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def answers_left(held: Held) -> str:
    """What the scale still lacks; "" when it is whole, or when nobody has begun."""
    left = held.items - len(held.answers)
    if not held.answers or not left:
        return ""
    return ngettext(
        "Il manque %(num)s réponse : sans elle, le score ne compte pas.",
        "Il manque %(num)s réponses : sans elles, le score ne compte pas.",
        left,
    )


def progress(done: int, tasks: int) -> str:
    return _("%(done)s sur %(tasks)s", done=done, tasks=tasks)


def errors(figures: TaskFigures) -> str:
    """How many, of how many people they were counted."""
    if not figures.errors_count:
        return "—"
    counted = ngettext("%(num)s personne", "%(num)s personnes", figures.errors_count)
    if not figures.errors:
        return _("aucune (%(people)s)", people=counted)
    told = ngettext("%(num)s erreur", "%(num)s erreurs", figures.errors)
    return _("%(errors)s (%(people)s)", errors=told, people=counted)


def scale_figure(scale: Scale, figure: Sus | Mean | None) -> str:
    """The score of a round, in words."""
    if scale is Scale.UMUX_LITE:
        return usability.umux_lite(figure if isinstance(figure, Mean) else None)
    return usability.sus(figure if isinstance(figure, Sus) else None)


def in_a_word(figures: Figures) -> str:
    """The result of a round in a line: who came, how the primary task went."""
    count = figures.sums.sessions
    if not count:
        return _("Personne n’a encore essayé.")
    who = ngettext("%(num)s participant", "%(num)s participants", count)
    primary = [one for one in figures.tasks if one.task.is_primary]
    if not primary:
        return _("%(who)s.", who=who)
    told = usability.completion(primary[0].figures.completion, helped=primary[0].figures.helped)
    told = told[:1].lower() + told[1:]
    return _("%(who)s. Tâche principale : %(told)s", who=who, told=told)


def not_tried(figures: TaskFigures) -> str:
    """Who left a task out; "" for nobody."""
    if not figures.not_tried:
        return ""
    return ngettext(
        "%(num)s personne ne l’a pas essayée.",
        "%(num)s personnes ne l’ont pas essayée.",
        figures.not_tried,
    )


def shown(value: Any, held: Held) -> str:
    """A stored value as its reader would say it: for two texts side by side."""
    if value is None or value == "":
        return ""
    if isinstance(value, Outcome):
        return str(OUTCOMES[value])
    names: Sequence[str] = [one.name for one in held.groups if one.id == value]
    return names[0] if names else str(value)
