"""Sections of a sprint's page and of the board, contributed by features of this and upper wings.

A `SprintPageSection` gives lines with a link; the application registers the sections, as it does
for a project's page.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import get_timezone

from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup, PriorityLine
from portal.project.projects.section_queries import SectionLine
from portal.sprints.backlog import labels as item_labels
from portal.sprints.backlog import policy as items_policy
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import ItemRow, list_sprint_items, read_first_backlog_page
from portal.sprints.backlog.models import SpillTarget
from portal.sprints.sprints import closing_labels, labels, running_charts
from portal.sprints.sprints.figure_queries import read_figures
from portal.sprints.sprints.figure_rules import pick_within
from portal.sprints.sprints.models import Sprint, SprintState
from portal.sprints.sprints.queries import (
    FROZEN_ITEMS,
    FrozenItem,
    evaluate_sprint_subqueries,
    get_sprint_with_open_sprint_numbers,
    has_words_beside_log,
)
from portal.sprints.sprints.section_queries import (
    ClosingSummarySource,
    SprintClosingPartKind,
    SprintHelpFollowUp,
    SprintPageSection,
)

ENDING_DAYS = 3  # before the last day, when the close becomes the main act


@dataclass(frozen=True)
class SprintPageContent:
    """`frozen`: the items in the snapshot of the close; `lines`: those of all sections; `outside`:
    what a running sprint leaves out."""

    frozen: Sequence[FrozenItem] = ()
    lines: Sequence[SectionLine] = ()
    outside: Sequence[PriorityGroup] = ()


@dataclass(frozen=True, kw_only=True)
class LeftOutSprintLine(PriorityLine):
    """A line about what the sprint leaves out; a POST to `take_url` puts it into the sprint."""

    take_url: str = ""


@dataclass(frozen=True)
class BoardPrioritySource(Contribution):
    """What is not in the sprint in progress, and its team should know of while it works.

    `figures` are scalar subqueries about the sprint bound as `sprint`; `list_groups` gets their
    values in the same order.
    """

    list_groups: Callable[[Project, Sequence[Any]], Sequence[PriorityGroup]]
    figures: Sequence[Any] = ()


def get_sprint_page_content(actor: Actor, project: Project, sprint: Sprint) -> SprintPageContent:
    """All of it, of a sprint that the caller was already allowed to see; nothing before the sprint
    has begun. The figures of all sections and the sprint's own are read in one statement."""
    if sprint.state is SprintState.PLANNED:
        return SprintPageContent()
    sections, boards = list_contributions(SprintPageSection), _list_board_priority_sources(sprint)
    figures = [figure for section in sections for figure in section.figures]
    figures += [figure for board in boards for figure in board.figures]
    values = iter(evaluate_sprint_subqueries(sprint, (FROZEN_ITEMS, *figures)))
    frozen = next(values)
    own = [(each, [next(values) for _figure in each.figures]) for each in sections]
    lines = tuple(line for each, n in own for line in each.list_lines(actor, project, sprint, n))
    return SprintPageContent(frozen, lines, _list_priorities_outside_sprint(project, boards, values))


def read_sprint_page_facts(actor: Actor, project: Project, number: int) -> dict[str, Any]:
    """What the page of a sprint shows to readers with the actor's rights, until something changes:
    the sprint with its neighbours, what sections know of it, and its items until its close. Raises
    `NotFound`."""
    neighbours = get_sprint_with_open_sprint_numbers(actor, project, number)
    sprint = neighbours.sprint
    content = get_sprint_page_content(actor, project, sprint)
    is_open = sprint.state is not SprintState.CLOSED
    scope = list_sprint_items(sprint.id) if is_open else ()
    return {
        "project": project,
        "neighbours": neighbours,
        "sprint": sprint,
        "scope": scope,
        **_count_items_to_take(project, is_asked=is_open and not scope),
        "frozen": tuple(content.frozen),
        "lines": content.lines,
        "outside": content.outside,
        "labels": labels,
        "item_labels": item_labels,
        "slug": project.slug,
        "number": number,
    }


def _count_items_to_take(project: Project, *, is_asked: bool) -> dict[str, int]:
    """How many items the backlog has, and how many of its first page were carried from a past sprint;
    read where a sprint asks, as it holds none."""
    if not is_asked:
        return {"waiting_count": 0, "carried_count": 0}
    waiting = read_first_backlog_page(project.id)
    carried = sum(line.spill is SpillTarget.MOVED_ON for line in waiting.lines)
    return {"waiting_count": waiting.count, "carried_count": carried}


