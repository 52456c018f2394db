"""Thresholds applied to a number, for lists that hold the number but not the signal. Pure."""

from collections.abc import Iterable, Mapping

from portal.oversight.health.definition_rules import (
    HealthLevel,
    SignalCode,
    SignalDefinition,
    Thresholds,
    Unit,
)

Definitions = Mapping[SignalCode, SignalDefinition]
Edition = tuple[SignalCode, int, int | None, int | None]  # code, edition, watch, alert


def level_of(definition: SignalDefinition, number: int) -> HealthLevel:
    """The level of a number, in the definition's unit; FINE below both thresholds."""
    watch, alert = definition.thresholds.watch, definition.thresholds.alert
    over = definition.unit is Unit.DAYS_OVER
    if alert is not None and number >= alert + over:
        return HealthLevel.ALERT
    if watch is not None and number >= watch + over:
        return HealthLevel.WATCH
    return HealthLevel.FINE


def first_threshold(definition: SignalDefinition) -> int | None:
    """The lowest threshold: WATCH, or ALERT where there is no WATCH; None: it never does."""
    thresholds = definition.thresholds
    return thresholds.alert if thresholds.watch is None else thresholds.watch


def apply_editions(defaults: Definitions, editions: Iterable[Edition]) -> Definitions:
    """The definitions of a programme from its editions, the latest last."""
    changed = {
        code: SignalDefinition(code, defaults[code].unit, Thresholds(watch, alert), edition)
        for code, edition, watch, alert in editions
    }
    return {**defaults, **changed} if changed else defaults
