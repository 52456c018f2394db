"""Labels and sentences of a portfolio: counts in words, levels, filters, reasons."""

from collections.abc import Sequence
from datetime import date

from portal.oversight.gates import forecast_labels
from portal.oversight.gates.definition_rules import GATE_COUNT
from portal.oversight.gates.forecast_rules import GateForecast
from portal.oversight.gates.labels import STANDINGS
from portal.oversight.health import labels as health
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.fact_rules import EthicsFacts, UserTestFacts
from portal.oversight.health.state_rules import HealthState
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel, TeamReason, TeamReasonCode
from portal.oversight.portfolio.filter_rules import HealthFilter, PortfolioSort
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.labels import STATES
from portal.sprints.sprints.labels import BLOCKERS, OUTCOMES, OUTLOOKS_IN_SHORT
from portal.sprints.sprints.models import Blocker
from portal.user_tests.statistics.completion_rules import completion
from portal.user_tests.statistics.labels import completion_in_short

signal_sentence = health.why
HEALTH_LEVELS = health.LEVELS
OVERRIDE_LABELS = health.OVERRIDE_LEVELS

__all__ = ["BLOCKERS", "OUTCOMES", "OUTLOOKS_IN_SHORT", "STATES"]

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

LEVELS: dict[TeamAttentionLevel, tuple[LazyString, str]] = {
    TeamAttentionLevel.ALERT: (_l("À aider"), "error"),
    TeamAttentionLevel.WARN: (_l("À surveiller"), "warning"),
    TeamAttentionLevel.FINE: (_l("En bonne voie"), "success"),
}

SORTS: dict[PortfolioSort, LazyString] = {
    PortfolioSort.ATTENTION: _l("Attention"),
    PortfolioSort.ORGANISATION: _l("Organisation"),
    PortfolioSort.LAST_LOG: _l("Journal le plus ancien"),
    PortfolioSort.SPRINT_END: _l("Fin du sprint"),
    PortfolioSort.GATE: _l("Avancement, le moindre d’abord"),
}

HEALTH: dict[HealthFilter, LazyString] = {
    HealthFilter.ALERT: health.LEVELS[HealthLevel.ALERT][0],
    HealthFilter.WATCH: health.LEVELS[HealthLevel.WATCH][0],
    HealthFilter.FINE: health.LEVELS[HealthLevel.FINE][0],
}
GATES_AHEAD = tuple((str(number), f"G{number}") for number in range(GATE_COUNT))
LOOKS: dict[str, LazyString] = {look.value: name for look, name in STANDINGS.items()}
REVIEWS: dict[str, LazyString] = {"framing": _l("Revue de cadrage"), "exposure": _l("Revue avant exposition")}
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
    "teams": _l("Équipes"),
    "page": _l("Page"),
}


def filter_label(name: str, days_without_close_tolerated: int | None) -> str:
    """A filter as the form calls it; that of silent teams names the programme's own threshold."""
    if name != "silent":
        return str(FILTERS[name])
    if days_without_close_tolerated is None:
        return str(health.SIGNALS[SignalCode.NO_SPRINT])
    return ngettext(
        "Sans journal depuis plus de %(num)s jour",
        "Sans journal depuis plus de %(num)s jours",
        days_without_close_tolerated,
    )


def list_filter_labels(names: Sequence[str], days_without_close_tolerated: int | None) -> str:
    """Several filters, separated by commas."""
    return ", ".join(filter_label(name, days_without_close_tolerated) for name in names)


def count_of_silent_teams(number: int, days_without_close_tolerated: int) -> str:
    """What the key figure of silent teams counts, after its number."""
    return ngettext(
        "équipe sans journal depuis plus de %(time)s",
        "équipes sans journal depuis plus de %(time)s",
        number,
        time=ngettext("%(num)s jour", "%(num)s jours", days_without_close_tolerated),
    )


def options(choices: Sequence[Programme | Track]) -> Sequence[tuple[str, str]]:
    """Choices of a select: key and name, in the reader's language."""
    return [(option.slug if isinstance(option, Programme) else option.key, option.name) for option in choices]


def heading(programme: Programme, teams: int, on: date) -> str:
    """The heading as of a day: « AMI IA 2018 : six équipes, mois 7 sur 10 »."""
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
    """« deux équipes »: the number in words up to ten, in figures beyond."""
    if number == 0:
        return _("aucune équipe")
    return ngettext("%(words)s équipe", "%(words)s équipes", number, words=times(number))


def to_help(number: int, first: Sequence[PortfolioTeam]) -> str:
    """« deux équipes à aider : Acoss, ASN », with the names of the most urgent."""
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
    """A number in words up to ten, in figures beyond."""
    return str(COUNTS[number]) if number < len(COUNTS) else str(number)


