"""Whom the project is for: the list, and the forms that add to it and change it."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.project.framing import commands, labels, policy, queries
from portal.project.framing.forms import GroupForm, NewGroupForm
from portal.project.framing.models import TargetGroup
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import (
    build_trail,
    count_files,
    get_writable_project,
    show_list,
)

bp = Blueprint("groups", __name__, url_prefix="/projects/<slug>/file/groups")
GROUP_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    groups = queries.read_groups(actor, project, requested_page())
    return show_list(
        "project/framing/groups.html",
        project,
        found=groups,
        filed=count_files(groups.rows),
        can_write=policy.can_write(actor, project),
        words=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = get_writable_project(slug)
    form = make_form(NewGroupForm)
    page = _form_page(project, _("Ajouter un public visé"), _("Ajouter"), _("Ajouter le public"))

    def on_success(group: TargetGroup) -> tuple[str, str]:
        return _("« %(name)s » est ajouté.", name=group.name), page.back

    return answer_form(
        page, form, lambda _v: commands.add_group(actor, project, form.facts()), on_success
    )


@bp.route(GROUP_PATH, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    group = queries.get_group(actor, project, number)
    form = make_form(GroupForm, obj=group)
    title = _("Modifier le public « %(name)s »", name=group.name)
    page = _form_page(project, title, _("Modifier"))

    def act(values: dict[str, Any]) -> None:
        commands.change_group(
            actor, project, group, form.facts(), left=values["left"], version=values["version"]
        )

    return answer_form(page, form, act, _("Public enregistré."), stored=group)


def _form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=build_trail(project, (_("Publics visés"), url_for(".index", slug=project.slug))),
        step=step,
        yes=yes,
        advice=(
            _("Un public par usage : deux métiers qui n’attendent pas la même chose sont deux."),
            _("La taille dit combien de personnes le prototype peut toucher."),
            _("Les besoins d’accès disent qui inviter aux tests."),
        ),
    )
