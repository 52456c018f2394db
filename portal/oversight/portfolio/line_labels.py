"""A team in one line: words of at most a column's width, for the list and the calendar."""

from collections.abc import Iterable, Sequence
from datetime import date

from portal.oversight.gates.labels import STANDINGS
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.duration_labels import format_days_in_brief
from portal.oversight.health.fact_rules import GateFacts
from portal.oversight.health.labels import LEVELS as HEALTH_LEVELS
from portal.oversight.health.labels import signal_sentence
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio import labels
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.oversight.portfolio.owed_queries import TeamWaitingCounts
from portal.oversight.portfolio.queries import PortfolioTeamsPage
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.text import LazyString, format_day, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.labels import STATES
from portal.project.projects.to_decide_queries import WaitingKind
from portal.sprints.sprints.models import SprintOutcome

SHAPES = {HealthLevel.ALERT: "alert", HealthLevel.WATCH: "warn", HealthLevel.FINE: "ok"}
LATE = {HealthLevel.ALERT: "late", HealthLevel.WATCH: "warn"}
EARLY, AT_REST = "early", "end"
NO_BREAK_SPACE = "\u00a0"
REASON_MAX = 80  # characters of what somebody wrote; a line shows what its width holds
_SHAPES_WITHOUT_READING = {
    TeamAttentionLevel.ALERT: "alert",
    TeamAttentionLevel.WARN: "warn",
    TeamAttentionLevel.FINE: "ok",
}
OUTCOMES: dict[SprintOutcome, LazyString] = {
    SprintOutcome.MET: _l("atteint"),
    SprintOutcome.PARTLY: _l("en partie"),
    SprintOutcome.MISSED: _l("manqué"),
}
# How a strip of gates tells states apart, in the order in which they are read aloud.
MARKS: dict[str, str] = {"accepted": "a", "proved": "p", "stale": "s", "refused": "r", "waived": "w"}
STRIP_WORDS: dict[str, LazyString] = {
    "accepted": _l("Acceptés"),
    "proved": _l("Prouvés"),
    "stale": _l("Périmés"),
    "refused": _l("Refusés"),
    "waived": _l("Dispensés"),
}


def short_day(day: date) -> str:
    """« 9 déc. », on one line."""
    return format_day(day, "d MMM").replace(" ", NO_BREAK_SPACE)


def health(team: PortfolioTeam) -> tuple[str, str]:
    """The shape of a team's health and its word; of one that does not go on, its state."""
    if not team.goes_on:
        return AT_REST, str(STATES[team.project.state])
    if team.state is None:
        return _SHAPES_WITHOUT_READING[team.level], str(labels.LEVELS[team.level][0])
    level = team.state.level
    return SHAPES.get(level, EARLY), str(HEALTH_LEVELS[level][0])


def charge_tag(team: PortfolioTeam) -> str:
    """« suivi » where somebody follows a team (`has_person_in_charge`), else « non suivi »; before it, where
    a team is counted above its health, among which teams: « à aider, non suivi »; "" where nothing is raised.
    The filter by charge lists the teams that have each word."""
    if team.is_followed:
        return _("suivi")
    if team.level <= TeamAttentionLevel.FINE:
        return ""
    if team.state is not None and team.level > max(team.state.level, HealthLevel.FINE):
        level = lower_first(str(labels.LEVELS[team.level][0]))
        return _("%(level)s, non suivi", level=level)
    return _("non suivi")


def help_tag(team: PortfolioTeam) -> str:
    """« aide », where a team waits for somebody to take its request for help, as the tile counts, and its
    row says a signal of its health; else ""."""
    return _("aide") if team.awaits_help and team.state is not None and team.state.reasons else ""


def first_reason(team: PortfolioTeam, *, quotes: bool = True) -> str:
    """The first signal of its health, which is the first when it unfolds; without any the first other
    reason to look at a team, else its next gate, with the words of a refusal where it `quotes` them."""
    if not team.goes_on:
        return _describe_stop_or_pause(team)
    if team.state is not None and team.state.first_reason is not None:
        return signal_sentence(team.state.first_reason, team.state)
    first = labels.first_reason_sentence(team)
    if team.level > TeamAttentionLevel.FINE and first:
        return first
    return next_gate(team, quotes=quotes) or first


