"""Labels and sentences: signals and levels."""

from collections.abc import Callable, Mapping

from portal.oversight.health.definition_rules import (
    HealthLevel,
    OverrideLevel,
    SignalCode,
    SignalDefinition,
    Unit,
)
from portal.oversight.health.lateness_rules import lateness_with_shift
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthState
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.sprints.labels import OUTLOOKS, OUTLOOKS_IN_SHORT

__all__ = ["OUTLOOKS", "OUTLOOKS_IN_SHORT"]

LEVELS: dict[HealthLevel, tuple[LazyString, str]] = {
    HealthLevel.ALERT: (_l("En difficulté"), "error"),
    HealthLevel.WATCH: (_l("À surveiller"), "warning"),
    HealthLevel.FINE: (_l("En bonne voie"), "success"),
}
OVERRIDE_LEVELS: dict[OverrideLevel, LazyString] = {
    OverrideLevel.FINE: _l("En bonne voie"),
    OverrideLevel.WATCH: _l("À surveiller"),
    OverrideLevel.ALERT: _l("En difficulté"),
    OverrideLevel.NOTHING: _l("Rien : reprendre ce qui était dit"),
}
SIGNALS: dict[SignalCode, LazyString] = {
    SignalCode.DATA_ACCESS: _l("Accès aux données"),
    SignalCode.GATE_SLIP: _l("Retard attendu du dernier jalon"),
    SignalCode.HIGH_RISK: _l("Risque élevé sans responsable"),
    SignalCode.FINDINGS: _l("Constats graves ouverts"),
    SignalCode.GATE_STALE: _l("Jalons acceptés devenus périmés"),
    SignalCode.USER_SESSION: _l("Dernière séance avec un utilisateur"),
    SignalCode.GOALS_MISSED: _l("Buts de sprint manqués de suite"),
    SignalCode.NO_SPRINT: _l("Dernier sprint clos"),
    SignalCode.NO_CONTACT: _l("Dernière séance de coaching"),
    SignalCode.ADVICE: _l("Recommandations sans réponse"),
    SignalCode.KEY_ROLE: _l("Rôle clé vacant"),
}
UNITS: dict[Unit, LazyString] = {
    Unit.DAYS_OVER: _l("plus de %(n)s jours"),
    Unit.DAYS: _l("%(n)s jours"),
    Unit.MONTH: _l("mois %(n)s"),
    Unit.COUNT: _l("à partir de %(n)s"),
}
# Notes on thresholds that their number does not express.
THRESHOLD_NOTES: Mapping[tuple[SignalCode, HealthLevel], LazyString] = {
    (SignalCode.FINDINGS, HealthLevel.WATCH): _l("gravité 3"),
    (SignalCode.FINDINGS, HealthLevel.ALERT): _l("gravité 4"),
    (SignalCode.GATE_STALE, HealthLevel.ALERT): _l("ou un jalon éthique"),
}
ROLES: dict[str, LazyString] = {"sponsor": _l("sponsor"), "business_owner": _l("responsable métier")}


def threshold(definition: SignalDefinition, level: HealthLevel) -> str:
    """Return a threshold of a signal with its unit; templates pass the level as a number."""
    thresholds = definition.thresholds
    n = thresholds.alert if level == HealthLevel.ALERT else thresholds.watch
    text = "—" if n is None else str(UNITS[definition.unit]) % {"n": n}
    more = THRESHOLD_NOTES.get((definition.code, HealthLevel(level)))
    return f"{text} ({more})" if more else text


def why(signal: Signal, state: HealthState) -> str:
    """Return the sentence of a signal, as of the day of the state."""
    return _SENTENCES[signal.code](signal, state)


def value(signal: Signal, state: HealthState) -> str:
    """Return what a signal observes, in a few words, at any level."""
    if signal.code in _QUIET_SENTENCES and not _has_news(signal, state):
        return str(_QUIET_SENTENCES[signal.code])
    if signal.code in _COUNTED:
        return ago(signal.days(state.day))
    return why(signal, state)


# Values of signals without news; the others count days since an event.
_QUIET_SENTENCES: dict[SignalCode, LazyString] = {
    SignalCode.DATA_ACCESS: _l("données prouvées"),
    SignalCode.GATE_SLIP: _l("aucun retard attendu"),
    SignalCode.HIGH_RISK: _l("aucun"),
    SignalCode.FINDINGS: _l("aucun"),
    SignalCode.GATE_STALE: _l("aucun"),
    SignalCode.USER_SESSION: _l("pas encore attendue : elle l’est dès le premier prototype"),
    SignalCode.GOALS_MISSED: _l("aucun"),
    SignalCode.ADVICE: _l("aucune"),
    SignalCode.KEY_ROLE: _l("aucun"),
}
_COUNTED = (SignalCode.USER_SESSION, SignalCode.NO_SPRINT, SignalCode.NO_CONTACT)


MONTH = 30.4375  # days, on average
IN_DAYS_MAX = 62  # shorter durations are given in days


def format_duration(days: int) -> str:
    """Return a duration: « 12 jours », or « plus de 4 mois » from 62 days on."""
    if days < IN_DAYS_MAX:
        return ngettext("%(num)s jour", "%(num)s jours", days)
    return _("plus de %(n)s mois", n=int(days / MONTH))


