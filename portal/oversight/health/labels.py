"""Labels and sentences: signals and levels."""

from collections.abc import Callable, Mapping
from datetime import date

from portal.oversight.gates.forecast_labels import is_past
from portal.oversight.health.definition_rules import HealthLevel, LeadOpinionLevel, SignalCode
from portal.oversight.health.duration_labels import format_ago, format_duration
from portal.oversight.health.lateness_rules import lateness_with_shift
from portal.oversight.health.signal_rules import Signal
from portal.oversight.health.state_rules import HealthSnapshot, count_silent_days_by_track
from portal.oversight.health.team_labels import describe_contacts, describe_silence, join_vacant_roles
from portal.platform.kernel.text import LazyString, format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.sprints.sprints.labels import OUTLOOKS, OUTLOOKS_IN_SHORT

__all__ = ["OUTLOOKS", "OUTLOOKS_IN_SHORT", "format_ago", "format_duration"]

LEVELS: dict[HealthLevel, tuple[LazyString, str]] = {
    HealthLevel.ALERT: (_l("En difficulté"), "error"),
    HealthLevel.WATCH: (_l("À surveiller"), "warning"),
    HealthLevel.FINE: (_l("En bonne voie"), "success"),
    HealthLevel.UNKNOWN: (_l("Trop tôt pour le dire"), ""),
}
SIGNAL_LEVELS = {**LEVELS, HealthLevel.UNKNOWN: (_l("Inconnu"), "")}
OVERRIDE_LEVELS: dict[LeadOpinionLevel, LazyString] = {
    LeadOpinionLevel.FINE: _l("En bonne voie"),
    LeadOpinionLevel.WATCH: _l("À surveiller"),
    LeadOpinionLevel.ALERT: _l("En difficulté"),
    LeadOpinionLevel.NOTHING: _l("Rien : retirer ce qui était dit"),
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
    SignalCode.NO_CONTACT: _l("Dernière séance d’accompagnement de chaque volet"),
    SignalCode.ADVICE: _l("Recommandations sans réponse"),
    SignalCode.KEY_ROLE: _l("Rôle clé vacant"),
}


def signal_sentence(signal: Signal, state: HealthSnapshot) -> str:
    """Return the sentence of a signal, as of the day of the state."""
    return _SENTENCES[signal.code](signal, state)


def signal_level_and_look(signal: Signal, state: HealthSnapshot) -> tuple[LazyString, str]:
    """Return the label and the look of a signal's level."""
    if _is_not_judged(signal, state):
        return _l("Non jugé"), ""
    return SIGNAL_LEVELS[signal.level(state.day)]


def _is_not_judged(signal: Signal, state: HealthSnapshot) -> bool:
    return signal.code is SignalCode.GATE_SLIP and state.has_passed_all_gates


def signal_value_label(signal: Signal, state: HealthSnapshot) -> str:
    """Return what a signal observes, in a few words, at any level."""
    if _is_not_judged(signal, state):
        return _("tous les jalons sont franchis")
    if signal.level(state.day) is HealthLevel.UNKNOWN:
        return _explain_unknown_signal(signal)
    if signal.code is SignalCode.NO_CONTACT and state.facts.tracks:
        return describe_contacts(state)
    if signal.code in _QUIET_SENTENCES and not _has_something_to_report(signal, state):
        return str(_QUIET_SENTENCES[signal.code])
    if signal.code in _COUNTED and _had_first_sprint_or_session(signal, state):
        return format_ago(signal.days(state.day))
    return signal_sentence(signal, state)


def _explain_unknown_signal(signal: Signal) -> str:
    if signal.code in _JUDGED_LATER and signal.known_from is not None:
        return _("jugé à partir du %(day)s", day=format_day(signal.known_from))
    return str(_UNKNOWN_SENTENCES[signal.code])


