"""The teams on the first page of a pack: a line each, grouped and ordered as the portfolio has them."""

from typing import Any
from uuid import UUID

from portal.oversight.committee_packs.gate_strip_documents import describe_gate_looks, list_gate_looks
from portal.oversight.committee_packs.look_documents import LOOKS, get_health_look, list_look_labels
from portal.oversight.committee_packs.snapshot_queries import PackCohort
from portal.oversight.committee_packs.team_page_documents import health_state_label, short_name
from portal.oversight.committee_packs.trend_queries import PackTrend
from portal.oversight.health.definition_rules import HealthLevel, SignalCode
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.attention_rules import TeamAttentionLevel
from portal.oversight.portfolio.labels import LEVELS as ATTENTION_LEVELS
from portal.oversight.portfolio.line_labels import first_reason, help_tag
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first

Content = dict[str, Any]


def group_teams_by_need(cohort: PackCohort, trend: PackTrend) -> list[Content]:
    """The teams as the portfolio orders them, those to help first; `position` is that of their page. A group
    has no look of its own: that of each team is its health, which may be better than its group."""
    groups: dict[str, Content] = {}
    names = dict(list_look_labels()) | {
        LOOKS[HealthLevel.ALERT]: str(ATTENTION_LEVELS[TeamAttentionLevel.ALERT][0])
    }
    for position, id_ in enumerate(cohort.order, 1):
        look = _get_attention_look(cohort, id_)
        group = groups.setdefault(look, {"label": names[look], "teams": []})
        group["teams"].append(_build_team_line(cohort, trend, id_, position))
    return [groups[look] for look in names if look in groups]


def _get_attention_look(cohort: PackCohort, id_: UUID) -> str:
    """That of its health, or of what makes the portfolio list it higher, such as a request for help."""
    line = cohort.lines.get(id_)
    if line is None or line.level is TeamAttentionLevel.FINE:
        return get_health_look(cohort.health.get(id_))
    return LOOKS[HealthLevel(line.level)]


def _build_team_line(cohort: PackCohort, trend: PackTrend, id_: UUID, position: int) -> Content:
    health, then = cohort.health.get(id_), trend.then.get(id_)
    look = get_health_look(health)
    weeks = count_weeks_late(cohort, id_)
    gates = list_gate_looks(health)
    return {
        "name": short_name(cohort.names[id_]),
        "look": look,
        "look_label": dict(list_look_labels())[look],
        "position": position,
        "reason": _describe_first_reason(health, cohort.lines.get(id_)),
        "gates": gates,
        "gates_label": describe_gate_looks(gates),
        "accepted": _("%(n)s %%", n=health.numbers.accepted) if health else "—",
        "change": _describe_accepted_share_change(health, then),
        "prototype": _describe_last_gate_lateness(health, weeks),
        "is_late": health is not None and health.find_reason(SignalCode.GATE_SLIP) is not None,
    }


def _describe_first_reason(health: HealthSnapshot | None, line: PortfolioTeam | None) -> str:
    """What the portfolio said first of the team, without the words of a refusal: a request for help, which
    lists it higher, stands before a signal of its health."""
    if health is None or line is None:
        return _("Rien n’était encore connu de ce projet.")
    if not health.facts.goes_on:
        return health_state_label(health)
    reason = first_reason(line, quotes=False) or _("Rien à signaler")
    tag = help_tag(line)
    return _("%(who)s : %(what)s", who=tag, what=lower_first(reason)) if tag else reason


def _describe_accepted_share_change(health: HealthSnapshot | None, then: HealthSnapshot | None) -> str:
    """What the accepted share did since, with its sign; "" for nothing."""
    if health is None or then is None:
        return ""
    change = health.numbers.accepted - then.numbers.accepted
    return f"+{change}" if change > 0 else f"\u2212{-change}" if change < 0 else ""


def _describe_last_gate_lateness(health: HealthSnapshot | None, weeks: int | None) -> str:
    if health is not None and not health.facts.goes_on:
        return "—"
    if weeks is None:
        return _("trop tôt")
    return _("+%(n)s sem.", n=weeks) if weeks > 0 else _("à temps")


def count_weeks_late(cohort: PackCohort, id_: UUID) -> int | None:
    """By how many weeks the last gate is expected after its day; None: not known."""
    health = cohort.health.get(id_)
    if health is None or health.is_too_early:
        return None
    forecasts = health.forecast(cohort.steps)
    return forecasts[-1].weeks_late if forecasts else None
