"""Pages of the directory, and what an administrator may change about a person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.communication.directory import commands, labels, policy, queries
from portal.communication.directory.filter_schemas import read_filters
from portal.communication.directory.history_queries import read_history
from portal.communication.directory.queries import DirectoryEntry, DirectoryFilters
from portal.people.accounts.models import Person
from portal.people.programmes import queries as programmes
from portal.people.programmes import role_commands as roles
from portal.people.programmes.forms import ProgrammeActionForm
from portal.people.programmes.models import RoleAssignment, Scope
from portal.people.programmes.policy import ROLE_LABELS
from portal.people.programmes.views import confirm_end_role
from portal.platform.kernel.access import require
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.rendering import render
from portal.platform.web.writes import write

bp = Blueprint("directory", __name__, url_prefix="/people")

ROLES_IN_SHORT = 3  # roles of a person that the list shows


@bp.get("")
def index() -> Response:
    visible_programmes = programmes.list_programmes(actor)
    slugs = {programme.slug for programme in visible_programmes}
    filters, ignored = read_filters(request.args, programmes=slugs)
    return render(
        "communication/directory/index.html",
        fragment="people",
        page=queries.list_people(actor, filters),
        filters=filters,
        ignored=[str(labels.FILTERS[name]) for name in ignored],
        choices={
            "states": list(labels.STATES.items()),
            "roles": list(ROLE_LABELS.items()),
            "programmes": [(programme.slug, programme.name) for programme in visible_programmes],
            "sorts": list(labels.SORTS.items()),
        },
        in_short=ROLES_IN_SHORT,
        url_of=lambda number: _url_of_page(filters, number),
        labels=labels,
    )


def _url_of_page(filters: DirectoryFilters, number: int) -> str:
    return url_for(".index", **filters.as_query_arguments(number))


@bp.get("/<uuid:person_id>")
def page(person_id: UUID) -> Response:
    entry = queries.get_entry(actor, person_id)
    return render(
        "communication/directory/person.html",
        entry=entry,
        sessions=queries.count_open_sessions(entry.person),
        history=read_history(entry.person),
        is_self=entry.person.id == actor.person_id,
        is_administrator=_is_administrator(entry),
        can_close=policy.can_close(actor, entry.person),
        role_labels=ROLE_LABELS,
        labels=labels,
    )


def _is_administrator(entry: DirectoryEntry) -> bool:
    return any(policy.is_administrator(role.assignment.role) for role in entry.roles)


def _confirmation_page(
    person: Person, form: ProgrammeActionForm, status: int, **question: Any
) -> Response:
    back = url_for(".page", person_id=person.id)
    return ask_confirmation(
        ConfirmationQuestion(place=person.name, back=back, **question), form, status
    )


def _write_confirmed(
    person: Person,
    command: Callable[..., object],
    message: str,
    question_page: Callable[[Person, ProgrammeActionForm, int], Response],
) -> Response:
    """Answer a confirmed question; leads back to the person's page."""
    form = ProgrammeActionForm()
    return write(
        form,
        lambda _values: command(actor, person),
        message=message,
        to=url_for(".page", person_id=person.id),
        page=lambda status: question_page(person, form, status),
    )


@bp.get("/<uuid:person_id>/close")
def close_page(person_id: UUID) -> Response:
    person = _get_closable_person(person_id)
    return _confirm_close(person, ProgrammeActionForm(formdata=None), 200)


@bp.post("/<uuid:person_id>/close")
def close(person_id: UUID) -> Response:
    return _write_confirmed(
        _get_closable_person(person_id),
        commands.close_account,
        _("Le compte est fermé."),
        _confirm_close,
    )


def _get_closable_person(person_id: UUID) -> Person:
    person = queries.get_person(actor, person_id)
    require(policy.can_close(actor, person), _("On ne ferme pas son propre compte."))
    return person


