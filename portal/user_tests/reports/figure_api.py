"""Operations on figures over the rounds of a project, as on their pages."""

from typing import Any

from portal.platform.kernel.errors import NotFound, require_row
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.platform.web.api_pages import ApiPage, key_by_fields
from portal.project.projects.queries import get_project
from portal.user_tests.reports import queries, trend_rules
from portal.user_tests.reports.figure_schemas import (
    ComparedRoundsQuerySchema,
    RoundComparisonSchema,
    ScaleTrendSchema,
    TaskTrendSchema,
)
from portal.user_tests.reports.trend_rules import ROUNDS_MAX, RoundPair, TaskLineage, TaskTrend
from portal.user_tests.rounds.sum_queries import read_results_by_round
from portal.user_tests.statistics.scale_rules import SusResult

area = ApiArea("tests")


@area.list("/projects/<slug>/task-trends", TaskTrendSchema)
def list_task_trends(call: ApiCall, slug: str) -> ApiPage:
    """List the tasks of a project's tests with their figures over the latest rounds, the latest first."""
    rounds = queries.list_versioned_rounds(call.actor, get_project(call.actor, slug))
    page = call.page.cut_whole_list(
        trend_rules.list_task_lineages(rounds, queries.list_tasks_by_round(rounds)), key_by_fields("key")
    )
    steps = [step for lineage in page.rows for step in lineage.steps[-ROUNDS_MAX:]]
    tested = {round_.round.id: round_.round for round_, _task in steps}
    results = read_results_by_round(list(tested.values()), [task.id for _round, task in steps])
    trends = [
        _dump_task_trend(lineage, trend_rules.build_task_trend(lineage, results)) for lineage in page.rows
    ]
    return ApiPage(trends, page.next_after)


def _dump_task_trend(lineage: TaskLineage, trend: TaskTrend) -> dict[str, Any]:
    return {
        "title": lineage.task.title,
        "round": lineage.round,
        "task": lineage.task.number,
        "rounds": [
            {"round": round_.round.number, "version": round_.version, "figures": figures}
            for round_, figures in trend.figures
        ],
        "completion": trend.completion,
        "time": trend.time,
    }


@area.list("/projects/<slug>/scale-trends", ScaleTrendSchema)
def list_scale_trends(call: ApiCall, slug: str) -> ApiPage:
    """List the scales of a project's tests with their scores over the latest rounds."""
    rounds = queries.list_versioned_rounds(call.actor, get_project(call.actor, slug))
    by_scale = trend_rules.group_rounds_by_scale(rounds)
    results = read_results_by_round(
        [each.round for its_rounds in by_scale.values() for each in its_rounds], []
    )
    trends = [trend_rules.build_scale_trend(scale, rounds, results) for scale, rounds in by_scale.items()]
    page = call.page.cut_whole_list(trends, key_by_fields("scale"))
    lines = [
        {
            "scale": trend.scale,
            "rounds": [
                {"round": round_.round.number, "version": round_.version, "score": _dump_score(score)}
                for round_, score in trend.figures
            ],
            "change": trend.change,
        }
        for trend in page.rows
    ]
    return ApiPage(lines, page.next_after)


def _dump_score(score: Any) -> dict[str, Any] | None:
    """A mean, by the names of `MeanSchema`; None where nothing was measured."""
    if score is None:
        return None
    value = score.score if isinstance(score, SusResult) else score.value
    return {"n": score.n, "value": value, "interval": score.interval}


@area.get("/projects/<slug>/round-comparison", RoundComparisonSchema, query=ComparedRoundsQuerySchema)
def compare_rounds(call: ApiCall, slug: str) -> dict[str, Any]:
    """Compare two rounds of a project: their shared tasks, and their scale where it is the same."""
    rounds = queries.list_versioned_rounds(call.actor, get_project(call.actor, slug))
    by_number = {each.round.number: each for each in rounds}
    before, after = (require_row(by_number.get(call.query[side])) for side in ("before", "after"))
    if before is after:
        raise NotFound
    both = [before, after]
    results = read_results_by_round([each.round for each in both])
    return _dump_round_pair(
        trend_rules.compare_rounds(before, after, queries.list_tasks_by_round(both), results)
    )


def _dump_round_pair(pair: RoundPair) -> dict[str, Any]:
    return vars(pair) | {
        "before": pair.before.round.number,
        "after": pair.after.round.number,
        "tasks": [
            vars(each) | {"title": each.after.title, "before": each.before.number, "after": each.after.number}
            for each in pair.tasks
        ],
        "unshared_tasks": [
            {"round": number, "task": task.number, "title": task.title}
            for number, task in pair.unshared_tasks
        ],
    }