def _describe_stop_or_pause(team: PortfolioTeam) -> str:
    since = team.project.rests_since
    when = _("Le %(day)s", day=short_day(since)) if since else ""
    if not team.project.stop_reason:
        return when
    return _shorten_reason(_("%(when)s : %(why)s", when=when, why=lower_first(team.project.stop_reason)))


def _shorten_reason(text: str) -> str:
    return text if len(text) <= REASON_MAX else f"{text[: REASON_MAX - 1].rstrip()}…"


def next_gate(team: PortfolioTeam, *, quotes: bool = True) -> str:
    """The first open gate, what it lacks and when it is due: « G5 : il manque 3 preuves, prévu le 4 déc. »;
    past that day how late it is, which its health may tolerate."""
    step = find_next_gate_facts(team)
    if step is None or team.state is None:
        return ""
    if answer := _describe_awaited_answer(step, quotes=quotes):
        return answer
    days_late = (team.state.day - step.due_on).days
    facts = {"gate": step.number, "day": short_day(step.due_on), "days": days_late}
    if not step.lacking and days_late > 0:
        return _("G%(gate)s : %(days)s j de retard", **facts)
    if not step.lacking:
        return _("G%(gate)s prévu le %(day)s", **facts)
    if days_late > 0:
        return ngettext(
            "G%(gate)s : il manque une preuve, %(days)s j de retard",
            "G%(gate)s : il manque %(num)s preuves, %(days)s j de retard",
            step.lacking,
            **facts,
        )
    return ngettext(
        "G%(gate)s : il manque une preuve, prévu le %(day)s",
        "G%(gate)s : il manque %(num)s preuves, prévu le %(day)s",
        step.lacking,
        **facts,
    )


def _describe_awaited_answer(step: GateFacts, *, quotes: bool) -> str:
    """Where a gate whose proofs are there stands with whoever accepts it; "" for another."""
    if step.refusal and not quotes:
        return _("G%(gate)s refusé", gate=step.number)
    if step.refusal:
        return _shorten_reason(labels.describe_gate_refusal(step))
    if step.is_asked:
        return _("G%(gate)s demandé, réponse attendue", gate=step.number)
    return _("G%(gate)s prouvé, à demander", gate=step.number) if step.is_proved else ""


def find_next_gate_facts(team: PortfolioTeam) -> GateFacts | None:
    """The first open gate of a team that goes on; None without any."""
    steps = team.state.facts.steps if team.state and team.goes_on else ()
    return next((step for step in steps if not step.is_waived and step.passed_on is None), None)


def gate_strip(team: PortfolioTeam) -> Sequence[tuple[int, str]]:
    """The gates of a team, each with its mark; "" for an open one."""
    state = team.state
    return [(step.number, MARKS.get(step.look(state.day), "")) for step in state.facts.steps] if state else ()


def describe_gate_strip(team: PortfolioTeam) -> str:
    """The same in words, by state: « Acceptés : G0, G1. Prouvés : G2. »."""
    gates = {mark: [f"G{n}" for n, each in gate_strip(team) if each == mark] for mark in MARKS.values()}
    sentences = [
        _("%(state)s : %(gates)s.", state=STRIP_WORDS[look], gates=", ".join(gates[mark]))
        for look, mark in MARKS.items()
        if gates[mark]
    ]
    return " ".join(sentences) or _("Aucun jalon franchi.")


def list_gate_mark_labels() -> Iterable[tuple[str, str]]:
    """Mark and label of each state of a gate, for the key."""
    return [(MARKS.get(look.value, ""), lower_first(str(name))) for look, name in STANDINGS.items()]


