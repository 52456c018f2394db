"""What two rounds or two observers differ by, in sentences: with how many, and between what."""

from flask_babel import format_decimal

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.statistics.agreement_rules import JudgementAgreement, ProblemListAgreement
from portal.user_tests.statistics.comparison_rules import ChangeVerdict, MeasuredChange
from portal.user_tests.statistics.number_labels import hundredths, tenths, two_decimals

VERDICTS: dict[ChangeVerdict, LazyString] = {
    ChangeVerdict.BETTER: _l("C’est mieux"),
    ChangeVerdict.WORSE: _l("C’est moins bien"),
    ChangeVerdict.UNCLEAR: _l("On ne peut pas encore dire"),
}

# Landis & Koch, The measurement of observer agreement for categorical data, Biometrics, 1977.
_KAPPAS: tuple[tuple[float, LazyString], ...] = (
    (0.0, _l("pas mieux que le hasard")),
    (0.2, _l("accord très faible")),
    (0.4, _l("accord faible")),
    (0.6, _l("accord moyen")),
    (0.8, _l("accord fort")),
    (1.0, _l("accord presque parfait")),
)


def completion_changed(change: MeasuredChange | None) -> str:
    """« 40 réussites de plus sur 100… »: two rounds of one task."""
    if change is None or change.interval is None:
        return _nothing(change)
    amount, low, high = (
        round(100 * part) for part in (change.amount, change.interval.low, change.interval.high)
    )
    return _change_sentence(
        _("%(amount)s sur 100", amount=_successes(amount)), _moved(low), _moved(high), change
    )


def score_changed(change: MeasuredChange | None) -> str:
    """Two rounds of SUS, UMUX-Lite or SEQ."""
    if change is None or change.interval is None:
        return _nothing(change)
    low, high = (_points(part) for part in (change.interval.low, change.interval.high))
    return _change_sentence(_score(change.amount), low, high, change)


def duration_changed(change: MeasuredChange | None) -> str:
    """Two rounds of durations: the later over the earlier."""
    if change is None or change.interval is None:
        return _nothing(change)
    amount, low, high = (
        str(format_decimal(part, "0.00") if part < 100 else format_decimal(round(part)))
        for part in (change.amount, change.interval.low, min(change.interval.high, 1e6))
    )
    return _change_sentence(
        _("Une durée multipliée par %(amount)s", amount=amount), low, high, change
    )


def _change_sentence(amount: str, low: str, high: str, change: MeasuredChange) -> str:
    return _(
        "%(amount)s (entre %(low)s et %(high)s ; n = %(before)s puis %(after)s). %(verdict)s.",
        amount=amount,
        low=low,
        high=high,
        before=change.before,
        after=change.after,
        verdict=VERDICTS[change.verdict],
    )


def _nothing(change: MeasuredChange | None) -> str:
    if change is None:
        return _("Rien à comparer : il manque les mesures d’avant ou d’après.")
    return _(
        "Trop peu de mesures, ou trop semblables, pour comparer (n = %(before)s puis %(after)s)."
        " %(verdict)s.",
        before=change.before,
        after=change.after,
        verdict=VERDICTS[change.verdict],
    )


def _successes(amount: int) -> str:
    if amount < 0:
        return ngettext("%(num)s réussite de moins", "%(num)s réussites de moins", -amount)
    if amount == 0:
        return _("Autant de réussites")
    return ngettext("%(num)s réussite de plus", "%(num)s réussites de plus", amount)


def _moved(amount: int) -> str:
    if amount < 0:
        return _("%(n)s de moins", n=-amount)
    return _("%(n)s de plus", n=amount) if amount else _("autant")


def _score(amount: float) -> str:
    points = tenths(abs(amount))
    if points == tenths(0):
        return _("Score inchangé")
    if amount < 0:
        return _("Score en baisse de %(n)s", n=points)
    return _("Score en hausse de %(n)s", n=points)


def _points(amount: float) -> str:
    points = tenths(abs(amount))
    if points == tenths(0):
        return _("autant")
    if amount < 0:
        return _("%(n)s de moins", n=points)
    return _("%(n)s de plus", n=points)


def judgement_sentence(figure: JudgementAgreement | None) -> str:
    """Two observers who judged the same things."""
    if figure is None:
        return _("Les deux observateurs n’ont encore rien noté ensemble.")
    low, high = hundredths(figure.interval)
    same = _(
        "Les deux observateurs ont noté la même chose %(same)s fois sur %(n)s (sur 100 fois, entre"
        " %(low)s et %(high)s)",
        same=figure.same,
        n=figure.n,
        low=low,
        high=high,
    )
    if figure.kappa is None or figure.kappa_interval is None:
        return _("%(same)s ; ils n’ont donné qu’une réponse, et le kappa ne dit rien.", same=same)
    kappa = round(figure.kappa, 2)
    return _(
        "%(same)s ; kappa de %(kappa)s (entre %(low)s et %(high)s) : %(reading)s.",
        same=same,
        kappa=two_decimals(kappa),
        low=two_decimals(figure.kappa_interval.low),
        high=two_decimals(figure.kappa_interval.high),
        reading=next(words for most, words in _KAPPAS if kappa <= most),
    )


def problem_lists_sentence(figure: ProblemListAgreement | None) -> str:
    """Two observers who each made a list of problems."""
    if figure is None:
        return _("Les deux observateurs n’ont encore vu aucun problème.")
    low, high = hundredths(figure.interval)
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
