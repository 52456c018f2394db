"""All tests of a project together: who was reached, what got better, two rounds side by side."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale

from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import Trail, trail
from portal.test_reports import plots, policy, queries, trends, words
from portal.test_reports.coverage import Coverage, cover
from portal.test_reports.queries import Tried
from portal.test_reports.trends import Lineage
from portal.usability import words as figures
from portal.user_tests.round_sums import read_came, read_known
from portal.web.actor import current_actor as actor
from portal.web.render import render

bp = Blueprint("test_figures", __name__, url_prefix="/projects/<slug>/tests")


@bp.get("/coverage")
def coverage(slug: str) -> Response:
    project = get_project(actor, slug)
    latest = queries.find_latest_version(project)
    return render(
        "test_reports/coverage.html",
        fragment="figures",
        **_shared(project),
        found=None if latest is None else _cover(project, latest),
        can_write=policy.can_write(actor, project),
    )


def _cover(project: Project, latest: int) -> Coverage:
    tried = queries.list_tried(actor, project)
    rounds = [one.round for one in tried]
    aims = queries.list_aims([one.id for one in rounds])
    return cover(latest, queries.list_groups(project), tried, aims, read_came(rounds))


@bp.get("/trend")
def trend(slug: str) -> Response:
    project = get_project(actor, slug)
    tried = queries.list_tried(actor, project)
    lineages = trends.lineages(tried, queries.list_tasks(tried))
    asked = request.args.get("task", "")
    chosen = next((one for one in lineages if one.key == asked), None)
    shown = chosen or (lineages[0] if lineages else None)
    return render(
        "test_reports/trend.html",
        fragment="figures",
        **_shared(project),
        lineages=lineages,
        shown=shown,
        ignored=[_("Tâche")] if asked and chosen is None else [],
        drawn=_draw(tried, shown),
        last=[one for one in tried if words.over(one.round)][-2:],
    )


def _draw(tried: Sequence[Tried], shown: Lineage | None) -> dict[str, Any]:
    """Charts of a task and of each scale, of the latest rounds that measured them."""
    asked = trends.asked(tried)
    steps = shown.steps[-trends.ROUNDS :] if shown else []
    rounds = {one.round.id: one.round for each in asked.values() for one in each}
    rounds |= {one.round.id: one.round for one, _task in steps}
    known = read_known(list(rounds.values()), [task.id for _one, task in steps])
    scales = [trends.scale_trend(scale, each, known) for scale, each in asked.items()]
    task = trends.task_trend(shown, known) if shown else None
    return {
        "completion": task and plots.completion(task),
        "time": task and plots.time(task),
        "scales": [(one.scale, chart) for one in scales if (chart := plots.scale(one))],
    }


@bp.get("/compare")
def compare(slug: str) -> Response:
    project = get_project(actor, slug)
    tried = queries.list_tried(actor, project)
    by_number = {str(one.round.number): one for one in tried}
    asked = {side: request.args.get(side, "") for side in ("before", "after")}
    before, after = (by_number.get(asked[side]) for side in ("before", "after"))
    both = (before, after) if before and after and before is not after else None
    names = {"before": _("Avant"), "after": _("Après")}
    pair = both or _usual_pair(tried)
    return render(
        "test_reports/compare.html",
        fragment="figures",
        **_shared(project),
        tried=list(reversed(tried)),
        pair=_compare(*pair) if pair else None,
        ignored=[name for side, name in names.items() if asked[side] and both is None],
    )


def _usual_pair(tried: Sequence[Tried]) -> tuple[Tried, Tried] | None:
    """The latest round that somebody came to, after the one it was copied from: they ask the same.
    Where that one had nobody, or there is none, after the one before it."""
    came = read_came([one.round for one in tried])
    met = [one for one in tried if came[one.round.id].sessions]
    chosen = met if len(met) > 1 else tried
    if len(chosen) < 2:
        return None
    *earlier, latest = chosen
    followed = [one for one in earlier if one.round.id == latest.round.follows_id]
    return (followed or earlier)[-1], latest


def _compare(before: Tried, after: Tried) -> trends.Pair:
    both = [before, after]
    known = read_known([one.round for one in both])
    return trends.compare(before, after, queries.list_tasks(both), known)


def _shared(project: Project) -> dict[str, Any]:
    return {
        "project": project,
        "trail": trail_to_tests(project),
        "words": words,
        "figures": figures,
        "reader_language": reader_language(),
    }


def reader_language() -> str:
    """The report is offered in the language of whoever asks for it."""
    return str(get_locale().language)


def trail_to_tests(project: Project) -> Trail:
    return trail(project, (_("Tests"), url_for("rounds.index", slug=project.slug)))
