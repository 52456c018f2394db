"""Figures over all rounds of a project: coverage, trends, comparison of two rounds."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import get_locale

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.user_tests.reports import labels, policy, queries, trend_charts, trend_rules
from portal.user_tests.reports.round_rules import VersionedRound
from portal.user_tests.reports.trend_rules import TaskLineage
from portal.user_tests.rounds.page_views import trail_to_tests
from portal.user_tests.rounds.sum_queries import read_participation_by_round, read_results_by_round
from portal.user_tests.statistics import labels as statistics_labels

bp = Blueprint("test_figures", __name__, url_prefix="/projects/<slug>/tests")


@bp.get("/coverage")
def coverage(slug: str) -> Response:
    project = get_project(actor, slug)
    return render(
        "user_tests/reports/coverage.html",
        fragment="figures",
        **_build_shared_context(project),
        coverage=queries.read_coverage(actor, project),
        can_write=policy.can_close_coverage_gap(actor, project),
    )


@bp.get("/trend")
def trend(slug: str) -> Response:
    project = get_project(actor, slug)
    versioned_rounds = queries.list_versioned_rounds(actor, project)
    lineages = trend_rules.list_task_lineages(versioned_rounds, queries.list_tasks_by_round(versioned_rounds))
    lineage_key = request.args.get("task", "")
    selected_lineage = next((lineage for lineage in lineages if lineage.key == lineage_key), None)
    drawn_lineage = selected_lineage or trend_rules.find_longest_lineage(lineages)
    return render(
        "user_tests/reports/trend.html",
        fragment="figures",
        **_build_shared_context(project),
        lineages=lineages,
        lineage=drawn_lineage,
        ignored=[_("Tâche")] if lineage_key and selected_lineage is None else [],
        charts=_make_charts(versioned_rounds, drawn_lineage),
    )


def _make_charts(versioned_rounds: Sequence[VersionedRound], lineage: TaskLineage | None) -> dict[str, Any]:
    """Return the charts of a task and of each scale, over the latest rounds."""
    rounds_by_scale = trend_rules.group_rounds_by_scale(versioned_rounds)
    steps = lineage.steps[-trend_rules.ROUNDS_MAX :] if lineage else []
    rounds = {
        round_.round.id: round_.round for scale_rounds in rounds_by_scale.values() for round_ in scale_rounds
    }
    rounds |= {round_.round.id: round_.round for round_, _task in steps}
    results = read_results_by_round(list(rounds.values()), [task.id for _round, task in steps])
    scales = [
        trend_rules.build_scale_trend(scale, scale_rounds, results)
        for scale, scale_rounds in rounds_by_scale.items()
    ]
    task = trend_rules.build_task_trend(lineage, results) if lineage else None
    return {
        "completion": task and trend_charts.draw_completion(task),
        "time": task and trend_charts.draw_duration(task),
        "scales": [
            (scale_trend.scale, chart)
            for scale_trend in scales
            if (chart := trend_charts.draw_scale(scale_trend))
        ],
    }


@bp.get("/compare")
def compare(slug: str) -> Response:
    project = get_project(actor, slug)
    versioned_rounds = queries.list_versioned_rounds(actor, project)
    by_number = {str(round_.round.number): round_ for round_ in versioned_rounds}
    selection = {side: request.args.get(side, "") for side in ("before", "after")}
    before, after = (by_number.get(selection[side]) for side in ("before", "after"))
    both = (before, after) if before and after and before is not after else None
    names = {"before": _("Avant"), "after": _("Après")}
    pair = both or _find_default_pair(versioned_rounds)
    return render(
        "user_tests/reports/compare.html",
        fragment="figures",
        **_build_shared_context(project),
        versioned_rounds=list(reversed(versioned_rounds)),
        pair=_read_round_comparison(*pair) if pair else None,
        ignored=[name for side, name in names.items() if selection[side] and both is None],
    )


def _find_default_pair(
    versioned_rounds: Sequence[VersionedRound],
) -> tuple[VersionedRound, VersionedRound] | None:
    """Return the latest round with participants and the one it was copied from, which has the same
    tasks; else the one before it."""
    sums_by_round = read_participation_by_round([round_.round for round_ in versioned_rounds])
    tested_rounds = [round_ for round_ in versioned_rounds if sums_by_round[round_.round.id].sessions]
    candidates = tested_rounds if len(tested_rounds) > 1 else versioned_rounds
    if len(candidates) < 2:
        return None
    *earlier, latest = candidates
    followed = [round_ for round_ in earlier if round_.round.id == latest.round.follows_id]
    return (followed or earlier)[-1], latest


def _read_round_comparison(before: VersionedRound, after: VersionedRound) -> trend_rules.RoundPair:
    def read() -> trend_rules.RoundPair:
        both = [before, after]
        results = read_results_by_round([round_.round for round_ in both])
        return trend_rules.compare_rounds(before, after, queries.list_tasks_by_round(both), results)

    return cache_until_change(actor, ("compared", before.round.id, after.round.id), read)


def _build_shared_context(project: Project) -> dict[str, Any]:
    return {
        "project": project,
        "trail": trail_to_tests(project),
        "labels": labels,
        "statistics_labels": statistics_labels,
        "reader_language": reader_language(),
    }


def reader_language() -> str:
    """Return the language of the actor, in which reports are offered."""
    return str(get_locale().language)
