"""Commands on sprints: plan, start, draft, close. Policy first, then rules, act and audit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.collaboration.discussions.queries import has_comments
from portal.collaboration.files.queries import has_files
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.work_commands import apply_values, create_row, record_change, require_team_member
from portal.sprints.backlog import iteration_commands
from portal.sprints.backlog.models import SpillTarget
from portal.sprints.sprints import help_commands, policy, queries, timing_commands
from portal.sprints.sprints.models import DAYS_MAX, NUMBER_MAX, BlockerKind, Sprint, SprintOutcome
from portal.sprints.sprints.outlook_rules import OutlookLevel

PLANNED = audit.Action("sprint.planned", _l("a planifié le sprint %(number)s"))
REPLANNED = audit.Action("sprint.replanned", _l("a modifié le plan du sprint %(number)s"))
DROPPED = audit.Action(
    "sprint.dropped", _l("a supprimé le sprint %(number)s, qui n’avait pas commencé"), ends=True
)
STARTED = audit.Action("sprint.started", _l("a démarré le sprint %(number)s"))
DRAFTED = audit.Action("sprint.drafted")  # a draft is for the team alone: no sentence in feeds
CLOSED = audit.Action(policy.CLOSE_CODE, _l("a clos le sprint %(number)s"))
LOG_CHANGED = audit.Action("sprint.relogged", _l("a modifié le journal du sprint %(number)s"))


class NextGoalChangeKind(StrEnum):
    """What a close did to the goal of the next planned sprint."""

    AS_IT_WAS = "as_it_was"
    PASSED_ON = "passed_on"
    CHANGED_MEANWHILE = "changed_meanwhile"  # by somebody else, so it stays


@dataclass(frozen=True, kw_only=True)
class SprintPlan:
    """`starts_on` and `ends_on` are both included; `capacity` is in points, or None."""

    goal: str
    starts_on: date
    ends_on: date
    capacity: int | None


@dataclass(frozen=True, kw_only=True)
class SprintLog:
    """The log of a sprint. Closing requires `outcome` and `summary`; the rest is optional."""

    outcome: SprintOutcome | None
    summary: str
    shown: str
    shown_to: str
    shown_link: str
    learnt: str
    indicator: str
    indicator_before: float | None
    indicator_after: float | None
    test_set_size: int | None
    blocker: BlockerKind
    blocker_text: str
    help_wanted: bool
    decision_awaited: str
    outlook: OutlookLevel | None
    outlook_note: str
    next_goal: str


def plan_sprint(actor: Actor, project: Project, plan: SprintPlan) -> Sprint:
    """Plan the next sprint, with its discussion and its iteration of the backlog.

    Raises `NotAllowed`, `TooLate`, and `RuleBroken` on `ends_on` or `starts_on`.
    """
    timing_commands.require_to_plan(actor, project)
    lock_row(Project, project.id)
    _require_free_days(project, plan.starts_on, plan.ends_on)
    number = queries.find_next_sprint_number(project)
    if number > NUMBER_MAX:
        raise RuleBroken(None, _("Ce projet a atteint %(n)s sprints.", n=NUMBER_MAX))
    sprint = create_row(Sprint, project, number=number, **asdict(plan))
    flush_session()
    iteration_commands.add_iteration(project.id, sprint.id, number)
    record_change(actor, PLANNED, sprint, apply_values(sprint, {}))
    return sprint


def edit_plan(actor: Actor, project: Project, sprint: Sprint, plan: SprintPlan, version: int) -> None:
    """Raises as `plan_sprint` does, and `Conflict` for a stale version."""
    require_team_member(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint)
    timing_commands.require_to_edit_plan(actor, project, sprint)
    check_version(sprint, version)
    _require_free_days(project, plan.starts_on, plan.ends_on, but=sprint)
    record_change(actor, REPLANNED, sprint, apply_values(sprint, asdict(plan)))


def _require_free_days(
    project: Project, first: date, last: date, *, but: Sprint | None = None, field: str = "starts_on"
) -> None:
    """Raise `RuleBroken` on `ends_on`, or on `field` for days that another sprint has."""
    days = (last - first).days + 1
    if days < 1:
        raise RuleBroken("ends_on", _("Le dernier jour vient avant le premier."))
    if days > DAYS_MAX:
        raise RuleBroken("ends_on", _("Un sprint dure au plus %(n)s jours.", n=DAYS_MAX))
    other = queries.find_overlapping_sprint(project, first, last, but=but)
    if other is not None:
        sentence = _("Ces dates recouvrent celles du sprint %(number)s.", number=other.number)
        raise RuleBroken(field, sentence)


def drop_sprint(actor: Actor, project: Project, sprint: Sprint) -> None:
    """Delete a planned sprint; its items go back to the backlog.

    Raises `NotAllowed`, `TooLate`, and `RuleBroken` when it has comments or files.
    """
    require_team_member(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint)
    timing_commands.require_to_drop(actor, project, sprint)
    if has_comments(sprint.discussion_id):
        raise RuleBroken(None, _("Des messages s’y rattachent : modifiez plutôt le plan."))
    if sprint.help_asked_at:
        raise RuleBroken(None, _("De l’aide y est demandée : modifiez plutôt le plan."))
    if has_files(Sprint.__tablename__, sprint.id):
        raise RuleBroken(None, _("Des fichiers y sont joints : supprimez-les, ou modifiez le plan."))
    iteration_commands.withdraw_iteration(actor, project, sprint.id)
    record_change(actor, DROPPED, sprint)
    db.session.delete(sprint)


def start_sprint(actor: Actor, project: Project, sprint: Sprint, ends_on: date | None = None) -> None:
    """Start a planned sprint today and take the snapshot of its scope.

    On another day than planned its first day moves (`queries.suggest_start_dates`); its last day
    becomes `ends_on`, or what is suggested. Raises `NotAllowed`, `TooLate`, and `RuleBroken` on
    `ends_on` or while another sprint is active.
    """
    require_team_member(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint)
    timing_commands.require_to_start(actor, project, sprint)
    active = queries.find_active_sprint(project)
    if active is not None:
        sentence = _("Le sprint %(number)s est en cours : il faut d’abord le clore.")
        raise RuleBroken(None, sentence % {"number": active.number})
    first, last = queries.suggest_start_dates(project, sprint)
    if ends_on is not None:
        _require_free_days(project, first, ends_on, but=sprint, field="ends_on")
        last = ends_on
    sprint.started_at = clock.now()
    changes = apply_values(sprint, {"starts_on": first, "ends_on": last})
    iteration_commands.start_iteration(actor, project, sprint.id)
    record_change(actor, STARTED, sprint, changes)


def save_log_draft(
    actor: Actor,
    project: Project,
    sprint: Sprint,
    log: SprintLog,
    version: int,
    *,
    spills: Mapping[int, SpillTarget] | None = None,
) -> None:
    """Save an unfinished log without closing; `spills` by item number.

    Raises `NotAllowed`, `TooLate`, and `Conflict` for a stale version.
    """
    _lock_project_and_sprint_to_close(actor, project, sprint, version)
    help_commands.keep_words_of_waiting_request(sprint, log.blocker_text if log.help_wanted else "")
    help_commands.keep_words_of_taken_request(sprint, log.blocker, log.blocker_text)
    apply_values(sprint, asdict(log))
    sprint.drafted_at = clock.now()
    iteration_commands.save_draft_spills(sprint.id, spills or {})
    record_change(actor, DRAFTED, sprint)


def close_sprint(
    actor: Actor,
    project: Project,
    sprint: Sprint,
    log: SprintLog,
    version: int,
    *,
    spills: Mapping[int, SpillTarget] | None = None,
    shown_goal: str | None = None,
) -> NextGoalChangeKind:
    """Close a sprint: take the snapshot of its scope, then move its open items.

    `spills` says by item number where an open item goes; by default it moves on. The next goal becomes
    that of the next planned sprint; where `shown_goal` is not its goal any more, somebody changed it
    meanwhile and it stays. Raises `NotAllowed`, `TooLate`, `RuleBroken` on `outcome` or `summary`,
    and `Conflict` for a stale version.
    """
    _lock_project_and_sprint_to_close(actor, project, sprint, version)
    _require_complete_log(log)
    asked_at, asked_words = sprint.help_asked_at, (sprint.request_text, sprint.request_blocker)
    help_commands.keep_words_of_waiting_request(sprint, log.blocker_text if log.help_wanted else "")
    is_ticked = "help_wanted" in _apply_log(actor, project, sprint, log)
    sprint.closed_at = clock.now()
    if sprint.is_help_closed and not queries.has_words_beside_log(sprint):
        sprint.help_text = sprint.help_blocker = None  # a draft may have set them apart
    if help_commands.reopen_help(actor, project, sprint, sprint.closed_at, is_ticked=is_ticked):
        sprint.help_asked_at = None  # it is the close that asks
    # All values: a draft may have written some of them to the row before.
    changes: dict[str, tuple[Any, Any]] = {
        name: (None, value) for name, value in asdict(log).items() if value
    }
    if sprint.help_asked_at is not None:
        changes.pop("help_wanted", None)  # told when it was asked
    changes |= _shorten_sprint_closed_early(project, sprint)
    is_withdrawn = asked_at is not None and sprint.help_asked_at is None
    facts: dict[str, Any] = {help_commands.WITHDRAWN_HELP: asked_at} if is_withdrawn else {}  # for the undo
    if is_withdrawn and not log.blocker_text:  # and so that its words are not lost
        changes |= {"blocker_text": (asked_words[0], ""), "blocker": (asked_words[1], log.blocker)}
    record_change(actor, CLOSED, sprint, changes, **facts)
    iteration_commands.close_iteration(actor, project, sprint.id, spills)
    return _pass_goal_to_next_sprint(actor, project, log.next_goal, shown_goal)


def _pass_goal_to_next_sprint(
    actor: Actor, project: Project, goal: str, shown_goal: str | None
) -> NextGoalChangeKind:
    planned = queries.find_next_planned_sprint(project)
    if planned is None or not goal or goal == planned.goal:
        return NextGoalChangeKind.AS_IT_WAS
    if shown_goal is not None and shown_goal != planned.goal:
        return NextGoalChangeKind.CHANGED_MEANWHILE
    record_change(actor, REPLANNED, planned, apply_values(planned, {"goal": goal}))
    return NextGoalChangeKind.PASSED_ON


def _lock_project_and_sprint_to_close(actor: Actor, project: Project, sprint: Sprint, version: int) -> None:
    """Check the role once, and lock.

    The version comes before the state: when a colleague has just closed the sprint, the person sees
    both texts (`Conflict`) instead of a refusal (`TooLate`).
    """
    require_team_member(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint, version)
    timing_commands.require_in_progress(project, sprint)


def _shorten_sprint_closed_early(project: Project, sprint: Sprint) -> dict[str, tuple[date, date]]:
    """Shorten a sprint that is closed early. Returns what changed, as field → (before, after)."""
    planned = sprint.starts_on, sprint.ends_on
    sprint.starts_on, sprint.ends_on = days = queries.suggest_close_days(project, sprint)
    day_changes = zip(("starts_on", "ends_on"), planned, days, strict=True)
    return {name: (before, after) for name, before, after in day_changes if before != after}


def edit_log(actor: Actor, project: Project, sprint: Sprint, log: SprintLog, version: int) -> None:
    """Correct the log of a closed sprint; the audit trail keeps the earlier values.

    Raises `NotAllowed`, `TooLate`, `RuleBroken` as `close_sprint` does, and `Conflict`.
    """
    require_team_member(actor, project)
    timing_commands.lock_fresh_sprint(project, sprint)
    timing_commands.require_to_edit_log(actor, project, sprint)
    check_version(sprint, version)
    _require_complete_log(log)
    changes = _apply_log(actor, project, sprint, log)
    if not changes:
        return
    record_change(actor, LOG_CHANGED, sprint, changes)
    is_ticked = "help_wanted" in changes
    if is_ticked or ("blocker_text" in changes and sprint.help_text is None):
        is_reopened = help_commands.reopen_help(actor, project, sprint, clock.now(), is_ticked=is_ticked)
        if is_reopened and not is_ticked:  # else the change of the log tells it
            record_change(actor, help_commands.HELP_ASKED, sprint, {})


def _apply_log(actor: Actor, project: Project, sprint: Sprint, log: SprintLog) -> audit.Changes:
    """Set the log; help that it does not want any more is not asked for any more. Whoever took the
    request keeps its words."""
    help_commands.keep_words_of_taken_request(sprint, log.blocker, log.blocker_text)
    if not log.help_wanted:
        if sprint.help_taken_at is None:
            sprint.help_text = sprint.help_blocker = None
            if sprint.help_requested_at is not None:
                help_commands.take_back_reopening(actor, project, sprint, sprint.help_requested_at)
        sprint.help_asked_at = None
    return apply_values(sprint, asdict(log))


def _require_complete_log(log: SprintLog) -> None:
    if log.outcome is None:
        raise RuleBroken("outcome", _("Dites si le but est atteint."))
    if not log.summary:
        raise RuleBroken("summary", _("Écrivez une ligne."))
