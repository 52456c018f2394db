"""Pages and forms of a project's decisions."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from portal.oversight.decisions import commands, help_commands, labels, policy, queries
from portal.oversight.decisions.forms import (
    AskDecisionForm,
    AssignDecisionForm,
    ChangeQuestionForm,
    DecisionAnswerForm,
    DecisionButtonForm,
    WithdrawQuestionForm,
)
from portal.oversight.decisions.models import AwaitedDecision
from portal.oversight.decisions.page_views import (
    build_decision_trail,
    decision_url,
    gate_choices,
    list_person_options,
    list_sprint_options,
    show_decision,
)
from portal.oversight.decisions.rules import first_line
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import Command, write, write_page
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.work_commands import require_team_member
from portal.project.projects.workspace_views import get_writable_project, render_row_list

bp = Blueprint("decisions", __name__, url_prefix="/projects/<slug>/decisions")
DECISION_RULE = f"/<int(max={NUMBER_MAX}):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render_row_list(
        "oversight/decisions/index.html",
        project,
        decisions=queries.read_project_decisions_page(actor, project, requested_page_number()),
        can_ask=policy.can_ask(actor, project),
        labels=labels,
        first_line=first_line,
    )


@bp.get(DECISION_RULE)
def page(slug: str, number: int) -> Response:
    return show_decision(slug, number)


@bp.get(f"{DECISION_RULE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    _project, row = queries.get_project_and_decision(actor, slug, number)
    is_help = row.asks_for_help
    return render(
        "oversight/decisions/history.html",
        title=_("%(what)s\u00a0: historique", what=labels.numbered_name(row)),
        trail=build_decision_trail(project, row),
        revisions=list_revisions([row.id], labels.ACTION_LABELS),
        labels=labels.HELP_LABELS if is_help else labels.LABELS,
        words={
            "ACTION_LABELS": labels.HELP_ACTION_LABELS if is_help else labels.ACTION_LABELS,
            "format_value": partial(labels.format_value, is_help=is_help),
        },
    )


@bp.route("/new", methods=["GET", "POST"])
def ask(slug: str) -> Response:
    project = get_writable_project(slug)
    form = make_form(AskDecisionForm, list_sprint_options(project), gate_choices(project))
    form_page = FormPage(
        title=_("Demander une décision"),
        trail=build_decision_trail(project),
        step=_("Demander une décision"),
        yes=_("Demander"),
        beside=(("due_on", "addressee"), ("gate", "sprint_id")),
        advice=(
            _("La direction du programme la voit aussitôt parmi ce qui est à décider."),
            _("Elle reste attendue jusqu’à sa réponse : clore un sprint ne la supprime pas."),
            _("La date passée, un rappel part à qui doit répondre."),
        ),
    )
    return write_page(
        form_page,
        form,
        lambda _values: commands.ask_decision(actor, project, form.facts()),
        message=_("Demande envoyée."),
        to=lambda row: decision_url(project, row.number),
    )


def _open_decision_for_team(slug: str, number: int) -> tuple[Project, AwaitedDecision]:
    """A decision of the actor's team. A GET also raises `TooLate` once it no longer waits; a POST
    does not: the command does, and the form then shows what was typed."""
    project, row = queries.get_project_and_decision(actor, get_writable_project(slug).slug, number)
    if request.method in SAFE_METHODS:
        commands.require_changeable(project, row)
    return project, row


def _open_decision_to_answer(slug: str, number: int) -> tuple[Project, AwaitedDecision]:
    """A decision that the actor answers; a GET as in `_open_decision_for_team`."""
    project, row = queries.get_project_and_decision(actor, slug, number)
    commands.require_answerer(actor, project, row)
    if request.method in SAFE_METHODS:
        commands.require_answerable(actor, project, row)
    return project, row


@bp.route(f"{DECISION_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, row = _open_decision_for_team(slug, number)
    form = make_form(
        ChangeQuestionForm, list_sprint_options(project), gate_choices(project, row), row, obj=row
    )
    return _respond_with_decision_form(
        project,
        row,
        form,
        lambda values: commands.change_question(actor, project, row, form.facts(), values["version"]),
        message=_("Demande enregistrée."),
        title=_("Modifier la demande %(n)s", n=number),
        step=_("Modifier"),
        beside=(("due_on", "addressee"), ("gate", "sprint_id")),
    )


@bp.route(f"{DECISION_RULE}/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, number: int) -> Response:
    project, row = _open_decision_for_team(slug, number)
    return _respond_with_decision_form(
        project,
        row,
        make_form(WithdrawQuestionForm, obj=row),
        lambda values: commands.withdraw_question(
            actor, project, row, values["withdraw_reason"], values["version"]
        ),
        message=_("Demande retirée."),
        title=_("Retirer la demande %(n)s", n=number),
        lead=first_line(row.question),
        step=_("Retirer"),
        yes=_("Retirer la demande"),
        advice=(_("Personne n’aura plus à y répondre. La demande et sa discussion restent."),),
    )


@bp.route(f"{DECISION_RULE}/answer", methods=["GET", "POST"])
def answer(slug: str, number: int) -> Response:
    project, row = _open_decision_to_answer(slug, number)
    form = make_form(DecisionAnswerForm, row, obj=row)
    return _respond_with_decision_form(
        project,
        row,
        form,
        lambda values: commands.answer_decision(actor, project, row, form.read_answer(), values["version"]),
        message=_("Réponse envoyée à l’équipe."),
        title=_("%(what)s\u00a0: répondre", what=labels.numbered_name(row)),
        lead=row.question,
        step=_("Répondre"),
        yes=_("Répondre à l’équipe"),
        advice=(
            _("L’équipe est prévenue, et dit quand elle a lu la réponse."),
            _("La réponse entre au relevé de décisions du prochain comité."),
        ),
    )


@bp.route(f"{DECISION_RULE}/assign", methods=["GET", "POST"])
def assign(slug: str, number: int) -> Response:
    project, row = _open_decision_to_answer(slug, number)
    people = list_person_options(project, row)
    form = make_form(AssignDecisionForm, people, version=row.version, person=str(row.owner_id or ""))
    version = form.read_then_refresh_version(row)
    return _respond_with_decision_form(
        project,
        row,
        form,
        lambda values: commands.assign_decision(actor, project, row, UUID(values["person"]), version),
        message=_("Confiée\u00a0: la personne est prévenue."),
        title=_("%(what)s\u00a0: confier à quelqu’un", what=labels.numbered_name(row)),
        lead=first_line(row.question),
        step=_("Confier"),
        yes=_("Confier"),
    )


def _respond_with_decision_form(
    project: Project,
    row: AwaitedDecision,
    form: Form,
    command: Command[None],
    *,
    message: str,
    **page: Any,
) -> Response:
    """Show or answer a form about a decision; `page` are values of its `FormPage`."""
    form_page = FormPage(trail=build_decision_trail(project, row), **page)
    return write_page(form_page, form, command, message=message, stored=row)


@bp.post(f"{DECISION_RULE}/take")
def take(slug: str, number: int) -> Response:
    project, row = _open_decision_to_answer(slug, number)

    def take_decision(values: dict[str, Any]) -> None:
        commands.assign_decision(actor, project, row, actor.person_id, values["version"])

    return _respond_to_decision_button(project, row, take_decision, _("Vous vous en chargez."))


@bp.post(f"{DECISION_RULE}/give-back")
def give_back(slug: str, number: int) -> Response:
    project, row = _open_decision_to_answer(slug, number)

    def give_back_decision(values: dict[str, Any]) -> None:
        help_commands.give_back_decision(actor, project, row, values["version"])

    message = _("Elle attend de nouveau.")
    return _respond_to_decision_button(project, row, give_back_decision, message)


@bp.post(f"{DECISION_RULE}/seen")
def acknowledge(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    require_team_member(actor, project)
    _project, row = queries.get_project_and_decision(actor, slug, number)

    def acknowledge_answer(values: dict[str, Any]) -> None:
        commands.acknowledge_answer(actor, project, row, values["version"])

    return _respond_to_decision_button(project, row, acknowledge_answer, _("C’est noté : réponse lue."))


def _respond_to_decision_button(
    project: Project, row: AwaitedDecision, command: Any, message: str
) -> Response:
    """Answer a button of the decision's page, and lead back to it."""
    form, slug, number = DecisionButtonForm(), project.slug, row.number
    return write(
        form,
        command,
        message=message,
        to=decision_url(project, number),
        page=lambda status: show_decision(slug, number, status, form),
        stored=row,
    )
