"""A sprint's retrospective: its page with the actions and the discussion, its history, its form."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.ceremonies import action_commands, commands, policy, queries, words
from portal.ceremonies.action_views import people_of
from portal.ceremonies.forms import NewActionForm, RetrospectiveForm
from portal.ceremonies.models import Retrospective
from portal.ceremonies.workplace import open_sprint, open_to_hold, trail_to
from portal.discussions.views import beside
from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.revisions import list_revisions
from portal.projects.workplace import files_of
from portal.sprints.models import Sprint
from portal.sprints.queries import find_active
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint(
    "retrospectives",
    __name__,
    url_prefix="/projects/<slug>/sprints/<int(max=999):number>/retrospective",
)
USUAL_DAYS = 14  # until an action is due, when no sprint says better


@bp.get("")
def page(slug: str, number: int) -> Response:
    project, sprint = open_sprint(slug, number)
    kept = queries.find_retrospective(actor, project, sprint)
    if kept is None:
        return _nothing_yet(project, sprint)
    can_write = policy.can_write(actor, project)
    return render(
        "ceremonies/retrospective.html",
        fragment="discussion",
        project=project,
        sprint=sprint,
        trail=trail_to(project, sprint),
        kept=kept,
        actions=queries.list_actions(actor, project, kept),
        earlier=queries.list_earlier(actor, project, sprint),
        can_write=can_write,
        form=_new_action(project) if can_write else None,
        words=words,
        **files_of(project, kept, sprint.number),
        **beside(kept.discussion_id),
    )


def _nothing_yet(project: Project, sprint: Sprint) -> Response:
    return render(
        "ceremonies/no_retrospective.html",
        project=project,
        sprint=sprint,
        trail=trail_to(project, sprint),
        can_hold=policy.can_hold(actor, project, sprint),
    )


@bp.get("/history")
def history(slug: str, number: int) -> Response:
    project, sprint = open_sprint(slug, number)
    kept = queries.get_retrospective(actor, project, sprint)
    ids = [kept.id, *queries.list_ids_of_actions(kept)]
    told = [code for code in words.DEEDS if not code.startswith("demonstration.")]
    return render(
        "ceremonies/history.html",
        title=_("Historique de la rétrospective du sprint %(n)s", n=number),
        trail=[*trail_to(project, sprint), _here(project, sprint)],
        revisions=list_revisions(ids, told),
        labels=words.LABELS,
        words=words,
    )


@bp.route("/edit", methods=["GET", "POST"])
def write(slug: str, number: int) -> Response:
    project, sprint = open_to_hold(slug, number)
    kept = queries.find_retrospective(actor, project, sprint)
    usual = {"version": 0, "held_on": min(clock.today(), commands.last_day(sprint))}
    form = fresh(RetrospectiveForm, obj=kept, **({} if kept else usual))

    def again(status: int = 200) -> Response:
        return render(
            "ceremonies/look_back.html",
            fragment="form",
            status=status,
            project=project,
            sprint=sprint,
            trail=trail_to(project, sprint),
            form=form,
            earlier=queries.list_earlier(actor, project, sprint),
            words=words,
        )

    def act(values: dict[str, Any]) -> Retrospective:
        seen = values["version"]
        return commands.write_retrospective(actor, project, sprint, form.facts(), seen)

    def done(_made: Retrospective) -> Response:
        flash(_("Rétrospective enregistrée."))
        return see_path(_here(project, sprint)[1])

    if request.method in SAFE_METHODS:
        return again()
    return submit(form, act, done, again, stored=kept)


@bp.route("/actions/new", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    project, sprint = open_to_hold(slug, number)
    kept = queries.get_retrospective(actor, project, sprint)
    asked = FormPage(
        title=_("Décider une action"),
        trail=[*trail_to(project, sprint), _here(project, sprint)],
        step=_("Action"),
        beside=(("owner", "due_on"),),
        advice=(_("Une ou deux actions par sprint : ce qui est décidé doit pouvoir être fait."),),
    )
    form = _new_action(project)

    def act(_values: dict[str, Any]) -> object:
        return action_commands.add_action(actor, project, kept, form.facts())

    def done(_made: object) -> tuple[str, str]:
        return _("Action notée."), f"{_here(project, sprint)[1]}#actions"

    return ask(asked, form, act, done)


def _new_action(project: Project) -> NewActionForm:
    """For oneself, by the end of the sprint under way."""
    active = find_active(project)
    due = active.ends_on if active else clock.today()
    usual = max(due, clock.today()) if active else due + timedelta(days=USUAL_DAYS)
    return fresh(NewActionForm, people_of(project), owner=str(actor.person_id), due_on=usual)


def _here(project: Project, sprint: Sprint) -> tuple[str, str]:
    path = url_for(".page", slug=project.slug, number=sprint.number)
    return _("Rétrospective"), path
