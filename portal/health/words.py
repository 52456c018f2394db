"""What signals, levels and forecasts say, for whoever reads them."""

from collections.abc import Callable, Mapping
from datetime import date

from portal.health.definition import Code, Definition, Level, Unit
from portal.health.forecast import COHORT_MIN, Forecast
from portal.health.models import Said
from portal.health.signals import Signal, slip_on
from portal.health.standing import State
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.sprints.words import OUTLOOKS, OUTLOOKS_IN_SHORT

__all__ = ["OUTLOOKS", "OUTLOOKS_IN_SHORT"]

LEVELS: dict[Level, tuple[LazyString, str]] = {
    Level.ALERT: (_l("En difficulté"), "error"),
    Level.WATCH: (_l("À surveiller"), "warning"),
    Level.FINE: (_l("En bonne voie"), "success"),
}
SAID: dict[Said, LazyString] = {
    Said.FINE: _l("En bonne voie"),
    Said.WATCH: _l("À surveiller"),
    Said.ALERT: _l("En difficulté"),
    Said.NOTHING: _l("Rien : reprendre ce qui était dit"),
}
SIGNALS: dict[Code, LazyString] = {
    Code.DATA_ACCESS: _l("Accès aux données"),
    Code.GATE_SLIP: _l("Retard attendu d’un jalon"),
    Code.HIGH_RISK: _l("Risque élevé sans responsable"),
    Code.FINDINGS: _l("Constats graves ouverts"),
    Code.GATE_STALE: _l("Jalons acceptés devenus périmés"),
    Code.USER_SESSION: _l("Dernière séance avec un utilisateur"),
    Code.GOALS_MISSED: _l("Buts de sprint manqués de suite"),
    Code.NO_SPRINT: _l("Dernier sprint clos"),
    Code.NO_CONTACT: _l("Dernière séance de coaching"),
    Code.ADVICE: _l("Recommandations sans réponse"),
    Code.KEY_ROLE: _l("Rôle clé vacant"),
}
UNITS: dict[Unit, LazyString] = {
    Unit.DAYS_OVER: _l("plus de %(n)s jours"),
    Unit.DAYS: _l("%(n)s jours"),
    Unit.MONTH: _l("mois %(n)s"),
    Unit.COUNT: _l("à partir de %(n)s"),
}
# What a threshold does not say by its number.
BESIDE: Mapping[tuple[Code, Level], LazyString] = {
    (Code.FINDINGS, Level.WATCH): _l("gravité 3"),
    (Code.FINDINGS, Level.ALERT): _l("gravité 4"),
    (Code.GATE_SLIP, Level.ALERT): _l("ou après l’accompagnement"),
    (Code.GATE_STALE, Level.ALERT): _l("ou un jalon éthique"),
}
ROLES: dict[str, LazyString] = {
    "sponsor": _l("sponsor"),
    "business_owner": _l("responsable métier"),
}


def threshold(definition: Definition, level: Level) -> str:
    """From which number a signal speaks."""
    asked = definition.thresholds
    n = asked.alert if level == Level.ALERT else asked.watch  # a page names it by its number
    told = "—" if n is None else str(UNITS[definition.unit]) % {"n": n}
    more = BESIDE.get((definition.code, Level(level)))
    return f"{told} ({more})" if more else told


def why(signal: Signal, state: State) -> str:
    """A signal of a state as a sentence, as of its day."""
    return _SENTENCES[signal.code](signal, state)


def value(signal: Signal, state: State) -> str:
    """What it looks at, in a few words, whether it asks for something or not."""
    if signal.code in _QUIET and not _speaks(signal, state):
        return str(_QUIET[signal.code])
    if signal.code in _COUNTED:
        return ago(signal.days(state.day))
    return why(signal, state)


# What is said where there is nothing to say; the others count the days since something.
_QUIET: dict[Code, LazyString] = {
    Code.DATA_ACCESS: _l("données prouvées"),
    Code.GATE_SLIP: _l("aucun retard attendu"),
    Code.HIGH_RISK: _l("aucun"),
    Code.FINDINGS: _l("aucun"),
    Code.GATE_STALE: _l("aucun"),
    Code.USER_SESSION: _l("pas encore attendue : elle l’est dès le premier prototype"),
    Code.GOALS_MISSED: _l("aucun"),
    Code.ADVICE: _l("aucune"),
    Code.KEY_ROLE: _l("aucun"),
}
_COUNTED = (Code.USER_SESSION, Code.NO_SPRINT, Code.NO_CONTACT)


MONTH = 30.4375  # days, as months go on an average
IN_DAYS = 62  # below, a time is told in days


def lasting(days: int) -> str:
    """How long: « 12 jours », or « plus de 4 mois », which nobody has to count."""
    if days < IN_DAYS:
        return ngettext("%(num)s jour", "%(num)s jours", days)
    return _("plus de %(n)s mois", n=int(days / MONTH))


def ago(days: int) -> str:
    return _("il y a %(time)s", time=lasting(days))


def _speaks(signal: Signal, state: State) -> bool:
    """Whether there is anything to look at."""
    if signal.code is Code.GATE_SLIP:
        return slip_on(state.facts, state.day)[0] > 0
    if signal.code is Code.GATE_STALE:
        return bool(_stale(state))
    if signal.code is Code.USER_SESSION:
        return signal.counted_from is not None
    return bool(signal.given.get("n", 0))


def _data_access(signal: Signal, state: State) -> str:
    return ngettext(
        "Données : une preuve manque au jalon G2, %(time)s après le début",
        "Données : %(num)s preuves manquent au jalon G2, %(time)s après le début",
        signal.given.get("n", 0),
        time=lasting(signal.days(state.day)),
    )


