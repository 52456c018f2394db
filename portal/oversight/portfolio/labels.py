"""Labels and sentences of a portfolio: counts in words, levels, filters, reasons."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.oversight.gates import forecast_labels
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.forecast_rules import GateForecast
from portal.oversight.health import labels as health
from portal.oversight.health import remedy_labels
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.duration_labels import format_days_in_brief
from portal.oversight.health.fact_rules import EthicsFacts, GateFacts, UserTestFacts
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel, TeamReason, TeamReasonCode
from portal.oversight.portfolio.filter_labels import (
    ATTENTION,
    CHARGES,
    DRAFT,
    FILTERS,
    HEALTH,
    LOOKS,
    REVIEW_STATES,
    REVIEWS,
    SORTS,
    filter_label,
    join_filter_labels,
)
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.people.programmes.models import Programme, Track
from portal.platform.kernel import clock
from portal.platform.kernel.text import LazyString, format_day, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day
from portal.project.projects.labels import STATES
from portal.sprints.sprints.labels import BLOCKERS, OUTCOMES, OUTLOOKS_IN_SHORT
from portal.sprints.sprints.models import BlockerKind
from portal.user_tests.statistics.completion_rules import compute_completion
from portal.user_tests.statistics.labels import completion_in_short

signal_sentence, remedy, charge = health.signal_sentence, remedy_labels.remedy, remedy_labels.describe_charge
list_remedies = remedy_labels.list_remedies
HEALTH_LEVELS, SIGNALS = health.LEVELS, health.SIGNALS
OVERRIDE_LABELS = health.OVERRIDE_LEVELS

__all__ = [
    "ATTENTION",
    "BLOCKERS",
    "CHARGES",
    "FILTERS",
    "HEALTH",
    "LOOKS",
    "OUTCOMES",
    "OUTLOOKS_IN_SHORT",
    "SORTS",
    "STATES",
    "filter_label",
    "format_days_in_brief",
    "join_filter_labels",
]

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


def first_team_names(number: int, first: Sequence[PortfolioTeam]) -> str:
    """The names of the first of some teams: « Acoss, ASN… »."""
    text = ", ".join(team.short_name for team in first)
    return text if number <= len(first) else f"{text}…"


def gate_choices(gates: Sequence[GateDefinition]) -> Sequence[tuple[str, str]]:
    """The gates of a programme as choices of a select, in its order."""
    return [(str(definition.number), f"G{definition.number}") for definition in gates]


def list_options(choices: Sequence[Programme | Track]) -> Sequence[tuple[str, str]]:
    """Choices of a select: key and name, in the reader's language."""
    return [(option.slug if isinstance(option, Programme) else option.key, option.name) for option in choices]


def heading(programme: Programme, teams: int, on: date, later_teams: int = 0) -> str:
    """The heading as of a day: « AMI IA 2018 : six équipes, mois 7 sur 10 »; whose month that is where some
    teams began later."""
    facts = {"programme": programme.name, "teams": team_count_label(teams)}
    if on < programme.starts_on:
        return _("%(programme)s : %(teams)s, avant le premier mois", **facts)
    if on > programme.ends_on:
        return _("%(programme)s : %(teams)s, programme terminé", **facts)
    months = {"month": programme.month_on(on), "months": programme.months, **facts}
    if later_teams:
        return _("%(programme)s : %(teams)s, mois %(month)s sur %(months)s du programme", **months)
    return _("%(programme)s : %(teams)s, mois %(month)s sur %(months)s", **months)


def heading_without_figures(programme: Programme, on: date) -> str:
    """The heading of a day without figures: « AMI IA 2018, le 1 janvier 2030 »."""
    return _("%(programme)s, le %(day)s", programme=programme.name, day=day(on))


def explain_day_without_figures(programme: Programme, on: date) -> str:
    """Why a programme has no figures of a day."""
    if on < programme.starts_on:
        return _("Le programme commence le %(day)s.", day=day(programme.starts_on))
    return _("Ce jour n’est pas encore passé : le portefeuille ne dit que ce qui est connu.")


def team_count_label(number: int) -> str:
    """« deux équipes »: the number in words up to ten, in figures beyond."""
    if number == 0:
        return _("aucune équipe")
    return ngettext("%(words)s équipe", "%(words)s équipes", number, words=number_in_words(number))


def attention_level_badge(team: PortfolioTeam) -> tuple[LazyString, str]:
    """The level of a team and the kind of its badge; its health alone may be too early to say."""
    is_unknown = team.state is not None and team.state.level is HealthLevel.UNKNOWN
    if is_unknown and team.level is TeamAttentionLevel.FINE:
        return health.LEVELS[HealthLevel.UNKNOWN]
    return LEVELS[team.level]


def describe_gate_refusal(step: GateFacts) -> str:
    """« G4 refusé : … », with the reasons."""
    return _("G%(gate)s refusé : %(why)s", gate=step.number, why=step.refusal)


def number_in_words(number: int) -> str:
    """A number in words up to ten, in figures beyond."""
    return str(COUNTS[number]) if number < len(COUNTS) else str(number)


def format_days_ago(days: int) -> str:
    return _("aujourd’hui") if days == 0 else health.format_ago(days)


PLAIN = {
    TeamReasonCode.STORM: _l("Orage annoncé"),
    TeamReasonCode.RAIN: _l("Pluie annoncée"),
    TeamReasonCode.DECISION_AWAITED: _l("Décision attendue"),
}


