"""The page of a mitigation and its forms."""

from collections.abc import Callable

from flask import Blueprint, Response

from portal.ethics.risks import mitigation_commands as commands
from portal.ethics.risks import queries
from portal.ethics.risks.forms import (
    DropMitigationForm,
    MitigationForm,
    MitigationProofForm,
    NewMitigationForm,
    RiskActionForm,
    with_owner,
)
from portal.ethics.risks.page_views import (
    list_person_choices,
    open_mitigation_to_write,
    open_risk_to_write,
    show_mitigation,
    trail_of,
)
from portal.ethics.risks.path_rules import path_of, path_of_mitigation
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write, write_page
from portal.project.projects.models import Project

bp = Blueprint("mitigations", __name__, url_prefix="/projects/<slug>")
MITIGATION_PATH = "/mitigations/<int(max=9999):number>"


@bp.get(MITIGATION_PATH)
def page(slug: str, number: int) -> Response:
    return show_mitigation(slug, number)


@bp.route("/risks/<int(max=9999):number>/mitigations/new", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    form = make_form(NewMitigationForm, list_person_choices(project), owner="")
    return write_page(
        FormPage(
            title=_("Décider une mesure"),
            lead=_("Contre le risque %(n)s : « %(what)s »", n=number, what=risk.what),
            trail=trail_of(project, number),
            step=_("Décider une mesure"),
            yes=_("Décider"),
            beside=(("owner", "due_on"),),
            advice=(
                _("Avec un responsable et une échéance, elle compte dans la revue éthique."),
                _("Une mesure n’est en place qu’avec sa preuve : un lien, ou un fichier joint."),
            ),
        ),
        form,
        lambda _values: commands.decide_mitigation(actor, project, risk, form.facts()),
        message=lambda mitigation: _("Mesure %(n)s décidée.", n=mitigation.number),
    )


@bp.route(f"{MITIGATION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    owner = queries.get_mitigation_details(mitigation).owner
    people = with_owner(list_person_choices(project), mitigation.owner_id, owner)
    form = make_form(MitigationForm, people, obj=mitigation)
    return write_page(
        FormPage(
            title=_("Modifier la mesure %(n)s", n=number),
            trail=trail_of(project, risk.number, number),
            step=_("Modifier"),
            beside=(("owner", "due_on"),),
        ),
        form,
        lambda values: commands.change_mitigation(
            actor, project, (mitigation, risk), form.facts(), values["version"]
        ),
        message=_("Mesure enregistrée."),
        stored=mitigation,
    )


@bp.route(f"{MITIGATION_PATH}/proof", methods=["GET", "POST"])
def prove(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    form = make_form(MitigationProofForm, obj=mitigation)
    return write_page(
        FormPage(
            title=_("Mettre en place la mesure %(n)s", n=number),
            lead=mitigation.what,
            trail=trail_of(project, risk.number, number),
            step=_("Mettre en place"),
            yes=_("La dire en place"),
            advice=(_("Notez ensuite, sur la page du risque, ce qu’il en reste."),),
        ),
        form,
        lambda values: commands.prove_mitigation(
            actor, project, (mitigation, risk), form.proof(), values["version"]
        ),
        message=_("Mesure %(n)s en place. Notez ce qui reste du risque.", n=number),
        to=path_of(project, risk.number),
        stored=mitigation,
    )


@bp.route(f"{MITIGATION_PATH}/drop", methods=["GET", "POST"])
def drop(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return write_page(
        FormPage(
            title=_("Abandonner la mesure %(n)s", n=number),
            lead=mitigation.what,
            trail=trail_of(project, risk.number, number),
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
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return _write_action(
        project, number, lambda: commands.begin_mitigation(actor, project, (mitigation, risk))
    )


@bp.post(f"{MITIGATION_PATH}/resume")
def resume(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return _write_action(
        project, number, lambda: commands.resume_mitigation(actor, project, (mitigation, risk))
    )


def _write_action(project: Project, number: int, command: Callable[[], None]) -> Response:
    form = RiskActionForm()
    return write(
        form,
        lambda _values: command(),
        message=_("Mesure %(n)s en cours.", n=number),
        to=path_of_mitigation(project, number),
        page=lambda status: show_mitigation(project.slug, number, status, form),
    )
