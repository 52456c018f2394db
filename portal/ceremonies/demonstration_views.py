"""Demonstrations: the list, one with its discussion, its history, and the forms."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from portal.ceremonies import commands, policy, queries, words
from portal.ceremonies.forms import DeleteForm, DemonstrationForm, NewDemonstrationForm
from portal.ceremonies.models import ATTENDEES, Demonstration
from portal.ceremonies.workplace import open_to_hold, trail_to
from portal.discussions.views import beside
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.revisions import list_revisions
from portal.projects.workplace import files_of, open_to_write, show_list
from portal.prototypes.queries import list_version_choices
from portal.sprints.models import Sprint
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question
from portal.web.confirm import ask as confirm
from portal.web.formpage import FormPage, ask, asked_page, fresh
from portal.web.forms import submit
from portal.web.render import render, see

bp = Blueprint("demonstrations", __name__, url_prefix="/projects/<slug>")
ONE = "/demonstrations/<int(max=9999):number>"
TOLD = ("demonstration.noted", "demonstration.changed")


@bp.get("/demonstrations")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return show_list(
        "ceremonies/demonstrations.html",
        project,
        found=queries.read_demonstrations(actor, project, asked_page()),
        can_write=policy.can_write(actor, project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    shown = queries.read_demonstration(actor, project, number)
    return render(
        "ceremonies/demonstration.html",
        fragment="discussion",
        project=project,
        shown=shown,
        can_write=policy.can_write(actor, project),
        can_delete=policy.can_delete(actor, project, shown.demonstration),
        words=words,
        **files_of(project, shown.demonstration),
        **beside(shown.demonstration.discussion_id),
    )


@bp.get(f"{ONE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    shown = queries.read_demonstration(actor, project, number)
    return render(
        "ceremonies/history.html",
        title=_("Historique de la démonstration %(n)s", n=number),
        trail=[*trail_to(project, shown.sprint), _here(project, number)],
        revisions=list_revisions([shown.demonstration.id], TOLD),
        labels=words.LABELS,
        words=words,
    )


@bp.route("/sprints/<int(max=999):sprint>/demonstrations/new", methods=["GET", "POST"])
def note(slug: str, sprint: int) -> Response:
    project, of = open_to_hold(slug, sprint)
    versions = list_version_choices(actor, project)
    usual = {"prototype": versions[0].number} if versions else {}
    day = min(clock.today(), commands.last_day(of))
    form = fresh(NewDemonstrationForm, versions, held_on=day, **usual)
    asked = _form_page(project, of, _("Noter une démonstration du sprint %(n)s", n=sprint))

    def act(_values: dict[str, Any]) -> Demonstration:
        return commands.note_demonstration(actor, project, of, form.facts())

    def done(made: Demonstration) -> tuple[str, str]:
        return _("Démonstration notée."), _here(project, made.number)[1]

    return ask(asked, form, act, done)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    shown = queries.read_demonstration(actor, project, number)
    row = shown.demonstration
    form = fresh(DemonstrationForm, list_version_choices(actor, project), obj=row)
    title = _("Modifier la démonstration %(n)s", n=number)
    asked = _form_page(project, shown.sprint, title, number)

    def act(values: dict[str, Any]) -> None:
        commands.change_demonstration(actor, project, shown, form.facts(), values["version"])

    return ask(asked, form, act, _("Démonstration enregistrée."), stored=row)


@bp.get(f"{ONE}/delete")
def delete_page(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    shown = queries.read_demonstration(actor, project, number)
    commands.require_to_delete(actor, project, shown)
    return _ask_to_delete(project, shown, DeleteForm(formdata=None))


@bp.post(f"{ONE}/delete")
def delete(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    shown = queries.read_demonstration(actor, project, number)
    form = DeleteForm()
    sprint = shown.sprint.number

    def act(_values: dict[str, Any]) -> None:
        commands.delete_demonstration(actor, project, shown)

    def done(_made: None) -> Response:
        flash(_("Démonstration supprimée ; l’activité du projet en garde la trace."))
        return see("sprints.page", slug=slug, number=sprint)

    return submit(form, act, done, lambda status: _ask_to_delete(project, shown, form, status))


def _ask_to_delete(
    project: Project, shown: queries.Shown, form: DeleteForm, status: int = 200
) -> Response:
    number = shown.demonstration.number
    title, back = _here(project, number)
    question = Question(
        title=_("Supprimer la démonstration %(n)s ?", n=number),
        lead=_("Elle a été notée aujourd’hui."),
        means=(
            _("Sa page disparaît ; elle ne compte plus pour aucun jalon."),
            _("L’historique du portail garde qui l’a supprimée, quand, et ce qu’elle disait."),
            _("À partir de demain, elle ne se supprime plus : elle se corrige."),
        ),
        yes=_("Supprimer la démonstration"),
        no=_("La garder"),
        step=_("Supprimer"),
        place=title,
        back=back,
    )
    return confirm(question, form, status)


def _here(project: Project, number: int) -> tuple[str, str]:
    return _("Démonstration %(n)s", n=number), url_for(".page", slug=project.slug, number=number)


def _form_page(project: Project, sprint: Sprint, title: str, number: int = 0) -> FormPage:
    steps = trail_to(project, sprint)
    return FormPage(
        title=title,
        trail=[*steps, _here(project, number)] if number else steps,
        step=_("Modifier") if number else _("Démonstration"),
        beside=(("held_on", "prototype"), ATTENDEES[:2], ATTENDEES[2:5], ATTENDEES[5:]),
        advice=(
            _("Montrez ce qui marche vraiment, même peu, à ceux qui s’en serviront."),
            _("Comptez les personnes par leur rôle : aucun nom n’est gardé."),
            _("Une version vue hors de l’équipe compte pour le jalon du premier prototype."),
        ),
    )
