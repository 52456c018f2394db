"""Sentences about the forecast of a gate."""

from collections.abc import Callable
from datetime import date

from portal.oversight.gates.forecast_rules import PASSED_MIN, STEPS_MIN, GateForecast, WaiverEffect
from portal.oversight.health.duration_labels import format_duration
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext


def is_past(on: date | None) -> bool:
    """Whether a forecast is that of a day that is past, in Paris and for the reader: its pace was another."""
    return on is not None and on < min(clock.today(), clock.today_for_reader())


def expected_date_label(
    forecast: GateForecast, format_day: Callable[[date], str], on: date | None = None
) -> str:
    """Return when an open gate is expected: a day with its range, or "at today's pace"; read `on` a day."""
    day, earliest, latest = forecast.expected_on, forecast.earliest_on, forecast.latest_on
    if earliest is None or latest is None:
        if is_past(on):
            return _("vers le %(day)s, au rythme d’alors", day=format_day(day))
        return _("vers le %(day)s, au rythme d’aujourd’hui", day=format_day(day))
    return _(
        "vers le %(day)s, au plus tôt le %(early)s, au plus tard le %(late)s",
        day=format_day(day),
        early=format_day(earliest),
        late=format_day(latest),
    )


def forecast_method(forecast: GateForecast) -> str:
    """Return how a forecast was made, with its numbers."""
    return _("%(own)s ; %(spread)s", own=lateness(forecast.lateness), spread=explain_range(forecast))


def lateness(days: int) -> str:
    """Return the present lateness of a team in words."""
    if days > 0:
        return _("l’équipe a %(time)s de retard", time=format_duration(days))
    if days < 0:
        return _("l’équipe a %(time)s d’avance", time=format_duration(-days))
    return _("l’équipe est à l’heure")


def explain_range(forecast: GateForecast) -> str:
    """Return where the range comes from, or why there is none."""
    if forecast.has_range:
        return ngettext(
            "fourchette tirée de %(num)s écart d’un jalon au suivant dans le programme",
            "fourchette tirée de %(num)s écarts d’un jalon au suivant dans le programme",
            forecast.steps,
        )
    if forecast.passed < PASSED_MIN:
        return ngettext(
            "pas de fourchette : l’équipe a franchi %(num)s jalon, il en faut %(min)s",
            "pas de fourchette : l’équipe a franchi %(num)s jalons, il en faut %(min)s",
            forecast.passed,
            min=PASSED_MIN,
        )
    return ngettext(
        "pas de fourchette : %(num)s écart d’un jalon au suivant dans le programme, il en faut %(min)s",
        "pas de fourchette : %(num)s écarts d’un jalon au suivant dans le programme, il en faut %(min)s",
        forecast.steps,
        min=STEPS_MIN,
    )


def weeks_late(forecast: GateForecast, *, too_early: bool) -> str:
    """Return « dans les temps », « 3 semaines de retard » or « trop tôt pour le dire »."""
    if too_early:
        return _("trop tôt pour le dire")
    if not forecast.weeks_late:
        return _("dans les temps")
    return ngettext("%(num)s semaine de retard", "%(num)s semaines de retard", forecast.weeks_late)


def waiver_effect(effect: WaiverEffect, format_day: Callable[[date], str]) -> str:
    """Return by how much waiving a gate moves the last gate."""
    before, after = effect.before, effect.after
    if after is None:
        return _("Il ne resterait alors aucun jalon ouvert.")
    days = {"before": format_day(before.expected_on), "after": format_day(after.expected_on)}
    if before.number != after.number:
        return _(
            "Le dernier jalon ouvert serait alors G%(gate)s, attendu vers le %(after)s ;"
            " aujourd’hui c’est G%(last)s, vers le %(before)s.",
            gate=after.number,
            last=before.number,
            **days,
        )
    gained = effect.days_gained
    if not gained:
        return _("Le dernier jalon, G%(gate)s, reste attendu vers le %(after)s.", gate=after.number, **days)
    if gained < 0:
        return ngettext(
            "Le dernier jalon, G%(gate)s, serait attendu vers le %(after)s au lieu du %(before)s :"
            " %(num)s jour plus tard.",
            "Le dernier jalon, G%(gate)s, serait attendu vers le %(after)s au lieu du %(before)s :"
            " %(num)s jours plus tard.",
            -gained,
            gate=after.number,
            **days,
        )
    return ngettext(
        "Le dernier jalon, G%(gate)s, serait attendu vers le %(after)s au lieu du %(before)s :"
        " %(num)s jour plus tôt.",
        "Le dernier jalon, G%(gate)s, serait attendu vers le %(after)s au lieu du %(before)s :"
        " %(num)s jours plus tôt.",
        gained,
        gate=after.number,
        **days,
    )
