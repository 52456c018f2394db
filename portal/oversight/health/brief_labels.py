"""Signals in a few words, for lists of a line a team: at most `BRIEF_MAX` characters, in both languages."""

from collections.abc import Callable, Mapping

from portal.oversight.gates.forecast_rules import DAYS_A_WEEK
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.duration_labels import IN_DAYS_MAX
from portal.oversight.health.lateness_rules import lateness_with_shift
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthState, count_silent_days
from portal.oversight.health.team_labels import name_of_track
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext

BRIEF_MAX = 36
GATES_NAMED = 3


def why_in_brief(signal: Signal, state: HealthState) -> str:
    """Return what a raised signal says, as of the day of the state."""
    return _SENTENCES[signal.code](signal, state)


def days_in_brief(days: int) -> str:
    """« 12 j »."""
    return _("%(n)s j", n=days)


def _gate_slip(signal: Signal, state: HealthState) -> str:
    """How late the last open gate is expected: of a range, at least."""
    lateness = lateness_with_shift(state.facts, signal.parameters.get("shift", 0))
    days = max(0, lateness.days_on(state.day)) if lateness else 0
    late = _("%(n)s sem.", n=days // DAYS_A_WEEK) if days >= IN_DAYS_MAX else days_in_brief(days)
    if not signal.references:
        return _("%(time)s de retard", time=late)
    gate = signal.references[0].removeprefix("gate/")
    if signal.parameters.get("ranged", 0):
        return _("G%(gate)s : au moins %(time)s de retard", gate=gate, time=late)
    return _("G%(gate)s : %(time)s de retard", gate=gate, time=late)


def _gate_stale(signal: Signal, state: HealthState) -> str:
    """Each gate, and the greatest of their ages: none is said to be older than it is."""
    stale = {
        step.number: (state.day - since).days
        for step in state.facts.steps
        if step.is_stale(state.day) and not step.is_waived and (since := step.stale_since()) is not None
    }
    days = signal.days(state.day)
    n, time = len(stale), days_in_brief(days)
    is_of_all = set(stale.values()) <= {days}
    if n > GATES_NAMED:
        all_since = _("%(n)s jalons périmés depuis %(time)s", n=n, time=time)
        return all_since if is_of_all else _("%(n)s jalons périmés, jusqu’à %(time)s", n=n, time=time)
    gates = ", ".join(f"G{number}" for number in stale)
    if not days:
        return ngettext("%(gates)s périmé", "%(gates)s périmés", n, gates=gates)
    if not is_of_all:
        return _("%(gates)s périmés, jusqu’à %(time)s", gates=gates, time=time)
    return ngettext(
        "%(gates)s périmé depuis %(time)s", "%(gates)s périmés depuis %(time)s", n, gates=gates, time=time
    )


def _no_contact(signal: Signal, state: HealthState) -> str:
    """Names the track where it is one alone, and short enough."""
    silences = list(count_silent_days(state, signal).items())
    longest = max((days for _key, days in silences), default=signal.days(state.day))
    time = days_in_brief(max(0, longest))
    tracks = [name_of_track(state.facts.tracks[key]) for key, _days in silences]
    named = _("%(track)s : sans séance, %(time)s", track=", ".join(tracks), time=time)
    if len(tracks) == 1 and len(named) <= BRIEF_MAX:
        return named
    return _("Aucune séance depuis %(time)s", time=time)


def _findings(signal: Signal, state: HealthState) -> str:
    return ngettext(
        "%(num)s constat grave depuis %(time)s",
        "%(num)s constats graves depuis %(time)s",
        signal.parameters.get("n", 0),
        time=days_in_brief(signal.days(state.day)),
    )


_SENTENCES: Mapping[SignalCode, Callable[[Signal, HealthState], str]] = {
    SignalCode.DATA_ACCESS: lambda signal, _state: ngettext(
        "Données : une preuve manque",
        "Données : %(num)s preuves manquent",
        signal.parameters.get("n", 0),
    ),
    SignalCode.GATE_SLIP: _gate_slip,
    SignalCode.HIGH_RISK: lambda signal, _state: ngettext(
        "Un risque élevé sans responsable",
        "%(num)s risques élevés sans responsable",
        signal.parameters.get("n", 0),
    ),
    SignalCode.FINDINGS: _findings,
    SignalCode.GATE_STALE: _gate_stale,
    SignalCode.USER_SESSION: lambda signal, state: (
        _("Aucun utilisateur vu depuis %(time)s", time=days_in_brief(signal.days(state.day)))
        if state.facts.tests.last_on
        else _("Aucun utilisateur depuis G5, %(time)s", time=days_in_brief(signal.days(state.day)))
    ),
    SignalCode.GOALS_MISSED: lambda signal, _state: ngettext(
        "But manqué %(num)s fois", "But manqué %(num)s fois de suite", signal.parameters.get("n", 0)
    ),
    SignalCode.NO_SPRINT: lambda signal, state: _(
        "Aucun sprint clos depuis %(time)s", time=days_in_brief(signal.days(state.day))
    ),
    SignalCode.NO_CONTACT: _no_contact,
    SignalCode.ADVICE: lambda signal, _state: ngettext(
        "Une recommandation sans réponse",
        "%(num)s recommandations sans réponse",
        signal.parameters.get("n", 0),
    ),
    SignalCode.KEY_ROLE: lambda signal, state: _(
        "Rôle clé vacant depuis %(time)s", time=days_in_brief(signal.days(state.day))
    ),
}