# Judged some days after a first one: 21, or fewer where a programme's threshold is lower.
_JUDGED_LATER = (SignalCode.NO_SPRINT, SignalCode.NO_CONTACT, SignalCode.KEY_ROLE)
# Why there is nothing to judge yet.
_UNKNOWN_SENTENCES: dict[SignalCode, LazyString] = {
    SignalCode.DATA_ACCESS: _l("jugé à partir du jour prévu du jalon G2"),
    SignalCode.GATE_SLIP: _l("trop tôt pour le dire"),
    SignalCode.HIGH_RISK: _l("ni risque ouvert ni revue soumise"),
    SignalCode.FINDINGS: _l("pas encore de test"),
    SignalCode.GATE_STALE: _l("pas encore de jalon accepté"),
    SignalCode.USER_SESSION: _l("pas encore attendue : elle l’est dès le premier prototype"),
    SignalCode.GOALS_MISSED: _l("pas encore de sprint clos"),
    SignalCode.NO_CONTACT: _l("pas encore de coach affecté"),
    SignalCode.ADVICE: _l("pas encore de recommandation"),
}
# Values of signals without news; the others count days since an event.
_QUIET_SENTENCES: dict[SignalCode, LazyString] = {
    SignalCode.DATA_ACCESS: _l("données prouvées"),
    SignalCode.GATE_SLIP: _l("pas de retard au-delà du seuil"),
    SignalCode.HIGH_RISK: _l("aucun"),
    SignalCode.FINDINGS: _l("aucun"),
    SignalCode.GATE_STALE: _l("aucun"),
    SignalCode.USER_SESSION: _l("pas encore attendue : elle l’est dès le premier prototype"),
    SignalCode.GOALS_MISSED: _l("aucun"),
    SignalCode.ADVICE: _l("aucune"),
    SignalCode.KEY_ROLE: _l("aucun"),
}
_COUNTED = (SignalCode.USER_SESSION, SignalCode.NO_SPRINT, SignalCode.NO_CONTACT)


def _has_something_to_report(signal: Signal, state: HealthSnapshot) -> bool:
    """Whether a signal has anything to report."""
    if signal.code is SignalCode.GATE_SLIP:
        return _count_days_late(signal, state) > 0
    if signal.code is SignalCode.GATE_STALE:
        return bool(_list_stale_days_and_gate_numbers(state))
    if signal.code is SignalCode.USER_SESSION:
        return signal.counted_from is not None
    return bool(signal.parameters.get("n", 0))


def _had_first_sprint_or_session(signal: Signal, state: HealthSnapshot) -> bool:
    """Whether there was a first sprint, or a first session with a user."""
    if signal.code is SignalCode.USER_SESSION:
        return state.facts.tests.last_on is not None
    return bool(signal.references) or signal.code is not SignalCode.NO_SPRINT


def _describe_user_session(signal: Signal, state: HealthSnapshot) -> str:
    time = format_duration(signal.days(state.day))
    if state.facts.tests.last_on is None:
        return _("Aucun utilisateur vu, G5 franchi depuis %(time)s", time=time)
    return _("Aucun utilisateur vu depuis %(time)s", time=time)


def _describe_gate_slip(signal: Signal, state: HealthSnapshot) -> str:
    """Sentence of the last open gate, whose lateness is judged once two gates were due."""
    if state.has_passed_all_gates:
        return _("Tous les jalons sont franchis")
    if state.is_too_early:
        return _("trop tôt pour le dire")
    late = _count_days_late(signal, state)
    if late <= 0:
        return _("Aucun retard attendu")
    gate = signal.references[0].removeprefix("gate/")
    time = format_duration(late)
    if signal.parameters.get("ranged", 0):
        return _("G%(gate)s attendu en retard : %(time)s, au plus tôt", gate=gate, time=time)
    if is_past(state.day):
        return _("G%(gate)s attendu en retard : %(time)s, au rythme d’alors", gate=gate, time=time)
    return _("G%(gate)s attendu en retard : %(time)s, au rythme d’aujourd’hui", gate=gate, time=time)


def _count_days_late(signal: Signal, state: HealthSnapshot) -> int:
    """Lateness of the last open gate in days; 0 where none is open."""
    lateness = lateness_with_shift(state.facts, signal.parameters.get("shift", 0))
    return lateness.days_on(state.day) if lateness and signal.references else 0


def _describe_findings(signal: Signal, state: HealthSnapshot) -> str:
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


def _list_stale_days_and_gate_numbers(state: HealthSnapshot) -> list[tuple[date, int]]:
    """Since when and which gates are stale on the day of the state, the oldest first."""
    return sorted(
        (since, step.number)
        for step in state.facts.steps
        if not step.is_waived and (since := step.stale_since()) is not None and since <= state.day
    )


