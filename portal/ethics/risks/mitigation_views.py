"""The page of a mitigation and its forms."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response

from portal.ethics.risks import labels, policy, queries
from portal.ethics.risks import mitigation_commands as commands
from portal.ethics.risks.forms import (
    DropMitigationForm,
    EditMitigationForm,
    MitigationProofForm,
    NewMitigationForm,
    PersonChoices,
    add_owner_to_choices,
)
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.views import build_risk_trail, open_risk_to_write
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button, write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project, map_team_names_by_person
from portal.project.projects.workspace_views import Trail, attachments_context, get_writable_project

bp = Blueprint("mitigations", __name__, url_prefix="/projects/<slug>")
MITIGATION_PATH = "/mitigations/<int(max=9999):number>"


def _open_mitigation_to_write(slug: str, number: int) -> tuple[Project, Mitigation, Risk]:
    project = get_writable_project(slug)
    return project, *queries.get_mitigation_and_risk(actor, project, number)


def _list_person_choices(project: Project) -> PersonChoices:
    """The possible owners of a mitigation: the team."""
    return list(map_team_names_by_person(project).items())


def _build_mitigation_trail(project: Project, risk: Risk, mitigation: Mitigation) -> Trail:
    label = _("Mesure %(n)s", n=mitigation.number)
    return [*build_risk_trail(project, risk), (label, row_path(project, mitigation))]


@bp.get(MITIGATION_PATH)
def page(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a mitigation; `form` is a refused form of one of its buttons."""
    project = get_project(actor, slug)
    mitigation, risk = queries.get_mitigation_and_risk(actor, project, number)
    return render(
        "ethics/risks/mitigation.html",
        fragment="mitigation",
        status=status,
        project=project,
        risk=risk,
        mitigation=mitigation,
        details=queries.get_mitigation_with_names(mitigation),
        form=form,
        can_follow=policy.can_change_mitigation(actor, project, risk, mitigation),
        can_complete=policy.can_complete_mitigation(actor, project, risk, mitigation),
        can_begin=policy.can_begin_mitigation(actor, project, risk, mitigation),
        can_resume=policy.can_resume_mitigation(actor, project, risk, mitigation),
        labels=labels,
        **attachments_context(project, mitigation),
    )


@bp.route("/risks/<int(max=9999):number>/mitigations/new", methods=["GET", "POST"])
def add(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    form = make_form(NewMitigationForm, _list_person_choices(project), owner="")
    return write_page(
        FormPage(
            title=_("Décider une mesure"),
            lead=_("Contre le risque %(n)s : « %(what)s »", n=number, what=risk.what),
            trail=build_risk_trail(project, risk),
            step=_("Décider une mesure"),
            yes=_("Décider"),
            beside=(("owner", "due_on"),),
            advice=(
                _("Avec un responsable et une échéance, elle compte dans la revue éthique."),
                _("Une mesure n’est en place qu’avec sa preuve : un lien, ou un fichier joint."),
            ),
        ),
        form,
        lambda _values: commands.add_mitigation(actor, project, risk, form.facts()),
        message=lambda mitigation: _("« %(what)s » : mesure décidée.", what=mitigation.what),
    )


@bp.route(f"{MITIGATION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, mitigation, risk = _open_mitigation_to_write(slug, number)
    owner = queries.get_mitigation_with_names(mitigation).owner
    people = add_owner_to_choices(_list_person_choices(project), mitigation.owner_id, owner)
    form = make_form(EditMitigationForm, people, obj=mitigation)
    return write_page(
        FormPage(
            title=_("Modifier la mesure %(n)s", n=number),
            lead=_("Elle est en place : ses mots restent, dites qui s’en charge et pour quand.")
            if policy.can_complete_mitigation(actor, project, risk, mitigation)
            else "",
            trail=_build_mitigation_trail(project, risk, mitigation),
            step=_("Modifier"),
            beside=(("owner", "due_on"),),
        ),
        form,
        lambda values: commands.change_mitigation(
            actor, project, (mitigation, risk), form.facts(), values["version"]
        ),
        message=_("Mesure contre le risque enregistrée."),
        stored=mitigation,
    )


@bp.route(f"{MITIGATION_PATH}/proof", methods=["GET", "POST"])
def prove(slug: str, number: int) -> Response:
    project, mitigation, risk = _open_mitigation_to_write(slug, number)
    form = make_form(MitigationProofForm, obj=mitigation)
    return write_page(
        FormPage(
            title=_("Mettre en place la mesure %(n)s", n=number),
            lead=mitigation.what,
            trail=_build_mitigation_trail(project, risk, mitigation),
            step=_("Mettre en place"),
            yes=_("La dire en place"),
            advice=(_("Notez ensuite, sur la page du risque, ce qu’il en reste."),),
        ),
        form,
        lambda values: commands.prove_mitigation(
            actor, project, (mitigation, risk), form.proof(), values["version"]
        ),
        message=_("« %(what)s » est en place. Notez ce qui reste du risque.", what=mitigation.what),
        to=row_path(project, risk),
        stored=mitigation,
    )


@bp.route(f"{MITIGATION_PATH}/drop", methods=["GET", "POST"])
def drop(slug: str, number: int) -> Response:
    project, mitigation, risk = _open_mitigation_to_write(slug, number)
    return write_page(
        FormPage(
            title=_("Abandonner la mesure %(n)s", n=number),
            lead=mitigation.what,
            trail=_build_mitigation_trail(project, risk, mitigation),
            step=_("Abandonner"),
            yes=_("Abandonner la mesure"),
        ),
        make_form(DropMitigationForm, obj=mitigation),
        lambda values: commands.drop_mitigation(
            actor, project, (mitigation, risk), values["note"], values["version"]
        ),
        message=_("Mesure abandonnée."),
        stored=mitigation,
    )


@bp.post(f"{MITIGATION_PATH}/begin")
def begin(slug: str, number: int) -> Response:
    return _respond_to_progress_button(slug, number, commands.begin_mitigation)


@bp.post(f"{MITIGATION_PATH}/resume")
def resume(slug: str, number: int) -> Response:
    return _respond_to_progress_button(slug, number, commands.resume_mitigation)


def _respond_to_progress_button(slug: str, number: int, command: Callable[..., None]) -> Response:
    project, mitigation, risk = _open_mitigation_to_write(slug, number)
    return write_button(
        lambda: command(actor, project, (mitigation, risk)),
        message=_("Mesure %(n)s en cours.", n=number),
        to=row_path(project, mitigation),
        page=partial(page, slug, number),
    )
