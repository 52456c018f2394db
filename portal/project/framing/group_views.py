"""Pages of target groups: the list, and the forms that add and change them."""

from flask import Blueprint, Response

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.framing import commands, labels, policy, queries
from portal.project.framing.forms import EditGroupForm, NewGroupForm
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.rereview_queries import add_opened_rereviews
from portal.project.projects.row_page_views import read_requested_page
from portal.project.projects.workspace_views import (
    count_files_by_row,
    get_writable_project,
    load_project_and_row_to_write,
    render_row_list,
    section_trail,
)

bp = Blueprint("groups", __name__, url_prefix="/projects/<slug>/file/groups")
GROUP_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    groups = queries.read_groups_page(actor, project, read_requested_page())
    return render_row_list(
        "project/framing/groups.html",
        project,
        groups=groups,
        filed=count_files_by_row(groups.rows),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = get_writable_project(slug)
    form = make_form(NewGroupForm)
    page = _build_form_page(project, _("Ajouter un public visé"), _("Ajouter"), _("Ajouter le public"))
    return write_page(
        page,
        form,
        lambda _values: commands.add_group(actor, project, form.facts()),
        message=lambda group: add_opened_rereviews(_("« %(name)s » est ajouté.", name=group.name), project),
    )


@bp.route(GROUP_PATH, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, group = load_project_and_row_to_write(slug, number, queries.get_group)
    form = make_form(EditGroupForm, obj=group)
    title = _("Modifier le public « %(name)s »", name=group.name)
    return write_page(
        _build_form_page(project, title, _("Modifier")),
        form,
        lambda values: commands.change_group(
            actor, project, group, form.facts(), left=values["left"], version=values["version"]
        ),
        message=lambda _result: add_opened_rereviews(_("Public enregistré."), project),
        stored=group,
    )


def _build_form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=section_trail(project, _("Publics visés"), ".index"),
        step=step,
        yes=yes,
        advice=(
            _("Un public par usage : deux métiers qui n’attendent pas la même chose sont deux."),
            _("La taille dit combien de personnes le prototype peut toucher."),
            _("Les besoins d’accessibilité disent qui inviter aux tests."),
        ),
    )
