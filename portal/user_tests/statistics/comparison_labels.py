"""Sentences about the difference between two rounds or two observers: with n and an interval."""

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.statistics.agreement_rules import ProblemListAgreement
from portal.user_tests.statistics.comparison_rules import ChangeVerdict, MeasuredChange
from portal.user_tests.statistics.number_labels import format_tenths, round_interval_to_hundredths

VERDICTS: dict[ChangeVerdict, LazyString] = {
    ChangeVerdict.BETTER: _l("C’est mieux"),
    ChangeVerdict.WORSE: _l("C’est moins bien"),
    ChangeVerdict.UNCLEAR: _l("On ne peut pas encore dire"),
}


def completion_change_sentence(change: MeasuredChange | None) -> str:
    """Return the change of a completion rate: « 40 réussites de plus sur 100… »."""
    if change is None or change.interval is None:
        return _describe_no_comparison(change)
    amount, low, high = (
        round(100 * part) for part in (change.amount, change.interval.low, change.interval.high)
    )
    return _describe_change(
        _("%(amount)s sur 100", amount=_describe_change_in_successes(amount)),
        _describe_change_in_count(low),
        _describe_change_in_count(high),
        change,
    )


def score_change_sentence(change: MeasuredChange | None) -> str:
    """Return the change of a mean SUS, UMUX-Lite or SEQ score between two rounds."""
    if change is None or change.interval is None:
        return _describe_no_comparison(change)
    low, high = (_describe_change_in_points(part) for part in (change.interval.low, change.interval.high))
    return _describe_change(_describe_change_in_score(change.amount), low, high, change)


def duration_change_sentence(change: MeasuredChange | None) -> str:
    """Return the ratio of two mean durations: the later round over the earlier one."""
    if change is None or change.interval is None:
        return _describe_no_comparison(change)
    amount, low, high = (
        str(format_decimal(part, "0.00") if part < 100 else format_decimal(round(part)))
        for part in (change.amount, change.interval.low, min(change.interval.high, 1e6))
    )
    return _describe_change(_("Une durée multipliée par %(amount)s", amount=amount), low, high, change)


def _describe_change(amount: str, low: str, high: str, change: MeasuredChange) -> str:
    return _(
        "%(amount)s (entre %(low)s et %(high)s ; n = %(before)s puis %(after)s). %(verdict)s.",
        amount=amount,
        low=low,
        high=high,
        before=change.before,
        after=change.after,
        verdict=VERDICTS[change.verdict],
    )


def _describe_no_comparison(change: MeasuredChange | None) -> str:
    if change is None:
        return _("Rien à comparer : il manque les mesures d’avant ou d’après.")
    return _(
        "Trop peu de mesures, ou trop semblables, pour comparer (n = %(before)s puis %(after)s)."
        " %(verdict)s.",
        before=change.before,
        after=change.after,
        verdict=VERDICTS[change.verdict],
    )


def _describe_change_in_successes(amount: int) -> str:
    if amount < 0:
        return ngettext("%(num)s réussite de moins", "%(num)s réussites de moins", -amount)
    if amount == 0:
        return _("Autant de réussites")
    return ngettext("%(num)s réussite de plus", "%(num)s réussites de plus", amount)


def _describe_change_in_count(amount: int) -> str:
    if amount < 0:
        return _("%(n)s de moins", n=-amount)
    return _("%(n)s de plus", n=amount) if amount else _("autant")


def _describe_change_in_score(amount: float) -> str:
    points = format_tenths(abs(amount))
    if points == format_tenths(0):
        return _("Score inchangé")
    if amount < 0:
        return _("Score en baisse de %(n)s", n=points)
    return _("Score en hausse de %(n)s", n=points)


def _describe_change_in_points(amount: float) -> str:
    points = format_tenths(abs(amount))
    if points == format_tenths(0):
        return _("autant")
    if amount < 0:
        return _("%(n)s de moins", n=points)
    return _("%(n)s de plus", n=points)


def problem_lists_sentence(figure: ProblemListAgreement | None) -> str:
    """Return how many problems two observers both saw, each with a list of their own."""
    if figure is None:
        return _("Les deux observateurs n’ont encore vu aucun problème.")
    low, high = round_interval_to_hundredths(figure.interval)
    return ngettext(
        "%(num)s problème sur %(n)s a été vu par les deux observateurs ; sur 100, ce serait entre"
        " %(low)s et %(high)s.",
        "%(num)s problèmes sur %(n)s ont été vus par les deux observateurs ; sur 100, ce serait"
        " entre %(low)s et %(high)s.",
        figure.shared,
        n=figure.n,
        low=low,
        high=high,
    )
