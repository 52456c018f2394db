"""A sprint's retrospective: its page with the actions and the discussion, its history, its form."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import attachments_context
from portal.sprints.ceremonies import action_commands, commands, labels, policy, queries
from portal.sprints.ceremonies.action_views import list_owners
from portal.sprints.ceremonies.forms import NewActionForm, RetrospectiveForm
from portal.sprints.ceremonies.models import Retrospective
from portal.sprints.ceremonies.sprint_trail_views import (
    load_sprint,
    load_sprint_to_note,
    sprint_trail,
)
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import find_active_sprint

bp = Blueprint(
    "retrospectives",
    __name__,
    url_prefix="/projects/<slug>/sprints/<int(max=999):number>/retrospective",
)
DEFAULT_DUE_DAYS = 14  # until an action is due, when no sprint says better


@bp.get("")
def page(slug: str, number: int) -> Response:
    project, sprint = load_sprint(slug, number)
    retrospective = queries.find_retrospective(actor, project, sprint)
    if retrospective is None:
        return _render_missing(project, sprint)
    can_write = policy.can_write(actor, project)
    return render(
        "sprints/ceremonies/retrospective.html",
        fragment="discussion",
        project=project,
        sprint=sprint,
        trail=sprint_trail(project, sprint),
        kept=retrospective,
        actions=queries.list_actions(actor, project, retrospective),
        earlier=queries.list_earlier_open_actions(actor, project, sprint),
        can_write=can_write,
        form=_new_action_form(project) if can_write else None,
        words=labels,
        **attachments_context(project, retrospective, sprint.number),
        **discussion_context(retrospective.discussion_id),
    )


def _render_missing(project: Project, sprint: Sprint) -> Response:
    return render(
        "sprints/ceremonies/no_retrospective.html",
        project=project,
        sprint=sprint,
        trail=sprint_trail(project, sprint),
        can_hold=policy.can_note_ceremony(actor, project, sprint),
    )


@bp.get("/history")
def history(slug: str, number: int) -> Response:
    project, sprint = load_sprint(slug, number)
    retrospective = queries.get_retrospective(actor, project, sprint)
    ids = [retrospective.id, *queries.list_action_ids(retrospective)]
    history_actions = [
        code for code in labels.ACTION_LABELS if not code.startswith("demonstration.")
    ]
    return render(
        "sprints/ceremonies/history.html",
        title=_("Historique de la rétrospective du sprint %(n)s", n=number),
        trail=[*sprint_trail(project, sprint), _page_step(project, sprint)],
        revisions=list_revisions(ids, history_actions),
        labels=labels.LABELS,
        words=labels,
    )


@bp.route("/edit", methods=["GET", "POST"])
def write(slug: str, number: int) -> Response:
    project, sprint = load_sprint_to_note(slug, number)
    retrospective = queries.find_retrospective(actor, project, sprint)
    usual = {"version": 0, "held_on": min(clock.today(), commands.last_ceremony_day(sprint))}
    form = make_form(RetrospectiveForm, obj=retrospective, **({} if retrospective else usual))

    def again(status: int = 200) -> Response:
        return render(
            "sprints/ceremonies/look_back.html",
            fragment="form",
            status=status,
            project=project,
            sprint=sprint,
            trail=sprint_trail(project, sprint),
            form=form,
            earlier=queries.list_earlier_open_actions(actor, project, sprint),
            words=labels,
        )

    def act(values: dict[str, Any]) -> Retrospective:
        expected_version = values["version"]
        return commands.write_retrospective(actor, project, sprint, form.facts(), expected_version)

    def on_success(_result: Retrospective) -> Response:
        flash(_("Rétrospective enregistrée."))
        return redirect_to_path(_page_step(project, sprint)[1])

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, on_success, again, stored=retrospective)


@bp.route("/actions/new", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    project, sprint = load_sprint_to_note(slug, number)
    retrospective = queries.get_retrospective(actor, project, sprint)
    form_page = FormPage(
        title=_("Décider une action"),
        trail=[*sprint_trail(project, sprint), _page_step(project, sprint)],
        step=_("Action"),
        beside=(("owner", "due_on"),),
        advice=(_("Une ou deux actions par sprint : ce qui est décidé doit pouvoir être fait."),),
    )
    form = _new_action_form(project)

    def act(_values: dict[str, Any]) -> object:
        return action_commands.add_action(actor, project, retrospective, form.facts())

    def on_success(_result: object) -> tuple[str, str]:
        return _("Action notée."), f"{_page_step(project, sprint)[1]}#actions"

    return answer_form(form_page, form, act, on_success)


def _new_action_form(project: Project) -> NewActionForm:
    """For oneself, by the end of the sprint under way."""
    active = find_active_sprint(project)
    due = active.ends_on if active else clock.today()
    usual = max(due, clock.today()) if active else due + timedelta(days=DEFAULT_DUE_DAYS)
    return make_form(NewActionForm, list_owners(project), owner=str(actor.person_id), due_on=usual)


def _page_step(project: Project, sprint: Sprint) -> tuple[str, str]:
    path = url_for(".page", slug=project.slug, number=sprint.number)
    return _("Rétrospective"), path
