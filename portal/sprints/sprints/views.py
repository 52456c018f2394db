"""A project's sprints: the list, one sprint with its log and discussion, and its forms."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.form_page import make_form
from portal.platform.web.fragment_cache import KEY_MARK, cache_page_facts
from portal.platform.web.rendering import redirect_to, render, wants_fragment
from portal.platform.web.writes import VersionedButtonForm, refusal_text_of, write
from portal.project.projects.models import Project
from portal.project.projects.policy import rights_key
from portal.project.projects.queries import get_cached_project, get_programme_of, get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.work_commands import require_team_member
from portal.project.projects.workspace_views import (
    attachments_context,
    load_project_and_row,
    load_project_and_row_for_team_form,
    load_project_and_row_to_write,
)
from portal.sprints.backlog.item_list_queries import list_sprint_items
from portal.sprints.sprints import (
    commands,
    labels,
    policy,
    queries,
    section_views,
    timing_commands,
    undo_commands,
)
from portal.sprints.sprints.forms import EditLogForm, EditPlanForm, PlanSprintForm, StartForm
from portal.sprints.sprints.item_forms import QuickAddForm
from portal.sprints.sprints.models import UNDO_TIME, Sprint, SprintState

bp = Blueprint("sprints", __name__, url_prefix="/projects/<slug>/sprints")
SPRINT_PATH = "/<int(max=999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    page = max(1, min(request.args.get("page", 1, type=int), 999))
    return render(
        "sprints/sprints/index.html",
        fragment="sprints",
        project=project,
        programme=get_programme_of(project),
        overview=queries.get_sprint_overview(actor, project, page),
        can_plan=policy.can_plan(actor, project),
        can_close=lambda sprint: policy.can_close(actor, project, sprint),
        can_start=lambda sprint: policy.can_start(actor, project, sprint),
        starts_today=lambda sprint: sprint.starts_on == clock.today(),
        start_form=CreateForm(formdata=None),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        labels=labels,
    )


@bp.get("/plan")
def plan_page(slug: str) -> Response:
    project = get_project(actor, slug)
    timing_commands.require_to_plan(actor, project)
    first, last = queries.suggest_sprint_dates(project)
    # The goal that the last log announced, unless the running sprint has it already.
    before = None if queries.find_active_sprint(project) else queries.find_last_closed_sprint(project)
    goal = before.next_goal if before else ""
    return _render_plan(project, PlanSprintForm(formdata=None, goal=goal, starts_on=first, ends_on=last))


@bp.post("/plan")
def plan(slug: str) -> Response:
    project, form = get_project(actor, slug), PlanSprintForm()
    require_team_member(actor, project)
    return write(
        form,
        lambda _values: commands.plan_sprint(actor, project, form.plan()),
        message=lambda sprint: _("Sprint %(number)s planifié.", number=sprint.number),
        to=lambda sprint: url_for(".page", slug=slug, number=sprint.number),
        page=lambda status: _render_plan(project, form, status=status),
    )


def _render_plan(
    project: Project, form: PlanSprintForm | EditPlanForm, sprint: Sprint | None = None, status: int = 200
) -> Response:
    return render(
        "sprints/sprints/plan.html", fragment="form", status=status, project=project, sprint=sprint, form=form
    )


@bp.get(SPRINT_PATH)
def page(slug: str, number: int) -> Response:
    return render_sprint_page(get_cached_project(actor, slug), number)


def render_sprint_page(
    project: Project,
    number: int,
    status: int = 200,
    refused: str | None = None,
    *,
    refused_form: Form | None = None,
    add_form: QuickAddForm | None = None,
) -> Response:
    """The page of a sprint; for htmx its items after one of them was moved or added, else its
    discussion. `refused` says why a button of its head was refused."""
    key = "sprint", project.id, number, rights_key(actor, project)
    facts = cache_page_facts(actor, key, lambda: section_views.read_sprint_page_facts(actor, project, number))
    neighbours, sprint = facts.values["neighbours"], facts.values["sprint"]
    could_start = policy.can_start(actor, project, sprint)
    moved, is_added = request.args.get("moved", type=int), "added" in request.args
    could_undo = (sprint.state is SprintState.ACTIVE or neighbours.is_last_closed) and policy.can_undo(
        actor, project, sprint
    )
    undo_obstacle = undo_commands.explain_undo_obstacle(project, sprint) if could_undo else ""
    is_about_items = bool(moved or is_added or refused_form or add_form)
    return render(
        "sprints/sprints/page.html",
        fragment="work" if is_about_items else "discussion",
        status=status,
        facts=facts,
        refused=refused,
        can_edit_plan=policy.can_edit_plan(actor, project, sprint),
        can_start=could_start and neighbours.running is None,
        waits_for=neighbours.running if could_start else None,
        can_drop=policy.can_drop(actor, project, sprint),
        can_close=policy.can_close(actor, project, sprint),
        can_edit_log=policy.can_edit_log(actor, project, sprint),
        can_go_on=neighbours.is_last_closed and policy.can_plan(actor, project),
        next_number=neighbours.running or neighbours.planned,
        start_form=CreateForm(formdata=None) if could_start else None,
        starts_today=sprint.starts_on == clock.today(),
        can_undo=could_undo and not undo_obstacle,
        undo_obstacle=undo_obstacle,
        undo_withdraws_help=undo_commands.withdraws_help(sprint),
        undo_until=(sprint.closed_at or sprint.started_at or clock.now()) + UNDO_TIME,
        **section_views.read_item_progress(
            actor,
            project,
            sprint,
            facts.values["scope"],
            sees_pace=policy.can_see_pace(actor, project),
        ),
        moved=moved,
        is_added=is_added,
        is_fragment=wants_fragment(),
        refused_form=refused_form,
        add_form=add_form,
        make_add_form=_make_add_form,
        **facts.values,
        **attachments_context(project, sprint),
        **discussion_context(sprint.discussion_id),
    )


def _make_add_form() -> QuickAddForm:
    """A form in which nothing is typed, for a part that is drawn once for all readers."""
    return QuickAddForm(formdata=None, form_key=KEY_MARK)


@bp.get(f"{SPRINT_PATH}/edit", endpoint="edit_plan_page")
@bp.post(f"{SPRINT_PATH}/edit")
def edit_plan(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_for_team_form(
        slug, number, queries.get_sprint, timing_commands.require_to_edit_plan
    )
    form = make_form(EditPlanForm, obj=sprint)
    return write(
        form,
        lambda values: commands.edit_plan(actor, project, sprint, form.plan(), values["version"]),
        message=_("Plan enregistré."),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: _render_plan(project, form, sprint, status),
        stored=sprint,
    )


@bp.post(f"{SPRINT_PATH}/start")
def start(slug: str, number: int) -> Response:
    """Start on the planned day at once; on another one after the question of its days."""
    project, sprint = load_project_and_row_to_write(slug, number, queries.get_sprint)
    is_asked = "ends_on" in request.form
    if not is_asked and sprint.starts_on != clock.today() and sprint.state is SprintState.PLANNED:
        return redirect_to(".start_page", slug=slug, number=number)
    form = StartForm() if is_asked else CreateForm()

    def start_sprint(values: dict[str, Any]) -> None:
        first, _last = queries.suggest_start_dates(project, sprint)
        if values.get("first_day") not in {None, "", first.isoformat()}:
            raise RuleBroken(None, _("Le jour a changé entre-temps : vérifiez les dates, puis confirmez."))
        commands.start_sprint(actor, project, sprint, values.get("ends_on"))

    return write(
        form,
        start_sprint,
        message=_("Le sprint %(number)s est en cours.", number=number),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: (
            _render_start(project, sprint, form, status)
            if is_asked
            else render_sprint_page(project, number, status, form.refused_because)
        ),
    )


@bp.get(f"{SPRINT_PATH}/start")
def start_page(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row(slug, number, queries.get_sprint)
    timing_commands.require_to_start(actor, project, sprint)
    if queries.find_active_sprint(project) is not None:
        return redirect_to(".page", slug=slug, number=number)
    return _render_start(project, sprint, StartForm(formdata=None))


def _render_start(project: Project, sprint: Sprint, form: StartForm, status: int = 200) -> Response:
    days, scope = queries.suggest_start_dates(project, sprint), list_sprint_items(sprint.id)
    form.first_day.data = days[0].isoformat()
    form.ends_on.data = form.ends_on.data or days[1]
    size, usual = section_views.read_workload(actor, project, scope)
    return render(
        "sprints/sprints/start.html",
        status=status,
        project=project,
        sprint=sprint,
        form=form,
        title=labels.start_question(sprint, days[0]),
        means=[
            *labels.list_start_sentences(sprint, days, clock.today()),
            *labels.list_workload_sentences(size, usual.sentence),
        ],
    )


@bp.post(f"{SPRINT_PATH}/undo")
def undo(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, queries.get_sprint)
    is_closed, form = sprint.state is SprintState.CLOSED, VersionedButtonForm()
    message = labels.undone_message(
        number, is_closed=is_closed, withdraws_help=undo_commands.withdraws_help(sprint)
    )
    return write(
        form,
        lambda values: undo_commands.undo_start_or_close(actor, project, sprint, values["version"]),
        message=lambda has_days_back: message if has_days_back else labels.add_days_left(message, sprint),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: render_sprint_page(project, number, status, refusal_text_of(form)),
    )


@bp.get(f"{SPRINT_PATH}/drop", endpoint="drop_page")
@bp.post(f"{SPRINT_PATH}/drop")
def drop(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_for_team_form(
        slug, number, queries.get_sprint, timing_commands.require_to_drop
    )
    form = make_form(CreateForm)
    return write(
        form,
        lambda _values: commands.drop_sprint(actor, project, sprint),
        message=_("Sprint %(number)s supprimé.", number=number),
        to=url_for(".index", slug=slug),
        page=lambda status: _render_drop(project, sprint, form, status),
    )


def _render_drop(project: Project, sprint: Sprint, form: CreateForm, status: int = 200) -> Response:
    return render("sprints/sprints/drop.html", status=status, project=project, sprint=sprint, form=form)


@bp.get(f"{SPRINT_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row(slug, number, queries.get_sprint)
    fields = [*EditPlanForm(formdata=None), *EditLogForm(formdata=None)]
    return render(
        "sprints/sprints/history.html",
        project=project,
        sprint=sprint,
        revisions=list_revisions([sprint.id], policy.HISTORY_ACTIONS),
        labels={field.name: field.label.text for field in fields} | labels.HELP_FIELD_LABELS,
        words=labels,
    )