def since(days: int) -> str:
    return _("aujourd’hui") if days == 0 else health.ago(days)


PLAIN = {
    TeamReasonCode.STORM: _l("Orage annoncé"),
    TeamReasonCode.RAIN: _l("Pluie annoncée"),
    TeamReasonCode.DECISION_AWAITED: _l("Décision attendue"),
}


def why(reason: TeamReason, team: PortfolioTeam) -> str:
    """A reason as a sentence."""
    number = reason.number
    match reason.code:
        case TeamReasonCode.HELP_WANTED:
            return _help_wanted(team)
        case TeamReasonCode.GOALS_MISSED:
            return _("But manqué %(times)s fois de suite", times=times(number))
        case TeamReasonCode.HEALTH:
            return _health(reason, team)
        case TeamReasonCode.SILENT:
            return _silence(team)
        case TeamReasonCode.OVERDUE:
            return _("Sprint dépassé de %(time)s", time=health.format_duration(number))
        case _:
            return str(PLAIN[reason.code])


def _health(reason: TeamReason, team: PortfolioTeam) -> str:
    """The sentence of its first signal; its level alone where the state was not read."""
    if team.state is not None and team.state.reasons:
        return health.why(team.state.reasons[0], team.state)
    return _("Santé : %(level)s", level=within(str(health.LEVELS[HealthLevel(reason.level)][0])))


def first_why(team: PortfolioTeam) -> str:
    """The first reason to help a team."""
    return why(team.reasons[0], team) if team.reasons else ""


def ethics(facts: EthicsFacts, *, drafts: bool) -> Sequence[str]:
    """Where the ethics reviews of a team stand, open matters first.

    `drafts`: include reviews not submitted yet, which only readers of the project may know.
    """
    sentences = []
    if facts.triggers:
        sentences.append(ngettext("%(num)s réexamen attendu", "%(num)s réexamens attendus", facts.triggers))
    kinds = [kind for kind, state in facts.reviews.items() if drafts or state != DRAFT]
    last = next((kind for kind in ("exposure", "framing") if kind in kinds), None)
    if last is None:
        sentences.append(_("Pas encore de revue éthique"))
    else:
        sentences.append(f"{REVIEWS[last]} {REVIEW_STATES[facts.reviews[last]]}")
    if facts.conditions:
        sentences.append(
            ngettext("%(num)s condition ouverte", "%(num)s conditions ouvertes", facts.conditions)
        )
    return sentences


def test_result(tests: UserTestFacts) -> str:
    """The success rate of the last round of tests: « 4 sur 5 (36 à 98 %) »."""
    if tests.round is None:
        return _("Pas encore de test")
    if tests.primary is None or not tests.primary[1]:
        return ngettext("%(num)s participant", "%(num)s participants", tests.sessions)
    return completion_in_short(completion(*tests.primary))


def test_result_sentence(tests: UserTestFacts) -> str:
    """The same as a sentence: « Tâche réussie : 4 sur 5 (36 à 98 %) »."""
    if tests.round is None or tests.primary is None or not tests.primary[1]:
        return test_result(tests)
    return _("Tâche réussie : %(rate)s", rate=test_result(tests))


def requested_gates(state: HealthState) -> str:
    """The gates that a team has asked for, « G3, G4 à accepter »; "" without any."""
    gates = [f"G{step.number}" for step in state.facts.steps if step.is_asked]
    return _("%(gates)s à accepter", gates=", ".join(gates)) if gates else ""


def _help_wanted(team: PortfolioTeam) -> str:
    blocker = team.last.blocker if team.last else Blocker.NONE
    if blocker is Blocker.NONE:
        return _("Aide demandée")
    return _("Aide demandée : %(blocker)s", blocker=within(str(BLOCKERS[blocker])))


def _silence(team: PortfolioTeam) -> str:
    time = health.format_duration(team.days_without_close)
    if team.last:
        return _("Aucun sprint clos depuis %(time)s", time=time)
    return _("Aucun sprint clos depuis le début, il y a %(time)s", time=time)


def within(label: str) -> str:
    """A label in lower case for use inside a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def expected_in_short(forecast: GateForecast) -> str:
    """When a gate is expected, with short dates."""
    return forecast_labels.expected(forecast, lambda on: day(on, "medium"))


def prototype_in_short(team: PortfolioTeam) -> str:
    """How late the last gate of a team is expected, in weeks; "" where none is open."""
    if team.end is None or team.state is None:
        return ""
    when = forecast_labels.weeks_late(team.end, too_early=team.state.is_too_early)
    return _("Prototype : %(when)s", when=when)