def prototype_lateness_and_look(team: PortfolioTeam) -> tuple[str, str]:
    """When the last gate is expected beside its plan, in weeks; and how it is drawn where that is late."""
    if team.state is None or not team.goes_on:
        return "–", ""
    if team.state.is_too_early:
        return _("trop tôt"), ""
    if team.end is None:
        return _("accepté"), ""
    if not team.end.weeks_late:
        return _("à temps"), ""
    return _("+%(n)s sem.", n=team.end.weeks_late), _find_lateness_look(team.state)


def _find_lateness_look(state: HealthSnapshot) -> str:
    late = next((signal for signal in state.reasons if signal.code is SignalCode.GATE_SLIP), None)
    return LATE[late.level(state.day)] if late else ""


def last_close(team: PortfolioTeam) -> str:
    """« manqué, 10 j »; « aucun » before any."""
    if team.last is None:
        return _("aucun")
    outcome = OUTCOMES[team.last.outcome]
    return _("%(what)s, %(time)s", what=outcome, time=format_days_in_brief(team.days_without_close))


def last_user_seen(team: PortfolioTeam) -> str:
    """How long ago a user was seen, in a narrow column: « 23 j », « ce jour »."""
    if team.state is None or team.state.facts.tests.last_on is None:
        return "–"
    days = (team.state.day - team.state.facts.tests.last_on).days
    return format_days_in_brief(days) if days > 0 else _("ce jour")


def owed_in_brief(team_owed: TeamWaitingCounts) -> str:
    """« Décision, 10 j », or of several « 5 choses, 237 j »: how long the oldest waits."""
    names = {kind.code: kind.short for kind in list_contributions(WaitingKind)}
    count = team_owed.count
    waiting = str(names[team_owed.code]) if count == 1 else _("%(n)s choses", n=count)
    return _("%(what)s, %(time)s", what=waiting, time=format_days_in_brief(team_owed.days))


def next_date(team: PortfolioTeam) -> str:
    """The next date of a team, where the reader owes it nothing: « Clôture, 9 déc. »."""
    if team.goes_on and team.running is not None:
        return _("Clôture, %(day)s", day=short_day(team.running.ends_on))
    step = find_next_gate_facts(team)
    if step is not None and team.state is not None and step.due_on >= team.state.day:
        return _("G%(gate)s, %(day)s", gate=step.number, day=short_day(step.due_on))
    return _("Sprint à lancer") if team.goes_on else "–"


def describe_prototype_forecasts(portfolio: PortfolioTeamsPage) -> str:
    """« Sept prototypes attendus à temps, trois en retard, quatre trop tôt pour le dire. »; "" where
    the page holds only some of the teams."""
    if len(portfolio.teams) < len(portfolio.all.ids):
        return ""
    states = [(team, team.state) for team in portfolio.teams if team.goes_on and team.state is not None]
    judged = [team for team, state in states if not state.is_too_early]
    early = len(states) - len(judged)
    accepted = sum(team.end is None for team in judged)
    late = sum(bool(team.end and team.end.weeks_late) for team in judged)
    parts = [
        ngettext(
            "%(words)s prototype attendu à temps",
            "%(words)s prototypes attendus à temps",
            on_time,
            words=masculine_number_in_words(on_time),
        )
        for on_time in [len(judged) - late - accepted]
        if on_time
    ]
    if accepted:
        words = masculine_number_in_words(accepted)
        parts.append(ngettext("%(words)s accepté", "%(words)s acceptés", accepted, words=words))
    if late:
        parts.append(_("%(words)s en retard", words=masculine_number_in_words(late)))
    if early and not parts:
        return ngettext(
            "Un prototype : trop tôt pour le dire.", "%(num)s prototypes : trop tôt pour le dire.", early
        )
    if early:
        parts.append(_("%(words)s trop tôt pour le dire", words=masculine_number_in_words(early)))
    sentence = ", ".join(parts)
    if sentence and len(judged) == late + accepted:  # no part has the noun
        return _("Prototypes : %(words)s.", words=sentence)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def masculine_number_in_words(number: int) -> str:
    """A number of prototypes in words up to ten; French counts them in the masculine."""
    return _("un") if number == 1 else labels.number_in_words(number)
