"""What gates ask and nothing else holds: the engagement, the change plan, what panels decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from portal.oversight.gates import fact_commands, queries
from portal.oversight.gates.commands import require_not_over
from portal.oversight.gates.forms import (
    ChangePlanForm,
    EngagementForm,
    NewPanelForm,
    PanelForm,
    panel_form_data,
)
from portal.oversight.gates.navigation_views import trail_of
from portal.oversight.gates.policy import can_note_agreement
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project, get_team_names
from portal.project.projects.workspace_views import get_writable_project

bp = Blueprint("gate_facts", __name__, url_prefix="/projects/<slug>/gates")


@bp.route("/engagement", methods=["GET", "POST"])
def engage(slug: str) -> Response:
    """The agreement is the programme's to date, the key roles whoever's who carries the project."""
    project = get_project(actor, slug)
    fact_commands.require_can_engage(actor, project)
    _require_not_over_to_read(project)
    noted = queries.find_engagement(project)
    form = make_form(EngagementForm, obj=noted)
    if noted is None and request.method in SAFE_METHODS:
        form.version.data = 0
    form.set_people(list(get_team_names(project).items()))
    if not can_note_agreement(actor, project):
        del form.agreed_on
    form_page = FormPage(
        title=_("L’engagement de l’équipe"),
        lead=_("Ce que demande le jalon G0 et qu’aucune autre page ne dit."),
        trail=trail_of(project, queries.get_definition(project.programme_id, 0)),
        step=_("Engagement"),
        advice=(
            _("Sponsor et responsable métier sont de l’équipe, et disent leur part de temps."),
        ),
    )

    def act(values: dict[str, Any]) -> object:
        return fact_commands.note_engagement(actor, project, form.facts(), values["version"])

    return answer_form(form_page, form, act, _("Engagement noté."), stored=noted)


@bp.route("/change-plan", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    project = get_writable_project(slug)
    written = queries.find_plan(project)
    form = make_form(ChangePlanForm, obj=written)
    if written is None and request.method in SAFE_METHODS:
        form.version.data = 0
    form_page = FormPage(
        title=_("Le plan de changement"),
        lead=_("Ce que le prototype change pour celles et ceux qui travailleront avec lui."),
        trail=trail_of(project, queries.get_definition(project.programme_id, 10)),
        step=_("Plan de changement"),
        advice=(_("Enregistrez ce que vous savez déjà : le jalon dit ce qui reste vide."),),
    )

    def act(values: dict[str, Any]) -> object:
        return fact_commands.write_change_plan(actor, project, form.texts(), values["version"])

    return answer_form(form_page, form, act, _("Plan enregistré."), stored=written)


@bp.route("/panels/new", methods=["GET", "POST"])
def hold(slug: str) -> Response:
    project = _get_project_to_record(slug)
    form = make_form(NewPanelForm)
    form.set_versions(_versions(project))

    def act(_values: dict[str, Any]) -> object:
        return fact_commands.record_panel(actor, project, form.facts())

    return answer_form(
        _panel_page(project, _("Noter ce qu’un jury décide")), form, act, _("Jury noté.")
    )


@bp.route("/panels/<int(max=9999):number>/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = _get_project_to_record(slug)
    panel = queries.get_panel(actor, project, number)
    form = make_form(PanelForm, **panel_form_data(panel))
    form.set_versions(_versions(project))

    def act(values: dict[str, Any]) -> None:
        fact_commands.change_panel(actor, project, panel, form.facts(), values["version"])

    title = _("Modifier le jury %(n)s", n=number)
    return answer_form(_panel_page(project, title), form, act, _("Jury enregistré."), stored=panel)


def _panel_page(project: Project, title: str) -> FormPage:
    return FormPage(
        title=title,
        lead=_("Le prototype en direct, chaque critère jugé, et une suite."),
        trail=trail_of(project, queries.get_definition(project.programme_id, 11)),
        step=_("Jury"),
        advice=(_("Arrêter est une issue honorable : dites ce qui a été appris."),),
    )


def _get_project_to_record(slug: str) -> Project:
    project = get_project(actor, slug)
    fact_commands.require_can_record_panel(actor, project)
    _require_not_over_to_read(project)
    return project


def _require_not_over_to_read(project: Project) -> None:
    """A form that is sent comes back with the command's own refusal."""
    if request.method in SAFE_METHODS:
        require_not_over(project)


def _versions(project: Project) -> Sequence[tuple[UUID, str]]:
    versions = queries.list_versions(project)
    return [(id_, _("Version %(n)s", n=number)) for id_, number in versions]
