"""The directory: everybody, one person, and what an administrator may change of theirs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.accounts.models import Person
from portal.directory import commands, policy, queries, words
from portal.directory.filters import read_filters
from portal.directory.history import read_history
from portal.directory.queries import Entry, Filters
from portal.kernel.access import require
from portal.kernel.text import gettext as _
from portal.programmes import queries as programmes
from portal.programmes import role_commands as roles
from portal.programmes.forms import ActForm
from portal.programmes.models import RoleAssignment, Scope
from portal.programmes.policy import LABELS
from portal.programmes.views import end_role_view
from portal.web.actor import current_actor as actor
from portal.web.confirm import Question, ask
from portal.web.forms import submit
from portal.web.render import render, see

bp = Blueprint("directory", __name__, url_prefix="/people")

ROLES_IN_SHORT = 3  # of one person, in the list


@bp.get("")
def index() -> Response:
    around = programmes.list_programmes(actor)
    filters, ignored = read_filters(request.args, programmes={one.slug for one in around})
    return render(
        "directory/index.html",
        fragment="people",
        page=queries.list_people(actor, filters),
        filters=filters,
        ignored=[str(words.FILTERS[name]) for name in ignored],
        choices={
            "states": list(words.STATES.items()),
            "roles": list(LABELS.items()),
            "programmes": [(one.slug, one.name) for one in around],
            "sorts": list(words.SORTS.items()),
        },
        in_short=ROLES_IN_SHORT,
        url_of=lambda number: _url(filters, number),
        words=words,
    )


def _url(filters: Filters, number: int) -> str:
    return url_for(".index", **filters.in_url(number))


@bp.get("/<uuid:person_id>")
def page(person_id: UUID) -> Response:
    entry = queries.get_entry(actor, person_id)
    return render(
        "directory/person.html",
        entry=entry,
        sessions=queries.count_open_sessions(entry.person),
        history=read_history(entry.person),
        is_self=entry.person.id == actor.person_id,
        is_administrator=_is_administrator(entry),
        can_close=policy.can_close(actor, entry.person),
        role_labels=LABELS,
        words=words,
    )


def _is_administrator(entry: Entry) -> bool:
    return any(policy.is_administrator(held.assignment.role) for held in entry.roles)


def _ask(person: Person, form: ActForm, status: int, **question: Any) -> Response:
    back = url_for(".page", person_id=person.id)
    return ask(Question(place=person.name, back=back, **question), form, status)


def _do(
    person: Person,
    command: Callable[..., object],
    told: str,
    again: Callable[[Person, ActForm, int], Response],
) -> Response:
    """Act on a confirmed question, then go back to the person's page."""
    form = ActForm()

    def done(_made: object) -> Response:
        flash(told)
        return see(".page", person_id=person.id)

    return submit(
        form,
        lambda _given: command(actor, person),
        done,
        lambda status: again(person, form, status),
    )


@bp.get("/<uuid:person_id>/close")
def close_page(person_id: UUID) -> Response:
    person = _to_close(person_id)
    return _close(person, ActForm(formdata=None), 200)


@bp.post("/<uuid:person_id>/close")
def close(person_id: UUID) -> Response:
    return _do(_to_close(person_id), commands.close_account, _("Le compte est fermé."), _close)


def _to_close(person_id: UUID) -> Person:
    person = queries.get_person(actor, person_id)
    require(policy.can_close(actor, person), _("On ne ferme pas son propre compte."))
    return person


def _close(person: Person, form: ActForm, status: int) -> Response:
    return _ask(
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
    return _open(queries.get_person(actor, person_id), ActForm(formdata=None), 200)


@bp.post("/<uuid:person_id>/open")
def open_account(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    return _do(person, commands.open_account, _("Le compte est rouvert."), _open)


def _open(person: Person, form: ActForm, status: int) -> Response:
    return _ask(
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
    return _administrator(queries.get_person(actor, person_id), ActForm(formdata=None), 200)


@bp.post("/<uuid:person_id>/administrator")
def make_administrator(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    told = _("Cette personne est maintenant administratrice du portail.")
    return _do(person, commands.make_administrator, told, _administrator)


def _administrator(person: Person, form: ActForm, status: int) -> Response:
    return _ask(
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
    return _end(*_to_end(person_id, assignment_id), ActForm(formdata=None))


@bp.post("/<uuid:person_id>/roles/<uuid:assignment_id>/end")
def end_role(person_id: UUID, assignment_id: UUID) -> Response:
    person, scope, assignment = _to_end(person_id, assignment_id)
    form = ActForm()
    steps_down = person.id == actor.person_id and policy.is_administrator(assignment.role)

    def done(_made: None) -> Response:
        flash(_("Le rôle est retiré."))
        return see("home.index") if steps_down else see(".page", person_id=person.id)

    return submit(
        form,
        lambda _given: roles.end_role(actor, scope, assignment),
        done,
        lambda status: _end(person, scope, assignment, form, status),
    )


def _to_end(person_id: UUID, assignment_id: UUID) -> tuple[Person, Scope, RoleAssignment]:
    person = queries.get_person(actor, person_id)
    assignment = queries.get_assignment(person, assignment_id)
    scope = programmes.get_scope(assignment.scope_id)
    require(policy.can_end(actor, scope, assignment))
    return person, scope, assignment


def _end(
    person: Person, scope: Scope, assignment: RoleAssignment, form: ActForm, status: int = 200
) -> Response:
    back = url_for(".page", person_id=person.id)
    return end_role_view(scope, assignment, form, status, back=back, place=person.name)
