"""Figures of one round in sentences, each with its n and its interval.

No sentence gives a share alone. A figure of None was not measured, and its sentence says so.
"""

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.user_tests.statistics.completion_rules import Completion
from portal.user_tests.statistics.discovery_rules import Discovery, DiscoveryRate, users_needed
from portal.user_tests.statistics.duration_rules import CentreEstimateKind, Duration
from portal.user_tests.statistics.interval_rules import Interval, Mean
from portal.user_tests.statistics.norm_rules import compute_percentile, find_grade
from portal.user_tests.statistics.number_labels import (
    all_alike_reason,
    format_interval,
    format_tenths,
    format_time,
    format_time_bounds,
    format_time_interval,
    format_value_with_interval,
    round_interval_to_hundredths,
    too_few_answers_sentence,
    too_few_reason,
)
from portal.user_tests.statistics.scale_rules import SusResult, sus_equivalent


def intervals_explanation() -> str:
    """Return what “entre” means: shown once on a page of figures."""
    return _(
        "« Entre » donne l’intervalle de confiance à 95 % : sur cent tests menés de la même façon,"
        " environ quatre-vingt-quinze donneraient un intervalle qui contient la vraie valeur. Il se"
        " resserre quand le nombre de participants augmente."
    )


def completion_sentence(figure: Completion | None, *, helped: int = 0) -> str:
    """Return a completion rate; `helped` of the others managed with help."""
    if figure is None:
        return _("Aucun résultat n’est encore noté.")
    return _(
        "%(who)s ; %(others)s.",
        who=_describe_completion(figure, helped),
        others=_describe_completion_interval(figure),
    )


def completion_in_short(figure: Completion | None) -> str:
    """Return a completion rate for a cell: « 4 sur 5 (36 à 98 %) »."""
    if figure is None:
        return "—"
    low, high = round_interval_to_hundredths(figure.interval)
    return _(
        "%(successes)s sur %(n)s (%(low)s à %(high)s %%)",
        successes=figure.successes,
        n=figure.n,
        low=low,
        high=high,
    )


def _describe_completion(figure: Completion, helped: int) -> str:
    successes, n = figure.successes, figure.n
    if n == 1:
        return _describe_single_completion(successes, helped)
    if helped and successes:
        return ngettext(
            "%(num)s sur %(n)s a réussi sans aide, %(helped)s avec de l’aide",
            "%(num)s sur %(n)s ont réussi sans aide, %(helped)s avec de l’aide",
            successes,
            n=n,
            helped=helped,
        )
    if helped:
        return ngettext(
            "Aucune des %(n)s personnes n’a réussi sans aide, %(num)s a réussi avec de l’aide",
            "Aucune des %(n)s personnes n’a réussi sans aide, %(num)s ont réussi avec de l’aide",
            helped,
            n=n,
        )
    return _describe_completion_without_help(successes, n)


def _describe_single_completion(successes: int, helped: int) -> str:
    if successes:
        return _("La seule personne qui a essayé a réussi")
    if helped:
        return _("La seule personne qui a essayé a réussi avec de l’aide")
    return _("La seule personne qui a essayé n’a pas réussi")


def _describe_completion_without_help(successes: int, n: int) -> str:
    if successes == 0:
        return _("Aucune des %(n)s personnes n’a réussi", n=n)
    if successes == n:
        return _("Les %(n)s personnes ont réussi", n=n)
    return ngettext("%(num)s sur %(n)s a réussi", "%(num)s sur %(n)s ont réussi", successes, n=n)


def _describe_completion_interval(figure: Completion) -> str:
    """Return the interval: how many users of 100 would manage."""
    low, high = round_interval_to_hundredths(figure.interval)
    if low == 0:
        return ngettext(
            "au plus %(num)s usager sur 100 y parviendrait",
            "au plus %(num)s usagers sur 100 y parviendraient",
            high,
        )
    if high == 100:
        return ngettext(
            "au moins %(num)s usager sur 100 y parviendrait",
            "au moins %(num)s usagers sur 100 y parviendraient",
            low,
        )
    return _("entre %(low)s et %(high)s usagers sur 100 y parviendraient", low=low, high=high)


def duration_sentence(figure: Duration | None) -> str:
    """Return the time on task of those who managed alone."""
    if figure is None:
        return _("Aucune réussite sans aide n’a été chronométrée.")
    if figure.n == 1:
        return _(
            "Une seule durée, %(time)s ; %(why)s.", time=format_time(figure.seconds), why=too_few_reason()
        )
    if figure.alike:
        return _(
            "%(n)s durées, toutes de %(time)s ; %(why)s.",
            n=figure.n,
            time=format_time(figure.seconds),
            why=all_alike_reason(),
        )
    params = {
        "n": figure.n,
        "time": format_time(figure.seconds),
        "within": format_time_interval(figure.interval),
    }
    if figure.middle is CentreEstimateKind.MEDIAN:
        return _(
            "%(n)s durées, %(time)s ou moins pour la moitié (médiane) ; pour l’ensemble des"
            " usagers, %(within)s.",
            **params,
        )
    return _(
        "%(n)s durées, %(time)s en moyenne (géométrique) ; pour l’ensemble des usagers, %(within)s.", **params
    )