def _describe_stale_gates(signal: Signal, state: HealthSnapshot) -> str:
    """The stale gates, each with its age where these differ."""
    ages = {number: (state.day - since).days for since, number in _list_stale_days_and_gate_numbers(state)}
    gates = ", ".join(f"G{number}" for number in sorted(ages))
    if len(set(ages.values())) > 1:
        each = (
            _("G%(gate)s depuis %(time)s", gate=number, time=format_duration(days))
            if days
            else _("G%(gate)s aujourd’hui", gate=number)
            for number, days in ages.items()
        )
        return _("Périmés : %(gates)s", gates=", ".join(each))
    n, time = len(ages), format_duration(signal.days(state.day))
    if not any(ages.values()):
        return ngettext("%(gates)s périmé", "%(gates)s périmés", n, gates=gates)
    return ngettext(
        "%(gates)s périmé depuis %(time)s", "%(gates)s périmés depuis %(time)s", n, gates=gates, time=time
    )


def _describe_sprint_silence(signal: Signal, state: HealthSnapshot) -> str:
    time = format_duration(signal.days(state.day))
    if signal.references:
        return _("Aucun sprint clos depuis %(time)s", time=time)
    return _("Aucun sprint clos depuis le début, il y a %(time)s", time=time)


def _describe_coach_silence(signal: Signal, state: HealthSnapshot) -> str:
    if state.facts.tracks:
        silences = count_silent_days_by_track(state, signal).items()
        return _(
            "Aucun coach vu : %(tracks)s",
            tracks=_(" ; ").join(describe_silence(state.facts.tracks[key], days) for key, days in silences),
        )
    time = format_duration(signal.days(state.day))
    if state.facts.contact_on is None:
        return _("Aucun coach vu depuis le début, il y a %(time)s", time=time)
    return _("Aucun coach vu depuis %(time)s", time=time)


def _describe_vacant_roles(signal: Signal, state: HealthSnapshot) -> str:
    names = join_vacant_roles(signal, state)
    time = format_duration(signal.days(state.day))
    return _("Rôle clé vacant depuis %(time)s : %(names)s", time=time, names=names)


def _describe_data_access(signal: Signal, state: HealthSnapshot) -> str:
    count, days = signal.parameters.get("n", 0), signal.days(state.day)
    if not days:
        return ngettext(
            "Données : une preuve manque à G2, prévu aujourd’hui",
            "Données : %(num)s preuves manquent à G2, prévu aujourd’hui",
            count,
        )
    return ngettext(
        "Données : une preuve manque à G2, prévu il y a %(time)s",
        "Données : %(num)s preuves manquent à G2, prévu il y a %(time)s",
        count,
        time=format_duration(days),
    )


_SENTENCES: Mapping[SignalCode, Callable[[Signal, HealthSnapshot], str]] = {
    SignalCode.DATA_ACCESS: _describe_data_access,
    SignalCode.GATE_SLIP: _describe_gate_slip,
    SignalCode.HIGH_RISK: lambda signal, _state: ngettext(
        "Un risque élevé que personne n’est chargé de réduire à une date",
        "%(num)s risques élevés que personne n’est chargé de réduire à une date",
        signal.parameters.get("n", 0),
    ),
    SignalCode.FINDINGS: _describe_findings,
    SignalCode.GATE_STALE: _describe_stale_gates,
    SignalCode.USER_SESSION: _describe_user_session,
    SignalCode.GOALS_MISSED: lambda signal, _state: ngettext(
        "But manqué %(num)s fois", "But manqué %(num)s fois de suite", signal.parameters.get("n", 0)
    ),
    SignalCode.NO_SPRINT: _describe_sprint_silence,
    SignalCode.NO_CONTACT: _describe_coach_silence,
    SignalCode.ADVICE: lambda signal, state: ngettext(
        "Une recommandation sans réponse depuis %(time)s",
        "%(num)s recommandations sans réponse, la première depuis %(time)s",
        signal.parameters.get("n", 0),
        time=format_duration(signal.days(state.day)),
    ),
    SignalCode.KEY_ROLE: _describe_vacant_roles,
}