def _gate_slip(_signal: Signal, state: State) -> str:
    slip, gate, last = slip_on(state.facts, state.day)
    if gate is None:
        return _("Aucun retard attendu")
    facts = {"gate": gate, "time": lasting(slip)}
    if last <= 0:
        return _("Jalon G%(gate)s attendu avec %(time)s de retard", **facts)
    if gate == state.facts.aims(state.day)[-1].number:
        return _(
            "Jalon G%(gate)s attendu avec %(time)s de retard, après la fin de l’accompagnement",
            **facts,
        )
    return _(
        "Jalon G%(gate)s attendu avec %(time)s de retard, le dernier après la fin de"
        " l’accompagnement",
        **facts,
    )


def _high_risk(signal: Signal, _state: State) -> str:
    return ngettext(
        "Un risque élevé que personne n’est chargé de réduire à une date",
        "%(num)s risques élevés que personne n’est chargé de réduire à une date",
        signal.given.get("n", 0),
    )


def _findings(signal: Signal, state: State) -> str:
    said = ngettext(
        "%(num)s constat grave ouvert, depuis %(time)s",
        "%(num)s constats graves ouverts, le premier depuis %(time)s",
        signal.given.get("n", 0),
        time=lasting(signal.days(state.day)),
    )
    gravest = signal.given.get("gravest", 0)
    if not gravest:
        return said
    more = ngettext("dont %(num)s catastrophique", "dont %(num)s catastrophiques", gravest)
    return f"{said}, {more}"


def _stale(state: State) -> list[int]:
    """The gates of which it speaks on that day."""
    return [one.number for one in state.facts.steps if one.is_stale(state.day)]


def _gate_stale(_signal: Signal, state: State) -> str:
    gates = ", ".join(f"G{number}" for number in _stale(state))
    return _("Acceptation périmée : %(gates)s", gates=gates)


def _user_session(signal: Signal, state: State) -> str:
    return _("Aucun utilisateur vu depuis %(time)s", time=lasting(signal.days(state.day)))


def _goals_missed(signal: Signal, _state: State) -> str:
    return ngettext(
        "But manqué %(num)s fois", "But manqué %(num)s fois de suite", signal.given.get("n", 0)
    )


def _no_sprint(signal: Signal, state: State) -> str:
    time = lasting(signal.days(state.day))
    if signal.seen:
        return _("Aucun sprint clos depuis %(time)s", time=time)
    return _("Aucun sprint clos depuis le début, il y a %(time)s", time=time)


def _no_contact(signal: Signal, state: State) -> str:
    time = lasting(signal.days(state.day))
    if state.facts.contact_on is None:
        return _("Aucune séance de coaching depuis le début, il y a %(time)s", time=time)
    return _("Aucune séance de coaching depuis %(time)s", time=time)


def _advice(signal: Signal, state: State) -> str:
    return ngettext(
        "Une recommandation sans réponse depuis %(time)s",
        "%(num)s recommandations sans réponse, la première depuis %(time)s",
        signal.given.get("n", 0),
        time=lasting(signal.days(state.day)),
    )


def _key_role(signal: Signal, state: State) -> str:
    names = ", ".join(role(one.removeprefix("role/")) for one in signal.seen)
    time = lasting(signal.days(state.day))
    return _("Rôle clé vacant depuis %(time)s : %(names)s", time=time, names=names)


def role(key: str) -> str:
    """A key role, or the coach of a track by its key."""
    kind, _colon, track = key.partition(":")
    return _("coach « %(track)s »", track=track) if track else str(ROLES.get(kind, kind))


_SENTENCES: Mapping[Code, Callable[[Signal, State], str]] = {
    Code.DATA_ACCESS: _data_access,
    Code.GATE_SLIP: _gate_slip,
    Code.HIGH_RISK: _high_risk,
    Code.FINDINGS: _findings,
    Code.GATE_STALE: _gate_stale,
    Code.USER_SESSION: _user_session,
    Code.GOALS_MISSED: _goals_missed,
    Code.NO_SPRINT: _no_sprint,
    Code.NO_CONTACT: _no_contact,
    Code.ADVICE: _advice,
    Code.KEY_ROLE: _key_role,
}


def expected(one: Forecast, shown: Callable[[date], str]) -> str:
    """When an open gate is expected: a range, or a bound where there is none."""
    if one.earliest_on is None or one.latest_on is None or one.earliest_on == one.latest_on:
        return _("pas avant le %(day)s", day=shown(one.expected_on))
    return _(
        "entre le %(early)s et le %(late)s",
        early=shown(one.earliest_on),
        late=shown(one.latest_on),
    )


def method(one: Forecast) -> str:
    """How a forecast was made, with its numbers."""
    if not one.n:
        own = _("aucun jalon franchi par l’équipe : on s’en tient aux dates prévues")
    else:
        own = ngettext(
            "médiane de l’équipe : %(habit)s jours d’écart, sur %(num)s jalon franchi",
            "médiane de l’équipe : %(habit)s jours d’écart, sur %(num)s jalons franchis",
            one.n,
            habit=one.habit,
        )
    if one.cohort < COHORT_MIN:
        spread = ngettext(
            "pas de fourchette : %(num)s jalon franchi dans le programme",
            "pas de fourchette : %(num)s jalons franchis dans le programme",
            one.cohort,
        )
    else:
        spread = ngettext(
            "fourchette : quartiles de %(num)s jalon franchi dans le programme",
            "fourchette : quartiles de %(num)s jalons franchis dans le programme",
            one.cohort,
        )
    return _("%(own)s ; %(spread)s", own=own, spread=spread)