def duration_in_short(figure: Duration | None) -> str:
    """Return a time for a cell: « 1 min 08 s (46 s à 1 min 41 s ; n = 6) »."""
    if figure is None:
        return "—"
    if figure.interval is None or figure.alike:
        return _format_without_interval(format_time(figure.seconds), figure.n)
    return format_value_with_interval(
        format_time(figure.seconds), format_time_bounds(figure.interval), figure.n
    )


def _format_without_interval(value: str, n: int) -> str:
    """Return a value without an interval for a cell: « 6,0 (sans écart ; n = 8) »."""
    if n == 1:
        return _("%(value)s (n = %(n)s)", value=value, n=n)
    return _("%(value)s (sans écart ; n = %(n)s)", value=value, n=n)


def sus_sentence(figure: SusResult | None) -> str:
    """Return the SUS with its grade and percentile, and those of the ends of its interval."""
    if figure is None:
        return _("Personne n’a encore répondu au questionnaire SUS.")
    value = _("SUS de %(score)s sur 100", score=format_tenths(figure.score))
    place = _("note %(grade)s", grade=figure.benchmark.grade)
    if few := too_few_answers_sentence(figure.n, f"{value}, {place}", alike=figure.alike):
        return few
    within = figure.interval or Interval(figure.score, figure.score)
    return _(
        "%(value)s (%(n)s réponses), %(place)s ; pour l’ensemble des usagers, %(within)s, soit"
        " %(grades)s. %(rank)s",
        value=value,
        n=figure.n,
        place=place,
        within=format_interval(within),
        grades=_describe_grades(within),
        rank=_describe_rank(figure.score, within),
    )


def _describe_grades(within: Interval) -> str:
    low, high = find_grade(within.low), find_grade(within.high)
    if low == high:
        return _("la note %(grade)s", grade=low)
    return _("de la note %(low)s à la note %(high)s", low=low, high=high)


def _describe_rank(score: float, within: Interval) -> str:
    place, low, high = (
        min(99, round(100 * compute_percentile(value))) for value in (score, within.low, within.high)
    )
    return ngettext(
        "Mieux que %(num)s produit sur 100 (entre %(low)s et %(high)s).",
        "Mieux que %(num)s produits sur 100 (entre %(low)s et %(high)s).",
        place,
        low=low,
        high=high,
    )


def umux_lite_sentence(figure: Mean | None) -> str:
    """Return UMUX-Lite, with the equivalent SUS score."""
    if figure is None:
        return _("Personne n’a encore répondu au questionnaire UMUX-Lite.")
    value = _("UMUX-Lite de %(score)s sur 100", score=format_tenths(figure.value))
    if few := too_few_answers_sentence(figure.n, value, alike=figure.alike):
        return few
    within = figure.interval or Interval(figure.value, figure.value)
    as_sus = Interval(sus_equivalent(within.low), sus_equivalent(within.high))
    return _(
        "%(value)s (%(n)s réponses) ; pour l’ensemble des usagers, %(within)s. Cela correspondrait"
        " à un SUS de %(sus)s (%(as_sus)s).",
        value=value,
        n=figure.n,
        within=format_interval(within),
        sus=format_tenths(sus_equivalent(figure.value)),
        as_sus=format_interval(as_sus),
    )


def score_in_short(figure: Mean | SusResult | None) -> str:
    """Return a mean score for a cell: « 82,9 (74,3 à 91,5 ; n = 12) »."""
    if figure is None:
        return "—"
    value = format_tenths(figure.score if isinstance(figure, SusResult) else figure.value)
    if figure.interval is None or figure.alike:
        return _format_without_interval(value, figure.n)
    return format_value_with_interval(
        value, (format_tenths(figure.interval.low), format_tenths(figure.interval.high)), figure.n
    )


def discovery_sentence(figure: Discovery | None) -> str:
    """Return the estimated share of the problems that were met."""
    if figure is None:
        return _("Aucun problème n’a encore été rencontré.")
    problems = ngettext("%(num)s problème vu", "%(num)s problèmes vus", figure.rate.problems)
    if figure.rate.n == 1:
        return _(
            "%(problems)s avec un seul participant ; il en faut deux au moins pour estimer ce"
            " qui reste à trouver.",
            problems=problems,
        )
    low, high = round_interval_to_hundredths(figure.interval)
    return _(
        "%(problems)s avec %(n)s participants ; sur 100 problèmes qu’ils pouvaient rencontrer,"
        " ils en auraient rencontré environ %(found)s (entre %(low)s et %(high)s, selon la façon"
        " d’estimer).",
        problems=problems,
        n=figure.rate.n,
        found=round(100 * figure.discovered_share),
        low=low,
        high=high,
    )


def participants_needed(rate: DiscoveryRate | None, goal: float) -> str:
    """Return how many participants would meet a share `goal` (0 to 1) of the problems."""
    if rate is None or rate.n == 1 or not rate.adjusted:
        return _("On ne peut pas encore dire combien de participants il faudrait.")
    return ngettext(
        "Pour rencontrer %(goal)s problèmes sur 100, il faudrait environ %(num)s participant"
        " (estimé sur %(n)s).",
        "Pour rencontrer %(goal)s problèmes sur 100, il faudrait environ %(num)s participants"
        " (estimé sur %(n)s).",
        users_needed(rate.adjusted, goal),
        goal=round(100 * goal),
        n=rate.n,
    )
