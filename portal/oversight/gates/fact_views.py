"""Forms of the facts that only gates ask for: engagement, change plan, panels."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response

from portal.oversight.gates import fact_commands, fact_queries
from portal.oversight.gates.definition_queries import get_definition
from portal.oversight.gates.forms import (
    EditChangePlanForm,
    EditPanelForm,
    KeyRolesForm,
    NewPanelForm,
    build_panel_form_data,
)
from portal.oversight.gates.navigation_views import build_gates_trail, require_not_over_on_get
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import AnyForm, FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, map_team_names_by_person
from portal.project.projects.workspace_views import get_writable_project

bp = Blueprint("gate_facts", __name__, url_prefix="/projects/<slug>/gates")


@bp.route("/engagement", methods=["GET", "POST"])
def note_key_roles(slug: str) -> Response:
    """The leads of the team and of the programme name the key roles."""
    project = get_project(actor, slug)
    fact_commands.require_can_note_key_roles(actor, project)
    require_not_over_on_get(project)
    stored = fact_queries.find_key_roles(project)
    form = _make_form_of_stored_row(KeyRolesForm, stored)
    form.set_people(list(map_team_names_by_person(project).items()))
    form_page = FormPage(
        title=_("L’engagement de l’équipe"),
        lead=_("Ce que demande le jalon G0 et qu’aucune autre page ne dit."),
        trail=build_gates_trail(project, get_definition(project.programme_id, 0)),
        step=_("Engagement"),
        advice=(_("Sponsor et responsable métier sont de l’équipe, et disent leur part de temps."),),
    )
    return write_page(
        form_page,
        form,
        lambda values: fact_commands.note_key_roles(actor, project, form.facts(), values["version"]),
        message=_("Engagement noté."),
        stored=stored,
    )


@bp.route("/change-plan", methods=["GET", "POST"])
def edit_change_plan(slug: str) -> Response:
    project = get_writable_project(slug)
    stored = fact_queries.find_change_plan(project)
    form = _make_form_of_stored_row(EditChangePlanForm, stored)
    form_page = FormPage(
        title=_("Le plan de changement"),
        lead=_("Ce que le prototype change pour celles et ceux qui travailleront avec lui."),
        trail=build_gates_trail(project, get_definition(project.programme_id, 10)),
        step=_("Plan de changement"),
        advice=(_("Enregistrez ce que vous savez déjà : le jalon dit ce qui reste vide."),),
    )
    return write_page(
        form_page,
        form,
        lambda values: fact_commands.write_change_plan(actor, project, form.texts(), values["version"]),
        message=_("Plan enregistré."),
        stored=stored,
    )


@bp.route("/panels/new", methods=["GET", "POST"])
def record_panel(slug: str) -> Response:
    project = _get_project_to_record_panel(slug)
    form = make_form(NewPanelForm)
    form.set_versions(_list_version_choices(project))
    return write_page(
        _build_panel_form_page(project, _("Noter ce qu’un jury décide")),
        form,
        lambda _values: fact_commands.record_panel(actor, project, form.facts()),
        message=_("Jury noté."),
    )


@bp.route("/panels/<int(max=9999):number>/edit", methods=["GET", "POST"])
def change_panel(slug: str, number: int) -> Response:
    project = _get_project_to_record_panel(slug)
    panel = fact_queries.get_panel(actor, project, number)
    form = make_form(EditPanelForm, **build_panel_form_data(panel))
    form.set_versions(_list_version_choices(project))
    return write_page(
        _build_panel_form_page(project, _("Modifier le jury %(n)s", n=number)),
        form,
        lambda values: fact_commands.change_panel(actor, project, panel, form.facts(), values["version"]),
        message=_("Jury enregistré."),
        stored=panel,
    )


def _make_form_of_stored_row(form: type[AnyForm], stored: object) -> AnyForm:
    """The form of a row that a project has once; version 0 where it has none yet."""
    return make_form(form, obj=stored) if stored else make_form(form, version=0)


def _build_panel_form_page(project: Project, title: str) -> FormPage:
    return FormPage(
        title=title,
        lead=_("Le prototype en direct, chaque critère jugé, et une suite."),
        trail=build_gates_trail(project, get_definition(project.programme_id, 11)),
        step=_("Jury"),
        advice=(_("Arrêter est une issue honorable : dites ce qui a été appris."),),
    )


def _get_project_to_record_panel(slug: str) -> Project:
    project = get_project(actor, slug)
    fact_commands.require_can_record_panel(actor, project)
    require_not_over_on_get(project)
    return project


def _list_version_choices(project: Project) -> Sequence[tuple[UUID, str]]:
    versions = fact_queries.list_version_ids_and_numbers(project)
    return [(id_, _("Version %(n)s", n=number)) for id_, number in versions]
