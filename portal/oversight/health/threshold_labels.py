"""Thresholds of signals in words: with their units, and what an edition changed."""

from collections.abc import Mapping, Sequence

from portal.oversight.health.definition_rules import HealthLevel, SignalCode, SignalDefinition, ThresholdUnit
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

UNITS: dict[ThresholdUnit, LazyString] = {
    ThresholdUnit.DAYS_OVER: _l("plus de %(n)s jours"),
    ThresholdUnit.DAYS: _l("%(n)s jours"),
    ThresholdUnit.MONTHS_AFTER_DUE: _l("%(n)s mois après le jour prévu du jalon"),
    ThresholdUnit.COUNT: _l("à partir de %(n)s"),
}
AT_ONCE = {  # of a threshold of 0
    ThresholdUnit.MONTHS_AFTER_DUE: _l("dès le jour prévu du jalon"),
    ThresholdUnit.DAYS_OVER: _l("dès le premier jour"),
    ThresholdUnit.DAYS: _l("dès le premier jour"),
}
SINGULAR_UNITS = {  # of a threshold of 1
    ThresholdUnit.MONTHS_AFTER_DUE: _l("un mois après le jour prévu du jalon"),
    ThresholdUnit.DAYS_OVER: _l("plus d’un jour"),
    ThresholdUnit.DAYS: _l("un jour"),
}
# Notes on thresholds that their number does not express.
THRESHOLD_NOTES: Mapping[tuple[SignalCode, HealthLevel], LazyString] = {
    (SignalCode.FINDINGS, HealthLevel.WATCH): _l("gravité 3"),
    (SignalCode.FINDINGS, HealthLevel.ALERT): _l("gravité 4"),
    (SignalCode.GATE_STALE, HealthLevel.ALERT): _l("jalon éthique : plus de 14 jours"),
    (SignalCode.KEY_ROLE, HealthLevel.WATCH): _l(
        "sans porteur ou sans aucun coach : dès le 21e jour du projet"
    ),
}


def format_threshold(definition: SignalDefinition, level: HealthLevel) -> str:
    """Return a threshold of a signal with its unit; templates pass the level as a number."""
    thresholds = definition.thresholds
    n = thresholds.alert if level == HealthLevel.ALERT else thresholds.watch
    unit = {0: AT_ONCE, 1: SINGULAR_UNITS}.get(n or 0, UNITS).get(definition.unit, UNITS[definition.unit])
    text = "—" if n is None else str(unit) % {"n": n}
    more = THRESHOLD_NOTES.get((definition.code, HealthLevel(level)))
    return f"{text} ({more})" if more else text


def list_threshold_changes(older: SignalDefinition, newer: SignalDefinition) -> Sequence[str]:
    """Return both thresholds of an edition, each with what it was before where that is another."""
    levels = ((HealthLevel.WATCH, _("à surveiller")), (HealthLevel.ALERT, _("en difficulté")))
    pairs = [(what, format_threshold(older, level), format_threshold(newer, level)) for level, what in levels]
    return [
        _("%(what)s : %(new)s", what=what, new=new)
        if old == new
        else _("%(what)s : %(old)s → %(new)s", what=what, old=old, new=new)
        for what, old, new in pairs
    ]
