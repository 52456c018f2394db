"""What a portfolio says: counts in words, levels, and each reason as a sentence."""

from collections.abc import Sequence
from datetime import date

from portal.gates.definition import GATES
from portal.gates.words import STANDINGS
from portal.health import words as health
from portal.health.definition import Level as HealthLevel
from portal.health.facts import Ethics, Tried
from portal.health.forecast import Forecast
from portal.health.standing import State
from portal.health.workplace import url_of
from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.portfolio.attention import Code, Level, Reason
from portal.portfolio.listing import Health, Sort
from portal.portfolio.teams import Team
from portal.programmes.models import Programme, Track
from portal.projects.words import STATES
from portal.sprints.models import Blocker, Outcome
from portal.sprints.words import BLOCKERS, OUTCOMES, OUTLOOKS_IN_SHORT
from portal.usability.completion import completion
from portal.usability.words import completion_in_short
from portal.web.show import day

signal = health.why
HEALTH_LEVELS = health.LEVELS
SAID = health.SAID

__all__ = ["BLOCKERS", "OUTCOMES", "OUTLOOKS_IN_SHORT", "STATES", "url_of"]

# French counts teams in the feminine.
COUNTS = (
    _l("aucune"),
    _l("une"),
    _l("deux"),
    _l("trois"),
    _l("quatre"),
    _l("cinq"),
    _l("six"),
    _l("sept"),
    _l("huit"),
    _l("neuf"),
    _l("dix"),
)

LEVELS: dict[Level, tuple[LazyString, str]] = {
    Level.ALERT: (_l("À aider"), "error"),
    Level.WARN: (_l("À surveiller"), "warning"),
    Level.FINE: (_l("En bonne voie"), "success"),
}

OUTCOME_KINDS = {Outcome.MET: "success", Outcome.PARTLY: "warning", Outcome.MISSED: "error"}

SORTS: dict[Sort, LazyString] = {
    Sort.ATTENTION: _l("Attention"),
    Sort.ORGANISATION: _l("Organisation"),
    Sort.LAST_LOG: _l("Journal le plus ancien"),
    Sort.SPRINT_END: _l("Fin du sprint"),
    Sort.GATE: _l("Avancement, le moindre d’abord"),
}

HEALTH: dict[Health, LazyString] = {
    Health.ALERT: health.LEVELS[HealthLevel.ALERT][0],
    Health.WATCH: health.LEVELS[HealthLevel.WATCH][0],
    Health.FINE: health.LEVELS[HealthLevel.FINE][0],
}
GATES_AHEAD = tuple((str(number), f"G{number}") for number in range(GATES))
LOOKS: dict[str, LazyString] = {one.value: name for one, name in STANDINGS.items()}
REVIEWS: dict[str, LazyString] = {
    "framing": _l("Revue de cadrage"),
    "exposure": _l("Revue avant exposition"),
}
DRAFT = "draft"
REVIEW_STATES: dict[str, LazyString] = {
    DRAFT: _l("en cours"),
    "submitted": _l("remise"),
    "accepted": _l("acceptée"),
    "accepted_with_conditions": _l("acceptée avec conditions"),
    "refused": _l("refusée"),
}

FILTERS: dict[str, LazyString] = {
    "coach": _l("Coach"),
    "track": _l("Volet"),
    "organisation": _l("Organisation"),
    "health": _l("Santé"),
    "gate": _l("Jalon à franchir"),
    "stale": _l("Jalon périmé"),
    "on": _l("Comme c’était le"),
    "outlook": _l("Météo"),
    "state": _l("État du projet"),
    "sort": _l("Trier par"),
    "help": _l("Aide demandée"),
    "silent": _l("Sans journal depuis plus de 21 jours"),
    "teams": _l("Équipes"),
    "page": _l("Page"),
}


def filters_named(names: Sequence[str]) -> str:
    """Filters by what the form calls them."""
    return ", ".join(str(FILTERS[name]) for name in names)


def options(named: Sequence[Programme | Track]) -> Sequence[tuple[str, str]]:
    """What a list offers: each by its key, as its reader calls it."""
    return [(one.slug if isinstance(one, Programme) else one.key, one.name) for one in named]


def heading(programme: Programme, teams: int, on: date) -> str:
    """« AMI IA 2018 : six équipes, mois 7 sur 10 », as of a day."""
    facts = {"programme": programme.name, "teams": count_of_teams(teams)}
    if on < programme.starts_on:
        return _("%(programme)s : %(teams)s, avant le premier mois", **facts)
    if on > programme.ends_on:
        return _("%(programme)s : %(teams)s, programme terminé", **facts)
    return _(
        "%(programme)s : %(teams)s, mois %(month)s sur %(months)s",
        month=programme.month_on(on),
        months=programme.months,
        **facts,
    )


