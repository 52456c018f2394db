"""The jury of one application: assigned, recused, interests declared and settled, leads named."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write, write_button, write_page
from portal.selection.applications.commands import application_path
from portal.selection.applications.queries import (
    LoadedApplication,
    get_known_application,
    get_led_application,
)
from portal.selection.applications.views import APPLICATION_RULE, show_application, trail_below_application
from portal.selection.jury import assignment_commands, labels, leadership_commands, policy, queries
from portal.selection.jury import opening_commands as openings
from portal.selection.jury.conflict_queries import (
    map_barred_people_by_application,
    read_application_leadership,
)
from portal.selection.jury.forms import (
    AssignJurorForm,
    DeclareInterestForm,
    LeadInterestForm,
    LeadReadmissionRequestForm,
    NameSubstituteLeadForm,
    OpenScoresForm,
    RecuseJurorForm,
    SettleConflictForm,
)

bp = Blueprint("application_jury", __name__)


def _build_form_page(loaded: LoadedApplication, title: str, step: str, **options: Any) -> FormPage:
    return FormPage(
        title=title,
        lead=loaded.application.title,
        trail=trail_below_application(loaded),
        step=step,
        **options,
    )


def _list_assignable_juror_choices(loaded: LoadedApplication) -> list[tuple[UUID, str]]:
    """Jurors of the call who may be assigned to the application."""
    application = loaded.application
    barred = map_barred_people_by_application([application.id]).get(application.id, frozenset())
    seated = {seat.assignment.person_id for seat in queries.list_application_jurors(loaded)}
    seats = queries.list_seats(actor, loaded.call)
    return [
        (seat.person.id, seat.person.name)
        for seat in seats
        if seat.is_active and seat.person.id not in barred | seated
    ]


@bp.route(f"{APPLICATION_RULE}/jury/new", methods=["GET", "POST"])
def assign(slug: str, call: int, number: int) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    assignment_commands.require_may_assign(loaded)
    form = make_form(AssignJurorForm, _list_assignable_juror_choices(loaded))
    return write_page(
        _build_form_page(loaded, _("Confier cette candidature"), _("Confier"), yes=_("Confier")),
        form,
        lambda values: assignment_commands.assign_juror(actor, loaded, values["person"]),
        message=_("Candidature confiée."),
    )


@bp.route(f"{APPLICATION_RULE}/jury/<uuid:person_id>/recuse", methods=["GET", "POST"])
def recuse(slug: str, call: int, number: int, person_id: UUID) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    assignment_commands.require_may_assign(loaded)
    queries.get_juror_assignment(loaded, person_id)
    form = make_form(RecuseJurorForm, _list_assignable_juror_choices(loaded))
    advice = (_("Ses notes sur cette candidature, envoyées ou non, ne compteront pas."),)
    return write_page(
        _build_form_page(loaded, _("Retirer ou remplacer"), _("Retirer"), yes=_("Retirer"), advice=advice),
        form,
        lambda values: assignment_commands.recuse_juror(actor, loaded, person_id, values["replacement"]),
        message=_("Cette personne n’y prend plus part."),
    )


@bp.post(f"{APPLICATION_RULE}/interests")
def declare_interest(slug: str, call: int, number: int) -> Response:
    """Say whether one has an interest, as a juror; the form stands on the application's page."""
    loaded = get_known_application(actor, slug, call, number)
    if loaded.assignment is None:
        raise NotFound
    form = DeclareInterestForm()
    return write(
        form,
        lambda values: assignment_commands.declare_interests(
            actor, loaded, values["reason"], has_conflict=values["interest"] == "yes"
        ),
        message=_("C’est noté."),
        to=application_path(loaded),
        page=lambda status: show_application(loaded, status, form),
    )


@bp.route(f"{APPLICATION_RULE}/interests/found", methods=["GET", "POST"])
def declare_found_interest(slug: str, call: int, number: int) -> Response:
    """Say that one has an interest after all, as a juror who said that one had none."""
    loaded = get_known_application(actor, slug, call, number)
    if not policy.has_answered_about_interests(loaded):
        raise NotFound
    if request.method in SAFE_METHODS:
        assignment_commands.require_may_answer(loaded, has_conflict=True)
    page = _build_form_page(
        loaded,
        _("J’ai finalement un intérêt à déclarer"),
        _("Intérêt"),
        yes=_("Déclarer, et ne plus y prendre part"),
        advice=labels.list_found_interest_effects(leads_call=loaded.rights.leads_call),
    )
    return write_page(
        page,
        make_form(LeadInterestForm),
        lambda values: assignment_commands.declare_interests(
            actor, loaded, values["reason"], has_conflict=True
        ),
        message=_("C’est noté : vous n’y prenez plus part."),
    )


@bp.post(f"{APPLICATION_RULE}/interests/undo")
def take_conflict_back(slug: str, call: int, number: int) -> Response:
    """Take back the conflict that one declared as a juror."""
    loaded = get_known_application(actor, slug, call, number)
    return _run_application_button_command(
        loaded,
        lambda: assignment_commands.take_conflict_back(actor, loaded),
        _("Réponse annulée : dites de nouveau si vous avez un intérêt."),
    )


