"""The log of a sprint: the close, its draft, and corrections afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import write
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import AuditRevision
from portal.project.projects.workspace_views import (
    load_project_and_row,
    load_project_and_row_for_team_form,
    load_project_and_row_to_write,
)
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import ItemRow, list_sprint_items
from portal.sprints.sprints import (
    closing_labels,
    commands,
    policy,
    queries,
    section_views,
    timing_commands,
    undo_commands,
)
from portal.sprints.sprints.closing_rules import judge_outcome
from portal.sprints.sprints.forms import (
    CloseSprintForm,
    EditLogForm,
    LogDraftForm,
    LogFields,
    LogFormT,
    add_spill_fields,
)
from portal.sprints.sprints.models import Sprint, SprintOutcome, SprintState
from portal.sprints.sprints.section_queries import SprintClosingPartKind
from portal.sprints.sprints.views import SPRINT_PATH

HELP_FIELDS = ("blocker", "blocker_text", "help_wanted")  # a request for help fills them before the close

bp = Blueprint("sprint_log", __name__, url_prefix="/projects/<slug>/sprints")


@dataclass(frozen=True)
class _SprintClosing:
    """What the close of a sprint is about: its items, the last log, and the next planned sprint."""

    project: Project
    sprint: Sprint
    items: Sequence[ItemRow]
    last: Sprint | None
    planned: Sprint | None

    @property
    def left(self) -> list[ItemRow]:
        return [item for item in self.items if item.state is not ItemState.DONE]

    @property
    def prefilled_values(self) -> dict[str, Any]:
        """What the form proposes; what the sprint says of its blocker already is not a proposal."""
        blocked = [item for item in self.items if item.state is ItemState.BLOCKED]
        values = CloseSprintForm.build_prefilled_values(self.last, blocked)
        if self.sprint.blocker_text or self.sprint.help_asked_at:
            return {name: value for name, value in values.items() if name not in HELP_FIELDS}
        return values

    @property
    def following(self) -> int | None:
        return self.planned.number if self.planned else None

    @property
    def outcome(self) -> SprintOutcome:
        """What « rien à signaler » says of the goal."""
        return judge_outcome(len(self.items) - len(self.left), len(self.items))

    def form_type(self, form: type[LogFormT]) -> type[LogFormT]:
        """The form with the fields of the open items."""
        return add_spill_fields(form, self.left, self.following)


def _read_sprint_closing(project: Project, sprint: Sprint) -> _SprintClosing:
    return _SprintClosing(
        project,
        sprint,
        list_sprint_items(sprint.id),
        queries.find_last_closed_sprint(project),
        queries.find_next_planned_sprint(project),
    )


@bp.get(f"{SPRINT_PATH}/close")
def close_page(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row(slug, number, queries.get_sprint)
    if sprint.state is SprintState.CLOSED:
        return redirect_to("sprints.page", slug=slug, number=number)
    timing_commands.require_to_close(actor, project, sprint)
    closing = _read_sprint_closing(project, sprint)
    return _render_close(closing, _make_prefilled_form(closing))


def _make_prefilled_form(closing: _SprintClosing) -> CloseSprintForm:
    """Filled from the draft, or else from the last log; the next goal from the next plan."""
    sprint, planned_goal = closing.sprint, closing.planned.goal if closing.planned else ""
    form_type = closing.form_type(CloseSprintForm)
    if sprint.drafted_at:
        form = form_type(formdata=None, obj=sprint, planned_goal=planned_goal)
    else:
        values = {name: getattr(sprint, name) for name in HELP_FIELDS} | closing.prefilled_values
        values["planned_goal"] = planned_goal
        form = form_type(formdata=None, version=sprint.version, data=values)
    if planned_goal and not form.next_goal.data:
        form.next_goal.data = planned_goal
    return form


@bp.post(f"{SPRINT_PATH}/close")
def close(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, queries.get_sprint)
    closing = _read_sprint_closing(project, sprint)
    form = closing.form_type(CloseSprintForm)()
    form.clear_untouched_prefills(closing.prefilled_values)
    form.answer_nothing_to_report(closing.outcome)
    shown_goal = form.planned_goal.data if form.planned_goal.raw_data else None
    return write(
        form,
        lambda values: commands.close_sprint(
            actor,
            project,
            sprint,
            form.log(),
            values["version"],
            spills=form.spills(),
            shown_goal=shown_goal,
        ),
        message=lambda goal: closing_labels.closing_message(number, goal, closing.following),
        to=url_for("sprints.page", slug=slug, number=number),
        page=lambda status: _render_refused_close(closing, form, status),
        stored=sprint,
    )


@bp.post(f"{SPRINT_PATH}/draft")
def save_draft(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, queries.get_sprint)
    closing = _read_sprint_closing(project, sprint)
    form = closing.form_type(LogDraftForm)()
    return write(
        form,
        lambda values: commands.save_log_draft(
            actor, project, sprint, form.log(), values["version"], spills=form.spills()
        ),
        message=_("Brouillon enregistré. Seule l’équipe le voit."),
        to=url_for(".close_page", slug=slug, number=number),
        page=lambda status: _render_refused_close(closing, form, status),
        stored=sprint,
    )


def _render_refused_close(closing: _SprintClosing, form: LogFields, status: int) -> Response:
    """The refused form; once a colleague has closed the sprint, as an edit of its log."""
    if closing.sprint.state is not SprintState.CLOSED:
        return _render_close(closing, form, status)
    close_revision = queries.find_close_revision(closing.sprint)
    return _render_log(closing.project, closing.sprint, form, status, overtaken_by=close_revision)


def _can_undo_start(project: Project, sprint: Sprint) -> bool:
    may_undo = policy.can_undo(actor, project, sprint)
    return may_undo and not undo_commands.explain_undo_obstacle(project, sprint)


def _render_close(closing: _SprintClosing, form: LogFields, status: int = 200) -> Response:
    project, sprint = closing.project, closing.sprint
    days = queries.suggest_close_days(project, sprint)
    content = section_views.get_sprint_page_content(actor, project, sprint)
    return render(
        "sprints/sprints/close.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        next_goal_hint=closing_labels.describe_next_goal_outcome(closing.following, is_closed=False),
        dates=closing_labels.describe_closing_dates(
            sprint, days, clock.today(), can_undo_start=_can_undo_start(project, sprint)
        ),
        summaries=_summarise_folds(closing, form),
        last_help=section_views.describe_own_help_request(sprint)
        or closing_labels.describe_last_help_request(closing.last),
        nothing=closing_labels.explain_nothing_to_report_button(
            closing.outcome,
            closing.items,
            closing.following,
            LogFields.log(form),
            is_asking=form.help_wanted.data and sprint.would_ask_for_help,
        ),
        items_text=closing_labels.describe_done_items(closing.items),
        lines=content.lines,
    )


def _summarise_folds(closing: _SprintClosing, form: LogFields) -> closing_labels.FoldSummaries:
    log, summaries = LogFields.log(form), section_views.read_closing_summaries(actor, closing.project)
    return closing_labels.FoldSummaries(
        spills=closing_labels.describe_spills(
            form.common_spill, form.list_spill_exceptions(), closing.following
        ),
        shown=closing_labels.describe_shown_or_learnt(log, closing.last),
        blocker=closing_labels.describe_blocker(log, closing.last),
        decision=closing_labels.describe_awaited_decision(log, summaries[SprintClosingPartKind.DECISION]),
        outlook=closing_labels.describe_outlook(log, summaries[SprintClosingPartKind.OUTLOOK]),
        following=closing_labels.describe_next_sprint(log, closing.planned),
    )


@bp.get(f"{SPRINT_PATH}/log", endpoint="log_page")
@bp.post(f"{SPRINT_PATH}/log")
def edit_log(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_for_team_form(
        slug, number, queries.get_sprint, timing_commands.require_to_edit_log
    )
    form = make_form(EditLogForm, obj=sprint)
    return write(
        form,
        lambda values: commands.edit_log(actor, project, sprint, form.log(), values["version"]),
        message=_("Journal enregistré. L’historique garde ce qu’il disait avant."),
        to=url_for("sprints.page", slug=slug, number=number),
        page=lambda status: _render_log(project, sprint, form, status),
        stored=sprint,
    )


def _render_log(
    project: Project,
    sprint: Sprint,
    form: LogFields,
    status: int = 200,
    overtaken_by: AuditRevision | None = None,
) -> Response:
    planned = queries.find_next_planned_sprint(project)
    return render(
        "sprints/sprints/log.html",
        fragment="form",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        overtaken_by=overtaken_by,
        closed_by_me=overtaken_by is not None and overtaken_by.by == actor.person_id,
        summaries=None,
        last_help=section_views.describe_own_help_request(sprint),
        next_goal_hint=closing_labels.describe_next_goal_outcome(
            planned.number if planned else None, is_closed=True
        ),
    )
