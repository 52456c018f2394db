"""Demonstrations: the list, one with its discussion, its history, and the forms."""

from flask import Blueprint, Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import (
    attachments_context,
    load_project_and_row,
    load_project_and_row_for_team_form,
    load_project_and_row_to_write,
    render_row_list,
)
from portal.sprints.ceremonies import commands, labels, policy, queries
from portal.sprints.ceremonies.forms import EditDemonstrationForm, NewDemonstrationForm
from portal.sprints.ceremonies.models import ATTENDEES
from portal.sprints.ceremonies.sprint_trail_views import sprint_trail
from portal.sprints.prototypes.queries import list_selectable_versions
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import get_sprint

bp = Blueprint("demonstrations", __name__, url_prefix="/projects/<slug>")
DEMONSTRATION_PATH = "/demonstrations/<int(max=9999):number>"


@bp.get("/demonstrations")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render_row_list(
        "sprints/ceremonies/demonstrations.html",
        project,
        listing=queries.read_demonstrations_page(actor, project, requested_page_number()),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.get(DEMONSTRATION_PATH)
def page(slug: str, number: int) -> Response:
    project, detail = load_project_and_row(slug, number, queries.get_demonstration)
    return render(
        "sprints/ceremonies/demonstration.html",
        fragment="discussion",
        project=project,
        detail=detail,
        can_write=policy.can_write(actor, project),
        can_delete=policy.can_delete_demonstration(actor, project, detail.demonstration),
        labels=labels,
        **attachments_context(project, detail.demonstration),
        **discussion_context(detail.demonstration.discussion_id),
    )


@bp.get(f"{DEMONSTRATION_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, detail = load_project_and_row(slug, number, queries.get_demonstration)
    return render(
        "sprints/ceremonies/history.html",
        title=_("Historique de la démonstration %(n)s", n=number),
        trail=[*sprint_trail(project, detail.sprint), _build_page_trail_step(project, number)],
        revisions=list_revisions([detail.demonstration.id], queries.DEMONSTRATION_ACTIONS),
        labels=labels.LABELS,
        words=labels,
    )


@bp.route("/sprints/<int(max=999):sprint>/demonstrations/new", methods=["GET", "POST"])
def add(slug: str, sprint: int) -> Response:
    project, demonstrated = load_project_and_row_to_write(
        slug, sprint, get_sprint, commands.require_begun_sprint
    )
    versions = list_selectable_versions(actor, project)
    defaults = {"prototype": versions[0].number} if versions else {}
    day = min(clock.today(), commands.find_ceremony_deadline(demonstrated))
    form = make_form(NewDemonstrationForm, versions, held_on=day, **defaults)
    title = _("Noter une démonstration du sprint %(n)s", n=sprint)
    return write_page(
        _build_demonstration_form_page(project, demonstrated, title),
        form,
        lambda _values: commands.note_demonstration(actor, project, demonstrated, form.facts()),
        message=_("Démonstration notée."),
        to=lambda demonstration: _build_page_trail_step(project, demonstration.number)[1],
    )


@bp.route(f"{DEMONSTRATION_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, detail = load_project_and_row_to_write(slug, number, queries.get_demonstration)
    row = detail.demonstration
    form = make_form(EditDemonstrationForm, list_selectable_versions(actor, project), obj=row)
    title = _("Modifier la démonstration %(n)s", n=number)
    return write_page(
        _build_demonstration_form_page(project, detail.sprint, title, number),
        form,
        lambda values: commands.change_demonstration(actor, project, detail, form.facts(), values["version"]),
        message=_("Démonstration enregistrée."),
        stored=row,
    )


@bp.get(f"{DEMONSTRATION_PATH}/delete", endpoint="delete_page")
@bp.post(f"{DEMONSTRATION_PATH}/delete")
def delete(slug: str, number: int) -> Response:
    project, detail = load_project_and_row_for_team_form(
        slug, number, queries.get_demonstration, commands.require_may_delete_demonstration
    )
    form = make_form(CreateForm)
    return write(
        form,
        lambda _values: commands.delete_demonstration(actor, project, detail),
        message=_("Démonstration supprimée ; l’activité du projet en garde la trace."),
        to=url_for("sprints.page", slug=slug, number=detail.sprint.number),
        page=lambda status: _ask_deletion_confirmation(project, detail, form, status),
    )


def _ask_deletion_confirmation(
    project: Project, detail: queries.DemonstrationWithSprint, form: CreateForm, status: int = 200
) -> Response:
    number = detail.demonstration.number
    title, back = _build_page_trail_step(project, number)
    question = ConfirmationQuestion(
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
    return ask_confirmation(question, form, status)


def _build_page_trail_step(project: Project, number: int) -> tuple[str, str]:
    return _("Démonstration %(n)s", n=number), url_for(".page", slug=project.slug, number=number)


def _build_demonstration_form_page(project: Project, sprint: Sprint, title: str, number: int = 0) -> FormPage:
    steps = sprint_trail(project, sprint)
    return FormPage(
        title=title,
        trail=[*steps, _build_page_trail_step(project, number)] if number else steps,
        step=_("Modifier") if number else _("Démonstration"),
        beside=(("held_on", "prototype"), ATTENDEES[:2], ATTENDEES[2:5], ATTENDEES[5:]),
        advice=(
            _("Montrez ce qui marche vraiment, même peu, à ceux qui s’en serviront."),
            _("Comptez les personnes par leur rôle : aucun nom n’est gardé."),
            _("Une version vue hors de l’équipe compte pour le jalon du premier prototype."),
        ),
    )
