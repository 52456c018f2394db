"""Pages of the directory, and what an administrator may change about a person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.communication.directory import commands, labels, policy, queries
from portal.communication.directory.filter_schemas import read_filters_and_invalid_names
from portal.communication.directory.history_queries import count_recent_sign_in_failures, read_history
from portal.people.accounts.models import Person
from portal.people.programmes import queries as programmes
from portal.people.programmes import role_commands as roles
from portal.people.programmes.forms import ProgrammeActionForm
from portal.people.programmes.labels import list_account_losses
from portal.people.programmes.policy import ROLE_LABELS
from portal.people.programmes.views import confirm_end_of_role
from portal.people.second_factor.queries import list_waiting_resets
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.form_page import make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.writes import write_confirmed

bp = Blueprint("directory", __name__, url_prefix="/people")

ROLES_IN_SHORT = 3  # roles of a person that the list shows


@bp.get("")
def index() -> Response:
    visible_programmes = programmes.list_programmes(actor)
    slugs = {programme.slug for programme in visible_programmes}
    filters, ignored = read_filters_and_invalid_names(request.args, programmes=slugs)
    return render(
        "communication/directory/index.html",
        fragment="people",
        page=queries.read_directory_page(actor, filters),
        filters=filters,
        ignored=[str(labels.FILTERS[name]) for name in ignored],
        choices={
            "states": list(labels.STATES.items()),
            "roles": list(ROLE_LABELS.items()),
            "programmes": [(programme.slug, programme.name) for programme in visible_programmes],
            "sorts": list(labels.SORTS.items()),
        },
        resets=list_waiting_resets(actor),
        in_short=ROLES_IN_SHORT,
        url_of=lambda number: url_for(".index", **filters.as_query_arguments(number)),
        labels=labels,
    )


@bp.get("/<uuid:person_id>")
def page(person_id: UUID) -> Response:
    successor_id = queries.find_surviving_account_id(actor, person_id)
    if successor_id is not None:
        return redirect_to_path(url_for(".page", person_id=successor_id))
    entry = queries.get_entry(actor, person_id)
    return render(
        "communication/directory/person.html",
        entry=entry,
        sessions=queries.count_open_sessions(entry.person),
        failures=count_recent_sign_in_failures(entry.person),
        history=read_history(entry.person),
        is_self=entry.person.id == actor.person_id,
        is_administrator=any(policy.is_administrator_role(r.assignment.role) for r in entry.roles),
        can_close=policy.can_close_account(actor, entry.person),
        role_labels=ROLE_LABELS,
        labels=labels,
    )


def _write_confirmed_account_change(
    person: Person, command: Callable[[Actor, Person], object], message: str, **question: Any
) -> Response:
    """Ask before a change of an account, or make it; leads back to the person's page."""
    back = url_for(".page", person_id=person.id)
    return write_confirmed(
        ConfirmationQuestion(place=person.name, back=back, **question),
        make_form(ProgrammeActionForm),
        lambda: command(actor, person),
        message=message,
    )


@bp.get("/<uuid:person_id>/close", endpoint="close_page")
@bp.post("/<uuid:person_id>/close")
def close_account(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    require(policy.can_close_account(actor, person), _("On ne ferme pas son propre compte."))
    return _write_confirmed_account_change(
        person,
        commands.close_account,
        _("Le compte est fermé."),
        title=_("Fermer le compte de %(who)s ?", who=person.name),
        means=[
            _("Cette personne ne pourra plus se connecter, et ses sessions s’arrêtent aussitôt."),
            _("Ses rôles restent : si elle revient, vous rouvrirez son compte."),
            *list_account_losses(person.id),
            _("Ce que la personne a écrit reste, sous son nom."),
        ],
        yes=_("Fermer le compte"),
        no=_("Le laisser ouvert"),
        step=_("Fermer le compte"),
    )


@bp.get("/<uuid:person_id>/open", endpoint="open_page")
@bp.post("/<uuid:person_id>/open")
def reopen_account(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    return _write_confirmed_account_change(
        person,
        commands.reopen_account,
        _("Le compte est rouvert."),
        title=_("Rouvrir le compte de %(who)s ?", who=person.name),
        means=[
            _("Cette personne pourra se connecter avec le mot de passe qu’elle avait."),
            _("Elle retrouve les rôles qui ne lui ont pas été retirés entre-temps."),
        ],
        yes=_("Rouvrir le compte"),
        no=_("Le laisser fermé"),
        step=_("Rouvrir le compte"),
    )


@bp.get("/<uuid:person_id>/administrator", endpoint="administrator_page")
@bp.post("/<uuid:person_id>/administrator")
def make_administrator(person_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    return _write_confirmed_account_change(
        person,
        commands.make_administrator,
        _("Cette personne est maintenant administratrice du portail."),
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


@bp.get("/<uuid:person_id>/roles/<uuid:assignment_id>/end", endpoint="end_role_page")
@bp.post("/<uuid:person_id>/roles/<uuid:assignment_id>/end")
def end_role(person_id: UUID, assignment_id: UUID) -> Response:
    person = queries.get_person(actor, person_id)
    assignment = queries.get_role_assignment(person, assignment_id)
    scope = programmes.get_scope(assignment.scope_id)
    require(policy.can_end_role(actor, scope, assignment))
    loses_access = person.id == actor.person_id and policy.is_administrator_role(assignment.role)
    return confirm_end_of_role(
        scope,
        assignment,
        lambda: roles.end_role(actor, scope, assignment),
        back=url_for(".page", person_id=person.id),
        place=person.name,
        to=url_for("home.index") if loses_access else "",
    )