def count_of_teams(number: int) -> str:
    """In words up to ten, in figures beyond."""
    if number == 0:
        return _("aucune équipe")
    return ngettext("%(words)s équipe", "%(words)s équipes", number, words=times(number))


def to_help(number: int, first: Sequence[Team]) -> str:
    """« deux équipes à aider : Acoss, ASN »; the most urgent are named."""
    if not number:
        return _("aucune équipe à aider")
    names = ", ".join(team.short_name for team in first)
    return ngettext(
        "%(words)s équipe à aider : %(names)s",
        "%(words)s équipes à aider : %(names)s",
        number,
        words=times(number),
        names=names if number <= len(first) else f"{names}…",
    )


def times(number: int) -> str:
    """In words up to ten."""
    return str(COUNTS[number]) if number < len(COUNTS) else str(number)


def since(days: int) -> str:
    return _("aujourd’hui") if days == 0 else health.ago(days)


PLAIN = {
    Code.STORM: _l("Orage annoncé"),
    Code.RAIN: _l("Pluie annoncée"),
    Code.DECISION_AWAITED: _l("Décision attendue"),
}


def why(reason: Reason, team: Team) -> str:
    """A reason as its reader would say it."""
    number = reason.number
    match reason.code:
        case Code.HELP_WANTED:
            return _help_wanted(team)
        case Code.GOALS_MISSED:
            return _("But manqué %(times)s fois de suite", times=times(number))
        case Code.HEALTH:
            return _health(reason, team)
        case Code.SILENT:
            return _silence(team)
        case Code.OVERDUE:
            return _("Sprint dépassé de %(time)s", time=health.lasting(number))
        case _:
            return str(PLAIN[reason.code])


def _health(reason: Reason, team: Team) -> str:
    """The first of what its signals say, where they were read with it."""
    if team.state is not None and team.state.reasons:
        return health.why(team.state.reasons[0], team.state)
    return _("Santé : %(level)s", level=within(str(health.LEVELS[HealthLevel(reason.level)][0])))


def first_why(team: Team) -> str:
    """The first reason to help a team."""
    return why(team.reasons[0], team) if team.reasons else ""


def ethics(found: Ethics, *, drafts: bool) -> Sequence[str]:
    """Where the ethics reviews of a team stand, what is open first.

    `drafts`: with what was not submitted yet, which is the business of those who open its pages.
    """
    said = []
    if found.triggers:
        said.append(
            ngettext("%(num)s réexamen attendu", "%(num)s réexamens attendus", found.triggers)
        )
    known = [kind for kind, state in found.reviews.items() if drafts or state != DRAFT]
    last = next((kind for kind in ("exposure", "framing") if kind in known), None)
    if last is None:
        said.append(_("Pas encore de revue éthique"))
    else:
        said.append(f"{REVIEWS[last]} {REVIEW_STATES[found.reviews[last]]}")
    if found.conditions:
        said.append(
            ngettext("%(num)s condition ouverte", "%(num)s conditions ouvertes", found.conditions)
        )
    return said


def tried(found: Tried) -> str:
    """What the last round of tests showed: « 4 sur 5 (36 à 98 %) »."""
    if found.round is None:
        return _("Pas encore de test")
    if found.primary is None or not found.primary[1]:
        return ngettext("%(num)s participant", "%(num)s participants", found.sessions)
    return completion_in_short(completion(*found.primary))


def tested(found: Tried) -> str:
    """The same as a line of its own says it: « Tâche réussie : 4 sur 5 (36 à 98 %) »."""
    if found.round is None or found.primary is None or not found.primary[1]:
        return tried(found)
    return _("Tâche réussie : %(rate)s", rate=tried(found))


def asked(state: State) -> str:
    """Gates whose answer a team waits for."""
    gates = [f"G{one.number}" for one in state.facts.steps if one.is_asked]
    return _("%(gates)s à accepter", gates=", ".join(gates)) if gates else ""


def _help_wanted(team: Team) -> str:
    blocker = team.last.blocker if team.last else Blocker.NONE
    if blocker is Blocker.NONE:
        return _("Aide demandée")
    return _("Aide demandée : %(blocker)s", blocker=within(str(BLOCKERS[blocker])))


def _silence(team: Team) -> str:
    time = health.lasting(team.days_silent)
    if team.last:
        return _("Aucun sprint clos depuis %(time)s", time=time)
    return _("Aucun sprint clos depuis le début, il y a %(time)s", time=time)


def within(label: str) -> str:
    """A label as it is written inside a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def expected_in_short(one: Forecast) -> str:
    """When a gate is expected, in a cell."""
    return health.expected(one, lambda on: day(on, "medium"))
