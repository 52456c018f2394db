"""A sprint's retrospective: its page with actions and discussion, its history, its forms."""

from datetime import timedelta

from flask import Blueprint, Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write as submit_form
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import list_team_choices
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import (
    attachments_context,
    load_project_and_row,
    load_project_and_row_to_write,
)
from portal.sprints.ceremonies import action_commands, action_queries, commands, labels, policy, queries
from portal.sprints.ceremonies.forms import NewActionForm, RetrospectiveForm
from portal.sprints.ceremonies.sprint_trail_views import sprint_trail
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import find_active_sprint, get_sprint

bp = Blueprint(
    "retrospectives", __name__, url_prefix="/projects/<slug>/sprints/<int(max=999):number>/retrospective"
)
DEFAULT_DUE_DAYS = 14  # for a new action, without a sprint in progress


@bp.get("")
def page(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row(slug, number, get_sprint)
    retrospective = queries.find_retrospective(actor, project, sprint)
    if retrospective is None:
        return _render_no_retrospective(project, sprint)
    can_write = policy.can_write(actor, project)
    return render(
        "sprints/ceremonies/retrospective.html",
        fragment="discussion",
        project=project,
        sprint=sprint,
        trail=sprint_trail(project, sprint),
        retrospective=retrospective,
        actions=action_queries.list_retrospective_actions(actor, project, retrospective),
        earlier=action_queries.list_earlier_open_actions(actor, project, sprint),
        can_write=can_write,
        form=_make_action_form(project) if can_write else None,
        labels=labels,
        **attachments_context(project, retrospective, sprint.number),
        **discussion_context(retrospective.discussion_id),
    )


def _render_no_retrospective(project: Project, sprint: Sprint) -> Response:
    return render(
        "sprints/ceremonies/no_retrospective.html",
        project=project,
        sprint=sprint,
        trail=sprint_trail(project, sprint),
        can_write=policy.can_note_ceremony(actor, project, sprint),
    )


@bp.get("/history")
def history(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row(slug, number, get_sprint)
    retrospective = queries.get_retrospective(actor, project, sprint)
    return render(
        "sprints/ceremonies/history.html",
        title=_("Historique de la rétrospective du sprint %(n)s", n=number),
        trail=[*sprint_trail(project, sprint), _build_retrospective_trail_step(project, sprint)],
        revisions=list_revisions(
            queries.list_retrospective_history_subject_ids(retrospective), queries.RETROSPECTIVE_ACTIONS
        ),
        labels=labels.LABELS,
        words=labels,
    )


@bp.route("/edit", methods=["GET", "POST"])
def write(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, get_sprint, commands.require_begun_sprint)
    retrospective = queries.find_retrospective(actor, project, sprint)
    defaults = {"version": 0, "held_on": min(clock.today(), commands.find_ceremony_deadline(sprint))}
    form = make_form(RetrospectiveForm, obj=retrospective, **({} if retrospective else defaults))

    def render_form(status: int = 200) -> Response:
        return render(
            "sprints/ceremonies/look_back.html",
            fragment="form",
            status=status,
            project=project,
            sprint=sprint,
            trail=sprint_trail(project, sprint),
            form=form,
            earlier=action_queries.list_earlier_open_actions(actor, project, sprint),
            labels=labels,
        )

    return submit_form(
        form,
        lambda values: commands.write_retrospective(actor, project, sprint, form.facts(), values["version"]),
        message=_("Rétrospective enregistrée."),
        to=_build_retrospective_trail_step(project, sprint)[1],
        page=render_form,
        stored=retrospective,
    )


@bp.route("/actions/new", methods=["GET", "POST"])
def add_action(slug: str, number: int) -> Response:
    project, sprint = load_project_and_row_to_write(slug, number, get_sprint, commands.require_begun_sprint)
    retrospective = queries.get_retrospective(actor, project, sprint)
    form_page = FormPage(
        title=_("Décider une action"),
        trail=[*sprint_trail(project, sprint), _build_retrospective_trail_step(project, sprint)],
        step=_("Action"),
        beside=(("owner", "due_on"),),
        advice=(_("Une ou deux actions par sprint : ce qui est décidé doit pouvoir être fait."),),
    )
    form = _make_action_form(project)
    return write_page(
        form_page,
        form,
        lambda _values: action_commands.add_action(actor, project, retrospective, form.facts()),
        message=_("Action notée."),
        to=f"{_build_retrospective_trail_step(project, sprint)[1]}#actions",
    )


def _make_action_form(project: Project) -> NewActionForm:
    """Prefilled with oneself as owner, and the end of the sprint in progress as due date."""
    active = find_active_sprint(project)
    due = active.ends_on if active else clock.today()
    due_on = max(due, clock.today()) if active else due + timedelta(days=DEFAULT_DUE_DAYS)
    owner = str(actor.person_id)
    return make_form(NewActionForm, list_team_choices(project), owner=owner, due_on=due_on)


def _build_retrospective_trail_step(project: Project, sprint: Sprint) -> tuple[str, str]:
    path = url_for(".page", slug=project.slug, number=sprint.number)
    return _("Rétrospective"), path