def ago(days: int) -> str:
    """Return « il y a 12 jours »."""
    return _("il y a %(time)s", time=format_duration(days))


def _has_news(signal: Signal, state: HealthState) -> bool:
    """Whether a signal has anything to report."""
    if signal.code is SignalCode.GATE_SLIP:
        return state.is_too_early or _days_late(signal, state) > 0
    if signal.code is SignalCode.GATE_STALE:
        return bool(_list_stale_gates(state))
    if signal.code is SignalCode.USER_SESSION:
        return signal.counted_from is not None
    return bool(signal.parameters.get("n", 0))


def _gate_slip(signal: Signal, state: HealthState) -> str:
    """Sentence of the last open gate, whose lateness is judged once two gates were due."""
    if state.is_too_early:
        return _("trop tôt pour le dire")
    late = _days_late(signal, state)
    if late <= 0:
        return _("Aucun retard attendu")
    gate = signal.references[0].removeprefix("gate/")
    time = format_duration(late)
    return _("Jalon G%(gate)s attendu avec %(time)s de retard", gate=gate, time=time)


def _days_late(signal: Signal, state: HealthState) -> int:
    """Lateness of the last open gate in days; 0 where none is open."""
    lateness = lateness_with_shift(state.facts, signal.parameters.get("shift", 0))
    return lateness.days_on(state.day) if lateness and signal.references else 0


def _findings(signal: Signal, state: HealthState) -> str:
    sentence = ngettext(
        "%(num)s constat grave ouvert, depuis %(time)s",
        "%(num)s constats graves ouverts, le premier depuis %(time)s",
        signal.parameters.get("n", 0),
        time=format_duration(signal.days(state.day)),
    )
    gravest = signal.parameters.get("gravest", 0)
    if not gravest:
        return sentence
    more = ngettext("dont %(num)s catastrophique", "dont %(num)s catastrophiques", gravest)
    return f"{sentence}, {more}"


def _list_stale_gates(state: HealthState) -> list[int]:
    """Numbers of the gates that are stale on the day of the state."""
    return [step.number for step in state.facts.steps if step.is_stale(state.day)]


def _no_sprint(signal: Signal, state: HealthState) -> str:
    time = format_duration(signal.days(state.day))
    if signal.references:
        return _("Aucun sprint clos depuis %(time)s", time=time)
    return _("Aucun sprint clos depuis le début, il y a %(time)s", time=time)


def _no_contact(signal: Signal, state: HealthState) -> str:
    time = format_duration(signal.days(state.day))
    if state.facts.contact_on is None:
        return _("Aucune séance de coaching depuis le début, il y a %(time)s", time=time)
    return _("Aucune séance de coaching depuis %(time)s", time=time)


def _key_role(signal: Signal, state: HealthState) -> str:
    names = ", ".join(role(reference.removeprefix("role/")) for reference in signal.references)
    time = format_duration(signal.days(state.day))
    return _("Rôle clé vacant depuis %(time)s : %(names)s", time=time, names=names)


def role(key: str) -> str:
    """Return the label of a key role, or of the coach of a track ("coach:<key>")."""
    kind, _colon, track = key.partition(":")
    return _("coach « %(track)s »", track=track) if track else str(ROLES.get(kind, kind))


_SENTENCES: Mapping[SignalCode, Callable[[Signal, HealthState], str]] = {
    SignalCode.DATA_ACCESS: lambda signal, state: ngettext(
        "Données : une preuve manque au jalon G2, %(time)s après le début",
        "Données : %(num)s preuves manquent au jalon G2, %(time)s après le début",
        signal.parameters.get("n", 0),
        time=format_duration(signal.days(state.day)),
    ),
    SignalCode.GATE_SLIP: _gate_slip,
    SignalCode.HIGH_RISK: lambda signal, _state: ngettext(
        "Un risque élevé que personne n’est chargé de réduire à une date",
        "%(num)s risques élevés que personne n’est chargé de réduire à une date",
        signal.parameters.get("n", 0),
    ),
    SignalCode.FINDINGS: _findings,
    SignalCode.GATE_STALE: lambda _signal, state: _(
        "Acceptation périmée : %(gates)s",
        gates=", ".join(f"G{number}" for number in _list_stale_gates(state)),
    ),
    SignalCode.USER_SESSION: lambda signal, state: _(
        "Aucun utilisateur vu depuis %(time)s", time=format_duration(signal.days(state.day))
    ),
    SignalCode.GOALS_MISSED: lambda signal, _state: ngettext(
        "But manqué %(num)s fois", "But manqué %(num)s fois de suite", signal.parameters.get("n", 0)
    ),
    SignalCode.NO_SPRINT: _no_sprint,
    SignalCode.NO_CONTACT: _no_contact,
    SignalCode.ADVICE: lambda signal, state: ngettext(
        "Une recommandation sans réponse depuis %(time)s",
        "%(num)s recommandations sans réponse, la première depuis %(time)s",
        signal.parameters.get("n", 0),
        time=format_duration(signal.days(state.day)),
    ),
    SignalCode.KEY_ROLE: _key_role,
}
