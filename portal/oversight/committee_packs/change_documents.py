"""What changed since the last committee, in sentences for the first page of a pack."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from portal.oversight.committee_packs.snapshot_queries import PackCohort
from portal.oversight.committee_packs.team_page_documents import short_name
from portal.oversight.committee_packs.trend_queries import PackTrend
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.fact_rules import GateFacts
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.template_filters import day


def build_changes_part(cohort: PackCohort, trend: PackTrend) -> dict[str, Any]:
    """A line for each kind of change that occurred."""
    title = (
        _("Depuis le comité du %(day)s", day=day(trend.since))
        if trend.is_committee
        else _("Depuis le %(day)s", day=day(trend.since))
    )
    lines = list(_iterate_change_sentences(cohort, trend))
    return {"title": title, "lines": lines or [_("Rien n’a changé.")]}


def _iterate_change_sentences(cohort: PackCohort, trend: PackTrend) -> Iterator[str]:
    def name_team(id_: UUID) -> str:
        return short_name(cohort.names[id_])

    new = [name_team(id_) for id_ in cohort.order if _is_alert(cohort, id_) and not _was_alert(trend, id_)]
    if new:
        yield _("Nouvelles en difficulté : %(names)s.", names=", ".join(new))
    better = [
        name_team(id_)
        for id_ in cohort.order
        if _was_alert(trend, id_) and _goes_on_without_alert(cohort, id_)
    ]
    if better:
        yield _("Sorties de la difficulté : %(names)s.", names=", ".join(better))
    accepted = _list_gate_labels_since(cohort, lambda step: step.passed_on, trend.since)
    if accepted:
        yield ngettext(
            "%(num)s jalon accepté : %(gates)s.",
            "%(num)s jalons acceptés : %(gates)s.",
            len(accepted),
            gates=", ".join(accepted),
        )
    stale = _list_gate_labels_since(cohort, lambda step: step.stale_since(), trend.since)
    if stale:
        yield ngettext(
            "%(num)s jalon périmé : %(gates)s.",
            "%(num)s jalons périmés : %(gates)s.",
            len(stale),
            gates=", ".join(stale),
        )
    ended = [name_team(id_) for id_ in cohort.order if _has_newly_ended(cohort, trend, id_)]
    if ended:
        yield _("Ne sont plus en cours : %(names)s.", names=", ".join(ended))
    if trend.answered:
        yield ngettext("%(num)s décision prise.", "%(num)s décisions prises.", trend.answered)


def _is_alert(cohort: PackCohort, id_: UUID) -> bool:
    return _counts_as_alert(cohort.health.get(id_))


def _was_alert(trend: PackTrend, id_: UUID) -> bool:
    return _counts_as_alert(trend.then.get(id_))


def _counts_as_alert(health: HealthSnapshot | None) -> bool:
    return health is not None and health.facts.goes_on and health.level is HealthLevel.ALERT


def _goes_on_without_alert(cohort: PackCohort, id_: UUID) -> bool:
    health = cohort.health.get(id_)
    return health is not None and health.facts.goes_on and health.level is not HealthLevel.ALERT


def _has_newly_ended(cohort: PackCohort, trend: PackTrend, id_: UUID) -> bool:
    health, then = cohort.health.get(id_), trend.then.get(id_)
    return health is not None and not health.facts.goes_on and (then is None or then.facts.goes_on)


def _list_gate_labels_since(
    cohort: PackCohort, day_of: Callable[[GateFacts], date | None], since: date
) -> Sequence[str]:
    """The gates of teams that go on, whose day is after `since`."""
    return [
        f"G{step.number} {short_name(cohort.names[id_])}"
        for id_ in cohort.order
        if (health := cohort.health.get(id_)) is not None and health.facts.goes_on
        for step in health.facts.steps
        if (on := day_of(step)) is not None and since < on <= health.day
    ]
