"""What is done about a risk: its page, and what one does with it."""

from typing import Any

from flask import Blueprint, Response, flash

from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.risks import mitigation_commands as commands
from portal.risks import queries
from portal.risks.forms import (
    ActForm,
    DropForm,
    MitigationForm,
    NewMitigationForm,
    ProofForm,
    with_owner,
)
from portal.risks.models import Mitigation, Risk
from portal.risks.workplace import (
    open_mitigation_to_write,
    open_risk_to_write,
    path_of,
    path_of_mitigation,
    people_of,
    show_mitigation,
    trail_of,
)
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import see_path

bp = Blueprint("mitigations", __name__, url_prefix="/projects/<slug>")
ONE = "/mitigations/<int(max=9999):number>"


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return show_mitigation(slug, number)


@bp.route("/risks/<int(max=9999):number>/mitigations/new", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    project, risk = open_risk_to_write(slug, number)
    form = fresh(NewMitigationForm, people_of(project), owner="")
    asked = FormPage(
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
        return commands.decide(actor, project, risk, form.facts())

    def done(made: Mitigation) -> tuple[str, str]:
        return _("Mesure %(n)s décidée.", n=made.number), path_of(project, number)

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    owner = queries.read_done(mitigation).owner
    people = with_owner(people_of(project), mitigation.owner_id, owner)
    form = fresh(MitigationForm, people, obj=mitigation)
    asked = _about(
        (project, mitigation, risk),
        title=_("Modifier la mesure %(n)s", n=number),
        step=_("Modifier"),
        beside=(("owner", "due_on"),),
    )

    def act(values: dict[str, Any]) -> None:
        of, seen = (mitigation, risk), values["version"]
        commands.change_mitigation(actor, project, of, form.facts(), seen)

    return ask(asked, form, act, _("Mesure enregistrée."), stored=mitigation)


@bp.route(f"{ONE}/proof", methods=["GET", "POST"])
def prove(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    form = fresh(ProofForm, obj=mitigation)
    asked = _about(
        (project, mitigation, risk),
        title=_("Mettre en place la mesure %(n)s", n=number),
        lead=mitigation.what,
        step=_("Mettre en place"),
        yes=_("La dire en place"),
        advice=(_("Notez ensuite, sur la page du risque, ce qu’il en reste."),),
    )

    def act(values: dict[str, Any]) -> None:
        of, seen = (mitigation, risk), values["version"]
        commands.prove(actor, project, of, form.proof(), seen)

    def done(_made: None) -> tuple[str, str]:
        said = _("Mesure %(n)s en place. Notez ce qui reste du risque.", n=number)
        return said, path_of(project, risk.number)

    return ask(asked, form, act, done, stored=mitigation)


@bp.route(f"{ONE}/drop", methods=["GET", "POST"])
def drop(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    form = fresh(DropForm, obj=mitigation)
    asked = _about(
        (project, mitigation, risk),
        title=_("Abandonner la mesure %(n)s", n=number),
        lead=mitigation.what,
        step=_("Abandonner"),
        yes=_("Abandonner la mesure"),
    )

    def act(values: dict[str, Any]) -> None:
        of, seen = (mitigation, risk), values["version"]
        commands.drop(actor, project, of, values["note"], seen)

    return ask(asked, form, act, _("Mesure abandonnée."), stored=mitigation)


@bp.post(f"{ONE}/begin")
def begin(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return _act(
        project, number, lambda: commands.begin_mitigation(actor, project, (mitigation, risk))
    )


@bp.post(f"{ONE}/resume")
def resume(slug: str, number: int) -> Response:
    project, mitigation, risk = open_mitigation_to_write(slug, number)
    return _act(project, number, lambda: commands.resume(actor, project, (mitigation, risk)))


def _act(project: Project, number: int, deed: Any) -> Response:
    """One click; back to the mitigation."""
    form = ActForm()

    def done(_made: None) -> Response:
        flash(_("Mesure %(n)s en cours.", n=number))
        return see_path(path_of_mitigation(project, number))

    def again(status: int) -> Response:
        return show_mitigation(project.slug, number, status, form)

    return submit(form, lambda _values: deed(), done, again)


def _about(of: tuple[Project, Mitigation, Risk], **page: Any) -> FormPage:
    project, mitigation, risk = of
    return FormPage(trail=trail_of(project, risk.number, mitigation.number), **page)