def _confirm_close(person: Person, form: ProgrammeActionForm, status: int) -> Response:
    return _confirmation_page(
        person,
        form,
        status,
        title=_("Fermer le compte de %(who)s ?", who=person.name),
        means=[
            _("Cette personne ne pourra plus se connecter, et ses sessions s’arrêtent aussitôt."),
            _("Ses rôles restent : si elle revient, vous rouvrirez son compte."),
            _("Ce que la personne a écrit reste, sous son nom."),
        ],
        yes=_("Fermer le compte"),
        no=_("Le laisser ouvert"),
        step=_("Fermer le compte"),
    )


@bp.get("/<uuid:person_id>/open")
def open_page(person_id: UUID) -> Response:
    return _confirm_open(
        queries.get_person(actor, person_id), ProgrammeActionForm(formdata=None), 200
    )


@bp.post("/<uuid:person_id>/open")
def open_account(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    return _write_confirmed(
        person, commands.open_account, _("Le compte est rouvert."), _confirm_open
    )


def _confirm_open(person: Person, form: ProgrammeActionForm, status: int) -> Response:
    return _confirmation_page(
        person,
        form,
        status,
        title=_("Rouvrir le compte de %(who)s ?", who=person.name),
        means=[
            _("Cette personne pourra se connecter avec le mot de passe qu’elle avait."),
            _("Elle retrouve les rôles qui ne lui ont pas été retirés entre-temps."),
        ],
        yes=_("Rouvrir le compte"),
        no=_("Le laisser fermé"),
        step=_("Rouvrir le compte"),
    )


@bp.get("/<uuid:person_id>/administrator")
def administrator_page(person_id: UUID) -> Response:
    return _confirm_administrator(
        queries.get_person(actor, person_id), ProgrammeActionForm(formdata=None), 200
    )


@bp.post("/<uuid:person_id>/administrator")
def make_administrator(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    message = _("Cette personne est maintenant administratrice du portail.")
    return _write_confirmed(person, commands.make_administrator, message, _confirm_administrator)


def _confirm_administrator(person: Person, form: ProgrammeActionForm, status: int) -> Response:
    return _confirmation_page(
        person,
        form,
        status,
        title=_("Donner le rôle d’administrateur à %(who)s ?", who=person.name),
        means=[
            _("Cette personne pourra créer des programmes et en nommer la direction."),
            _("Elle pourra fermer et rouvrir des comptes, et retirer des rôles, aussi les vôtres."),
            _("Ce droit ne lui ouvre aucun projet."),
            _("Demandez-lui un mot de passe d’au moins 14 caractères."),
        ],
        yes=_("Donner le rôle"),
        no=_("Ne pas le donner"),
        step=_("Rôle d’administrateur"),
    )


@bp.get("/<uuid:person_id>/roles/<uuid:assignment_id>/end")
def end_role_page(person_id: UUID, assignment_id: UUID) -> Response:
    return _confirm_end_role(
        *_get_endable_role(person_id, assignment_id), ProgrammeActionForm(formdata=None)
    )


@bp.post("/<uuid:person_id>/roles/<uuid:assignment_id>/end")
def end_role(person_id: UUID, assignment_id: UUID) -> Response:
    person, scope, assignment = _get_endable_role(person_id, assignment_id)
    form = ProgrammeActionForm()
    loses_access = person.id == actor.person_id and policy.is_administrator(assignment.role)
    return write(
        form,
        lambda _values: roles.end_role(actor, scope, assignment),
        message=_("Le rôle est retiré."),
        to=url_for("home.index") if loses_access else url_for(".page", person_id=person.id),
        page=lambda status: _confirm_end_role(person, scope, assignment, form, status),
    )


def _get_endable_role(person_id: UUID, assignment_id: UUID) -> tuple[Person, Scope, RoleAssignment]:
    person = queries.get_person(actor, person_id)
    assignment = queries.get_assignment(person, assignment_id)
    scope = programmes.get_scope(assignment.scope_id)
    require(policy.can_end(actor, scope, assignment))
    return person, scope, assignment


def _confirm_end_role(
    person: Person,
    scope: Scope,
    assignment: RoleAssignment,
    form: ProgrammeActionForm,
    status: int = 200,
) -> Response:
    back = url_for(".page", person_id=person.id)
    return confirm_end_role(scope, assignment, form, status, back=back, place=person.name)
