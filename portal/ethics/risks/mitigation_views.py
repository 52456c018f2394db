"""What is done about a risk: its page, and what one does with it."""

from typing import Any

from flask import Blueprint, Response, flash

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
from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.page_views import (
    list_person_choices,
    open_mitigation_to_write,
    open_risk_to_write,
    path_of,
    path_of_mitigation,
    show_mitigation,
    trail_of,
)
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path
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
    form_page = FormPage(
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
    )

    def act(_values: dict[str, Any]) -> Mitigation:
        return commands.decide_mitigation(actor, project, risk, form.facts())

    def on_success(mitigation: Mitigation) -> tuple[str, str]:
        return _("Mesure %(n)s décidée.", n=mitigation.number), path_of(project, number)

    return answer_form(form_page, form, act, on_success)


@bp.route(f"{MITIGATION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    owner = queries.get_mitigation_details(mitigation).owner
    people = with_owner(list_person_choices(project), mitigation.owner_id, owner)
    form = make_form(MitigationForm, people, obj=mitigation)
    form_page = _make_form_page(
        (project, mitigation, risk),
        title=_("Modifier la mesure %(n)s", n=number),
        step=_("Modifier"),
        beside=(("owner", "due_on"),),
    )

    def act(values: dict[str, Any]) -> None:
        of, expected_version = (mitigation, risk), values["version"]
        commands.change_mitigation(actor, project, of, form.facts(), expected_version)

    return answer_form(form_page, form, act, _("Mesure enregistrée."), stored=mitigation)


@bp.route(f"{MITIGATION_PATH}/proof", methods=["GET", "POST"])
def prove(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    form = make_form(MitigationProofForm, obj=mitigation)
    form_page = _make_form_page(
        (project, mitigation, risk),
        title=_("Mettre en place la mesure %(n)s", n=number),
        lead=mitigation.what,
        step=_("Mettre en place"),
        yes=_("La dire en place"),
        advice=(_("Notez ensuite, sur la page du risque, ce qu’il en reste."),),
    )

    def act(values: dict[str, Any]) -> None:
        of, expected_version = (mitigation, risk), values["version"]
        commands.prove_mitigation(actor, project, of, form.proof(), expected_version)

    def on_success(_result: None) -> tuple[str, str]:
        sentence = _("Mesure %(n)s en place. Notez ce qui reste du risque.", n=number)
        return sentence, path_of(project, risk.number)

    return answer_form(form_page, form, act, on_success, stored=mitigation)


@bp.route(f"{MITIGATION_PATH}/drop", methods=["GET", "POST"])
def drop(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    form = make_form(DropMitigationForm, obj=mitigation)
    form_page = _make_form_page(
        (project, mitigation, risk),
        title=_("Abandonner la mesure %(n)s", n=number),
        lead=mitigation.what,
        step=_("Abandonner"),
        yes=_("Abandonner la mesure"),
    )

    def act(values: dict[str, Any]) -> None:
        of, expected_version = (mitigation, risk), values["version"]
        commands.drop_mitigation(actor, project, of, values["note"], expected_version)

    return answer_form(form_page, form, act, _("Mesure abandonnée."), stored=mitigation)


@bp.post(f"{MITIGATION_PATH}/begin")
def begin(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return _submit_command(
        project, number, lambda: commands.begin_mitigation(actor, project, (mitigation, risk))
    )


@bp.post(f"{MITIGATION_PATH}/resume")
def resume(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return _submit_command(
        project, number, lambda: commands.resume_mitigation(actor, project, (mitigation, risk))
    )


def _submit_command(project: Project, number: int, command: Any) -> Response:
    """One click; back to the mitigation."""
    form = RiskActionForm()

    def on_success(_result: None) -> Response:
        flash(_("Mesure %(n)s en cours.", n=number))
        return redirect_to_path(path_of_mitigation(project, number))

    def again(status: int) -> Response:
        return show_mitigation(project.slug, number, status, form)

    return submit(form, lambda _values: command(), on_success, again)


def _make_form_page(owners: tuple[Project, Mitigation, Risk], **page: Any) -> FormPage:
    project, mitigation, risk = owners
    return FormPage(trail=trail_of(project, risk.number, mitigation.number), **page)