@bp.route(f"{APPLICATION_RULE}/interests/lead", methods=["GET", "POST"])
def declare_lead_interest(slug: str, call: int, number: int) -> Response:
    loaded = get_led_application(actor, slug, call, number)
    form = make_form(LeadInterestForm)
    page = _build_form_page(
        loaded,
        _("Déclarer un intérêt"),
        _("Intérêt"),
        yes=_("Déclarer, et ne plus y avoir accès"),
        advice=(
            _("Vous n’en verrez plus que le titre : ni dossier, ni notes, ni décision, ni chiffre."),
            _("Deux personnes seront nécessaires pour vous y donner de nouveau accès."),
        ),
    )
    return write_page(
        page,
        form,
        lambda values: assignment_commands.declare_lead_interest(actor, loaded, values["reason"]),
        message=_("C’est noté : nommez quelqu’un d’autre pour la suivre."),
    )


@bp.route(f"{APPLICATION_RULE}/interests/<uuid:person_id>", methods=["GET", "POST"])
def settle_conflict(slug: str, call: int, number: int, person_id: UUID) -> Response:
    """Confirm or set aside a likely conflict."""
    loaded = get_led_application(actor, slug, call, number)
    likely = assignment_commands.get_likely_conflict(actor, loaded, person_id)
    form = make_form(SettleConflictForm)
    title = _("%(name)s : y a-t-il un intérêt ?", name=likely.name)
    return write_page(
        _build_form_page(
            loaded, title, _("Intérêt"), advice=(labels.describe_conflict_grounds(likely.grounds),)
        ),
        form,
        lambda values: assignment_commands.settle_conflict(
            actor, loaded, person_id, values["reason"], is_confirmed=values["verdict"] == "confirmed"
        ),
        message=_("C’est noté."),
    )


@bp.route(f"{APPLICATION_RULE}/lead", methods=["GET", "POST"])
def name_lead(slug: str, call: int, number: int) -> Response:
    loaded = queries.get_application_for_call_lead(actor, slug, call, number)
    leadership = read_application_leadership(loaded.call, loaded.application)
    form = make_form(NameSubstituteLeadForm, [(person.id, person.name) for person in leadership.free])
    return write_page(
        _build_form_page(loaded, _("Nommer qui suit cette candidature"), _("Nommer"), yes=_("Nommer")),
        form,
        lambda values: leadership_commands.name_lead(actor, loaded, values["person"]),
        message=_("C’est noté."),
    )


def _run_application_button_command(
    loaded: LoadedApplication, command: Callable[[], object], message: str
) -> Response:
    """A button on the page of an application."""

    def show(status: int, form: Form) -> Response:
        return show_application(loaded, status, form)

    return write_button(command, message=message, to=application_path(loaded), page=show)


@bp.post(f"{APPLICATION_RULE}/lead/<any(ask, agree):verb>")
def ask_or_agree_to_unname(slug: str, call: int, number: int, verb: str) -> Response:
    """Ask, then by somebody else agree, that the named lead no longer be."""
    loaded = queries.get_application_for_call_lead(actor, slug, call, number)
    command = (
        leadership_commands.ask_to_unname_lead if verb == "ask" else leadership_commands.agree_to_unname_lead
    )
    message = _("Demandé : une seconde personne doit l’accepter.") if verb == "ask" else _("C’est fait.")
    return _run_application_button_command(loaded, lambda: command(actor, loaded), message)


@bp.route(f"{APPLICATION_RULE}/return", methods=["GET", "POST"])
def ask_to_return(slug: str, call: int, number: int) -> Response:
    """As a lead in conflict, ask to be let in again."""
    loaded = queries.get_application_for_call_lead(actor, slug, call, number)
    if loaded.rights.is_lead:
        raise NotFound
    form = make_form(LeadReadmissionRequestForm)
    return write_page(
        _build_form_page(loaded, _("Demander à y avoir de nouveau accès"), _("Demander"), yes=_("Demander")),
        form,
        lambda values: leadership_commands.ask_for_lead_return(actor, loaded, values["reason"]),
        message=_("Demandé : une autre direction doit l’accepter."),
    )


@bp.post(f"{APPLICATION_RULE}/return/<uuid:person_id>")
def agree_to_return(slug: str, call: int, number: int, person_id: UUID) -> Response:
    """Let a lead in again who asked for it."""
    loaded = get_led_application(actor, slug, call, number)
    return _run_application_button_command(
        loaded,
        lambda: leadership_commands.agree_to_lead_return(actor, loaded, person_id),
        _("Cette personne y a de nouveau accès."),
    )


@bp.route(f"{APPLICATION_RULE}/open", methods=["GET", "POST"])
def open_scores(slug: str, call: int, number: int) -> Response:
    """Open scores before all are in."""
    loaded = get_led_application(actor, slug, call, number)
    if request.method in SAFE_METHODS:
        openings.require_can_open_scores(loaded)
    form = make_form(OpenScoresForm, version=loaded.application.version)
    page = _build_form_page(
        loaded,
        _("Ouvrir les notes sans attendre"),
        _("Ouvrir"),
        yes=_("Ouvrir les notes"),
        advice=(
            _("Les notes qui manquent ne pourront plus être envoyées."),
            _("Votre motif reste inscrit sur la candidature."),
        ),
    )
    return write_page(
        page,
        form,
        lambda values: openings.open_scores(actor, loaded, values["reason"], values["version"]),
        message=_("Notes ouvertes."),
        permission=policy.may_open_scores_in_some_state(loaded),
        stored=loaded.application,
    )