def reason_sentence(reason: TeamReason, team: PortfolioTeam) -> str:
    """A reason as a sentence."""
    number = reason.number
    match reason.code:
        case TeamReasonCode.HELP_WANTED:
            return _describe_help_wanted(team, is_taken=bool(number))
        case TeamReasonCode.GOALS_MISSED:
            return _("But manqué %(times)s fois de suite", times=number_in_words(number))
        case TeamReasonCode.HEALTH:
            return _describe_health(reason, team)
        case TeamReasonCode.SILENT:
            return _describe_silence(team)
        case TeamReasonCode.OVERDUE:
            return _("Sprint dépassé de %(time)s", time=health.format_duration(number))
        case _:
            return _describe_log_or_decision(reason, team)


def _describe_health(reason: TeamReason, team: PortfolioTeam) -> str:
    """The sentence of its first signal; its level alone where the state was not read."""
    if team.state is not None and team.state.reasons:
        return health.signal_sentence(team.state.reasons[0], team.state)
    return _("Santé : %(level)s", level=lower_first(str(health.LEVELS[HealthLevel(reason.level)][0])))


def first_reason_sentence(team: PortfolioTeam) -> str:
    """The first reason to help a team."""
    return reason_sentence(team.reasons[0], team) if team.reasons else ""


def describe_ethics_reviews(facts: EthicsFacts, *, drafts: bool) -> Sequence[str]:
    """Where the ethics reviews of a team stand, open matters first.

    `drafts`: include reviews not submitted yet, which only readers of the project may know.
    """
    sentences = []
    if facts.triggers:
        sentences.append(ngettext("%(num)s réexamen attendu", "%(num)s réexamens attendus", facts.triggers))
    kinds = [kind for kind, state in facts.reviews.items() if drafts or state != DRAFT]
    last = next((kind for kind in ("exposure", "framing") if kind in kinds), None)
    if last is None:
        none = _("Pas encore de revue éthique") if drafts else _("Pas encore de revue éthique soumise")
        sentences.append(none)
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
    return completion_in_short(compute_completion(*tests.primary))


def test_result_sentence(tests: UserTestFacts) -> str:
    """The same as a sentence: « Tâche réussie : 4 sur 5 (36 à 98 %) »."""
    if tests.round is None or tests.primary is None or not tests.primary[1]:
        return test_result(tests)
    return _("Tâche réussie : %(rate)s", rate=test_result(tests))


def requested_gates(state: HealthSnapshot) -> str:
    """The gates that a team has asked for, « G3, G4 à accepter »; "" without any."""
    gates = [f"G{step.number}" for step in state.facts.steps if step.is_asked]
    return _("%(gates)s à accepter", gates=", ".join(gates)) if gates else ""


def _describe_help_wanted(team: PortfolioTeam, *, is_taken: bool) -> str:
    blocker = team.last.blocker if team.last and team.last.has_help_words else BlockerKind.NONE
    if is_taken:
        return _("Aide demandée, quelqu’un s’en charge")
    if blocker is BlockerKind.NONE:
        return _("Aide demandée")
    return _("Aide demandée : %(blocker)s", blocker=lower_first(str(BLOCKERS[blocker])))


_WEATHERS = (TeamReasonCode.STORM, TeamReasonCode.RAIN)


def _describe_log_or_decision(reason: TeamReason, team: PortfolioTeam) -> str:
    """« Orage annoncé le 20 nov. », on the day on which the team told it; of the last log, on the day of
    its close, where nothing was read; « Décision attendue »."""
    sentence = PLAIN[reason.code]
    if reason.code in _WEATHERS and team.state and (weather := team.state.weather):
        return _("%(what)s le %(day)s", what=sentence, day=format_day(clock.day_of(weather.at), "d MMM"))
    if reason.code is TeamReasonCode.DECISION_AWAITED or team.last is None:
        return str(sentence)
    today = team.state.day if team.state else clock.today_for_reader()
    on = format_day(today - timedelta(days=team.days_without_close), "d MMM")
    return _("%(what)s au sprint %(n)s, le %(day)s", what=sentence, n=team.last.number, day=on)


def _describe_silence(team: PortfolioTeam) -> str:
    time = health.format_duration(team.days_without_close)
    if team.last:
        return _("Aucun sprint clos depuis %(time)s", time=time)
    return _("Aucun sprint clos depuis le début, il y a %(time)s", time=time)


def expected_date_in_short(forecast: GateForecast, on: date | None = None) -> str:
    """When a gate is expected, with short dates, read `on` a day."""
    return forecast_labels.expected_date_label(forecast, lambda expected: day(expected, "medium"), on)


def prototype_date_in_full(team: PortfolioTeam) -> str:
    """When the last gate of a team is expected, with its range; "" where none is open."""
    if not team.end:
        return ""
    on = team.state.day if team.state else None
    return _("prototype %(when)s", when=expected_date_in_short(team.end, on))


def prototype_lateness_in_short(team: PortfolioTeam) -> str:
    """How late the last gate of a team is expected, in weeks; "" where none is open."""
    if team.end is None or team.state is None:
        return ""
    when = forecast_labels.weeks_late(team.end, too_early=team.state.is_too_early)
    return _("Prototype : %(when)s", when=when)
