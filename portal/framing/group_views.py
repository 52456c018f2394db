"""Whom the project is for: the list, and the forms that add to it and change it."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.framing import commands, policy, queries, words
from portal.framing.forms import GroupForm, NewGroupForm
from portal.framing.models import TargetGroup
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import count_files, open_to_write, show_list, trail
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh

bp = Blueprint("groups", __name__, url_prefix="/projects/<slug>/file/groups")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    found = queries.read_groups(actor, project, asked_page())
    return show_list(
        "framing/groups.html",
        project,
        found=found,
        filed=count_files(found.rows),
        can_write=policy.can_write(actor, project),
        words=words,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = open_to_write(slug)
    form = fresh(NewGroupForm)
    page = _form_page(project, _("Ajouter un public visé"), _("Ajouter"), _("Ajouter le public"))

    def done(group: TargetGroup) -> tuple[str, str]:
        return _("« %(name)s » est ajouté.", name=group.name), page.back

    return ask(page, form, lambda _v: commands.add_group(actor, project, form.facts()), done)


@bp.route(ONE, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    group = queries.get_group(actor, project, number)
    form = fresh(GroupForm, obj=group)
    title = _("Modifier le public « %(name)s »", name=group.name)
    page = _form_page(project, title, _("Modifier"))

    def act(values: dict[str, Any]) -> None:
        commands.change_group(
            actor, project, group, form.facts(), left=values["left"], seen=values["version"]
        )

    return ask(page, form, act, _("Public enregistré."), stored=group)


def _form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=trail(project, (_("Publics visés"), url_for(".index", slug=project.slug))),
        step=step,
        yes=yes,
        advice=(
            _("Un public par usage : deux métiers qui n’attendent pas la même chose sont deux."),
            _("La taille dit combien de personnes le prototype peut toucher."),
            _("Les besoins d’accès disent qui inviter aux tests."),
        ),
    )