def list_left_out_priorities(project: Project, sprint: Sprint) -> Sequence[PriorityGroup]:
    """What a running sprint leaves out, in one statement; the caller may see the sprint."""
    boards = _list_board_priority_sources(sprint)
    figures = tuple(figure for board in boards for figure in board.figures)
    return _list_priorities_outside_sprint(project, boards, iter(evaluate_sprint_subqueries(sprint, figures)))


def _list_board_priority_sources(sprint: Sprint) -> Sequence[BoardPrioritySource]:
    return list_contributions(BoardPrioritySource) if sprint.state is SprintState.ACTIVE else ()


def _list_priorities_outside_sprint(
    project: Project, boards: Sequence[BoardPrioritySource], values: Iterator[Any]
) -> Sequence[PriorityGroup]:
    return tuple(
        group
        for board in boards
        for group in board.list_groups(project, [next(values) for _figure in board.figures])
    )


def read_closing_summaries(actor: Actor, project: Project) -> dict[SprintClosingPartKind, str]:
    """What other features know about the parts of a close."""

    def describe() -> dict[SprintClosingPartKind, str]:
        empty = dict.fromkeys(SprintClosingPartKind, "")
        return empty | {
            each.topic: each.describe(project) for each in list_contributions(ClosingSummarySource)
        }

    return cache_until_change(actor, ("closing summaries", project.id), describe)


def describe_own_help_request(sprint: Sprint) -> str:
    """What the form of a log says of the request of its sprint, with the name of whoever has it."""
    claimants = [each.find_claimant(sprint) for each in list_contributions(SprintHelpFollowUp)]
    return closing_labels.describe_own_help_request(
        sprint, "".join(claimants), has_words_beside_log=has_words_beside_log(sprint)
    )


def read_workload(
    actor: Actor, project: Project, scope: Sequence[ItemRow]
) -> tuple[str, running_charts.UsualPace]:
    """The amount of these items in the unit that the team counts in, and what it usually finishes in a
    sprint beside it, for a reader who may see that."""
    figures = read_figures(actor, project, str(get_timezone()))
    amount = sum((line.points or 0) if figures.in_points else 1 for line in scope)
    usual = running_charts.compare_with_usual_pace(figures, amount)
    return labels.format_amount(amount, in_points=figures.in_points), usual


def list_carried_to_tick(
    actor: Actor, project: Project, scope: Sequence[ItemRow], waiting: Sequence[ItemRow]
) -> frozenset[str]:
    """The handles of the items carried from the last sprint that come ticked: in their order up to what
    the team usually finishes, less what the sprint holds; none that is blocked."""
    figures = read_figures(actor, project, str(get_timezone()))

    def measure(line: ItemRow) -> int:
        return (line.points or 0) if figures.in_points else 1

    carried = [
        (line.handle, measure(line))
        for line in waiting
        if line.spill is SpillTarget.MOVED_ON and line.state is not ItemState.BLOCKED
    ]
    usual = round(figures.velocity.mean) if figures.velocity else None
    return pick_within(carried, None if usual is None else usual - sum(map(measure, scope)))


def read_item_progress(
    actor: Actor, project: Project, sprint: Sprint, scope: Sequence[ItemRow], *, sees_pace: bool
) -> dict[str, Any]:
    """How a running sprint stands, by its items; what the team usually finishes beside a planned one."""
    zone = str(get_timezone())
    if sprint.state is SprintState.PLANNED:
        return {"usual": read_workload(actor, project, scope)[1] if sees_pace else None}
    if sprint.state is not SprintState.ACTIVE:
        return {}
    figures = read_figures(actor, project, zone, number=sprint.number)
    goes_on = projects.is_project_active(project)
    sees_outlook = sees_pace and goes_on
    return {
        "can_work": items_policy.can_add_and_order_items(actor, project),
        "own_id": actor.person_id if any(item.assignee_id == actor.person_id for item in scope) else None,
        "burndown": cache_until_change(
            actor,
            ("burndown", sprint.id, figures.at, zone, sees_outlook),
            lambda: running_charts.draw_small_burndown(figures, zone, sees_pace=sees_outlook),
        )
        if scope
        else None,
        "days": labels.describe_remaining_days(sprint, clock.today(zone)) if goes_on else _("interrompu"),
        "is_ending": (sprint.ends_on - clock.today(zone)).days <= ENDING_DAYS,
    }
