"""What changed since the last committee, in sentences for the first page of a pack: what the portfolio tells
of each team, by kind."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from portal.oversight.committee_packs.snapshot_queries import PackCohort
from portal.oversight.committee_packs.team_page_documents import short_name
from portal.oversight.committee_packs.trend_queries import PackTrend
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.change_labels import describe_new_value, describe_threshold_change
from portal.oversight.portfolio.change_rules import TeamChange, TeamChangeKind
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day

_DatedChange = tuple[str, TeamChange, HealthSnapshot]  # name of the team, its change, its state now


def build_changes_part(cohort: PackCohort, trend: PackTrend) -> dict[str, Any]:
    """How many teams changed, and a line for each kind of change that occurred."""
    changes = _map_changes_by_kind(cohort, trend)
    count = len({team for of_kind in changes.values() for team, _change, _state in of_kind})
    lines = [*_iterate_change_sentences(changes), *_list_threshold_sentences(trend)]
    return {"title": _describe_period(trend, count), "lines": lines or [_("Rien n’a changé.")]}


def _describe_period(trend: PackTrend, count: int) -> str:
    since = day(trend.since)
    if not count:
        return (
            _("Depuis le comité du %(day)s", day=since)
            if trend.is_committee
            else _("Depuis le %(day)s", day=since)
        )
    if trend.is_committee:
        return ngettext(
            "%(num)s équipe a changé depuis le comité du %(day)s",
            "%(num)s équipes ont changé depuis le comité du %(day)s",
            count,
            day=since,
        )
    return ngettext(
        "%(num)s équipe a changé depuis le %(day)s",
        "%(num)s équipes ont changé depuis le %(day)s",
        count,
        day=since,
    )


def _map_changes_by_kind(
    cohort: PackCohort, trend: PackTrend
) -> Mapping[TeamChangeKind, Sequence[_DatedChange]]:
    changes: dict[TeamChangeKind, list[_DatedChange]] = defaultdict(list)
    for id_ in cohort.order:
        state = cohort.health.get(id_)
        if state is None:
            continue
        for change in trend.moves.list_changes(trend.then.get(id_), state, cohort.steps):
            changes[change.kind].append((short_name(cohort.names[id_]), change, state))
    return changes


def _iterate_change_sentences(changes: Mapping[TeamChangeKind, Sequence[_DatedChange]]) -> Iterator[str]:
    """A sentence a kind, in the order of `TeamChangeKind`."""
    for kind in TeamChangeKind:
        if kind not in changes:
            continue
        if count_label := _COUNTED.get(kind):
            gates = [f"G{gate} {team}" for team, change, _state in changes[kind] for gate in change.gates]
            yield count_label(len(gates), ", ".join(gates))
        else:
            teams = [_name_team_and_value(*each) for each in changes[kind]]
            yield str(_NAMED[kind]) % {"teams": ", ".join(teams)}


def _name_team_and_value(team: str, change: TeamChange, state: HealthSnapshot) -> str:
    value = describe_new_value(change, state)
    return f"{team} ({value})" if value else team


_COUNTED: Mapping[TeamChangeKind, Callable[[int, str], str]] = {
    TeamChangeKind.ACCEPTED: lambda count, gates: ngettext(
        "%(num)s jalon accepté : %(gates)s.", "%(num)s jalons acceptés : %(gates)s.", count, gates=gates
    ),
    TeamChangeKind.STALE: lambda count, gates: ngettext(
        "%(num)s jalon périmé : %(gates)s.", "%(num)s jalons périmés : %(gates)s.", count, gates=gates
    ),
    TeamChangeKind.WAIVED: lambda count, gates: ngettext(
        "%(num)s dispense : %(gates)s.", "%(num)s dispenses : %(gates)s.", count, gates=gates
    ),
    TeamChangeKind.REQUESTED: lambda count, gates: ngettext(
        "%(num)s jalon demandé : %(gates)s.", "%(num)s jalons demandés : %(gates)s.", count, gates=gates
    ),
}
_NAMED: Mapping[TeamChangeKind, LazyString] = {
    TeamChangeKind.WORSE: _l("Vont moins bien : %(teams)s."),
    TeamChangeKind.BETTER: _l("Vont mieux : %(teams)s."),
    TeamChangeKind.STATE: _l("Ont changé d’état : %(teams)s."),
    TeamChangeKind.SPRINT: _l("Sprints clos : %(teams)s."),
    TeamChangeKind.TEST: _l("Séries de tests : %(teams)s."),
    TeamChangeKind.FINDINGS: _l("Constats graves ouverts : %(teams)s."),
    TeamChangeKind.WEATHER: _l("Météo déclarée : %(teams)s."),
    TeamChangeKind.OVERRIDE: _l("La direction dit : %(teams)s."),
    TeamChangeKind.QUESTIONS: _l("Décisions demandées : %(teams)s."),
    TeamChangeKind.ANSWERS: _l("Décisions prises : %(teams)s."),
    TeamChangeKind.FIRST_READING: _l("Équipes nouvelles : %(teams)s."),
}


def _list_threshold_sentences(trend: PackTrend) -> Sequence[str]:
    return [f"{describe_threshold_change(*signal)}." for signal in trend.moves.changed]
