"""Pages that change which gates a programme has, in which order, who accepts them and when."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, url_for

from portal.oversight.gates import definition_queries, labels, policy, programme_gate_commands, terms_commands
from portal.oversight.gates.definition_queries import read_track_names
from portal.oversight.gates.definition_rules import GateDefinition, count_editions
from portal.oversight.gates.programme_gate_commands import GateChangeReason
from portal.oversight.gates.programme_gate_forms import (
    EditGateContentForm,
    LeaveOutOrPutBackGateForm,
    NewGateForm,
    build_months_and_acceptors_form_class,
    format_acceptor_choice,
    parse_month_and_acceptor,
)
from portal.oversight.gates.terms_views import GATE_PATH
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page

bp = Blueprint("programme_gates", __name__, url_prefix="/programmes/<programme>/gates")


class GateFormValues:
    """Values of a gate, or of all gates, as a form reads them; `version` is the edition."""

    def __init__(self, version: int, **values: Any) -> None:
        self.version = version
        self.__dict__.update(values)


@bp.route("/acceptors", methods=["GET", "POST"])
def set_months_and_acceptors(programme: str) -> Response:
    """Months and acceptors of all gates on one screen."""
    programme_row = get_programme(actor, programme)
    programme_gate_commands.require_can_set_up_gates(actor, programme_row)
    every_gate = definition_queries.read_definitions_with_left_out([programme_row.id])[
        programme_row.id
    ].values()
    applied = (definition for definition in every_gate if not definition.is_left_out)
    definitions = sorted(applied, key=lambda definition: definition.rank)
    tracks = read_track_names(programme_row.id)
    stored = _build_month_and_acceptor_form_values(definitions, tracks, count_editions(every_gate))
    form = make_form(build_months_and_acceptors_form_class(definitions, tracks), obj=stored)
    numbers = [definition.number for definition in definitions]
    return write_page(
        FormPage(
            title=_("Qui accepte les jalons, et quand"),
            lead=programme_row.name,
            trail=_build_gate_trail(programme_row),
            step=_("Qui accepte, et quand"),
            folded=("knowingly",),
            beside=[(f"accepter_{number}", f"month_{number}") for number in numbers],
            advice=(
                _("Un mois compte depuis le début de l’accompagnement ; 0 en est le premier jour."),
                _("Une équipe qui n’est pas suivie sur un volet peut s’adresser à tout coach."),
                _("Le portail dit d’abord quelles équipes cela touche."),
            ),
        ),
        form,
        lambda values: programme_gate_commands.set_months_and_acceptors(
            actor, programme_row, form.read_months_and_acceptors(numbers), _build_gate_change_reason(values)
        ),
        message=_("Jalons enregistrés."),
        stored=stored,
    )


def _build_month_and_acceptor_form_values(
    definitions: Sequence[GateDefinition], tracks: Mapping[str, str], version: int
) -> GateFormValues:
    values: dict[str, Any] = {}
    for definition in definitions:
        terms = policy.with_resolved_acceptor(definition, tracks).terms
        values[f"month_{definition.number}"] = terms.month
        choice = format_acceptor_choice(terms.acceptor, terms.track)
        values[f"accepter_{definition.number}"] = choice
    return GateFormValues(version, **values)


@bp.route("/new", methods=["GET", "POST"])
def add(programme: str) -> Response:
    programme_row = _get_editable_programme(programme)
    form = make_form(NewGateForm, read_track_names(programme_row.id))
    return write_page(
        FormPage(
            title=_("Ajouter un jalon"),
            lead=programme_row.name,
            trail=_build_gate_trail(programme_row),
            step=_("Ajouter"),
            yes=_("Ajouter le jalon"),
            folded=("knowingly",),
            beside=(("name_fr", "name_en"), ("weight", "month", "accepter")),
            advice=(
                _("Le jalon vient après les autres ; sa place se change ensuite."),
                _("G0 à G11 sont les douze jalons d’usage : les vôtres prennent G12 et la suite."),
                _("Ses preuves se prennent parmi celles que le portail sait lire."),
                _("Le portail dit d’abord quelles équipes cela touche."),
            ),
        ),
        form,
        lambda values: programme_gate_commands.add_gate(
            actor,
            programme_row,
            form.content(),
            weight=values["weight"],
            assignment=parse_month_and_acceptor(values["month"], values["accepter"]),
            change=_build_gate_change_reason(values),
        ),
        message=_("Jalon ajouté, pour toutes les équipes."),
        to=lambda gate: url_for("gate_terms.page", programme=programme_row.slug, gate=gate.number),
    )


@bp.route(f"{GATE_PATH}/content", methods=["GET", "POST"])
def edit(programme: str, gate: int) -> Response:
    """Names, predicates and place of a gate."""
    programme_row = _get_editable_programme(programme)
    definition = definition_queries.get_definition_unless_left_out(programme_row.id, gate)
    order = [each.number for each in definition_queries.list_definitions(programme_row.id)]
    stored = GateFormValues(
        definition.edition,
        name_fr=definition.name_fr,
        name_en=definition.name_en,
        predicates=list(definition.predicates),
        place=order.index(gate) + 1,
    )
    form = make_form(EditGateContentForm, len(order), definition.thresholds, obj=stored)
    return write_page(
        FormPage(
            title=_("Modifier le jalon G%(n)s", n=gate),
            lead=labels.name(definition),
            trail=_build_gate_trail(programme_row, definition),
            step=_("Modifier"),
            folded=("knowingly",),
            beside=(("name_fr", "name_en"),),
            advice=(
                _("Le numéro du jalon reste : liens et historique s’en servent."),
                _("Ranger les jalons autrement ne change aucun chiffre."),
                _("Le portail dit d’abord quelles équipes cela touche."),
            ),
        ),
        form,
        lambda values: programme_gate_commands.edit_gate(
            actor,
            programme_row,
            gate,
            form.content(),
            position=values["place"],
            change=_build_gate_change_reason(values),
        ),
        message=_("Jalon changé, pour toutes les équipes."),
        stored=stored,
    )


@bp.route(f"{GATE_PATH}/leave-out", methods=["GET", "POST"])
def leave_out(programme: str, gate: int) -> Response:
    return _write_change_with_reason(
        programme,
        gate,
        programme_gate_commands.leave_out_gate,
        _("Jalon retiré du programme."),
        title=_("Retirer le jalon G%(n)s du programme", n=gate),
        step=_("Retirer"),
        yes=_("Retirer le jalon"),
        advice=(
            _("Il quitte les pages et les chiffres de toutes les équipes, dès maintenant."),
            _("Ce qui en a été décidé est gardé, et revient si vous le remettez."),
        ),
    )


@bp.route(f"{GATE_PATH}/put-back", methods=["GET", "POST"])
def put_back(programme: str, gate: int) -> Response:
    return _write_change_with_reason(
        programme,
        gate,
        programme_gate_commands.put_back_gate,
        _("Jalon remis au programme."),
        title=_("Remettre le jalon G%(n)s au programme", n=gate),
        step=_("Remettre"),
        yes=_("Remettre le jalon"),
        advice=(_("Il revient avec ce qui en avait été décidé, pour toutes les équipes."),),
    )


def _write_change_with_reason(programme: str, gate: int, command: Any, message: str, **page: Any) -> Response:
    """Show or answer the form of a change without fields; `page` are values of its `FormPage`."""
    programme_row = _get_editable_programme(programme)
    definition = definition_queries.get_definition(programme_row.id, gate)
    stored = GateFormValues(definition.edition)
    return write_page(
        FormPage(
            lead=labels.name(definition),
            trail=_build_gate_trail(programme_row, definition),
            folded=("knowingly",),
            **page,
        ),
        make_form(LeaveOutOrPutBackGateForm, obj=stored),
        lambda values: command(actor, programme_row, gate, _build_gate_change_reason(values)),
        message=message,
        stored=stored,
    )


def _get_editable_programme(slug: str) -> Programme:
    programme = get_programme(actor, slug)
    terms_commands.require_can_set_terms(actor, programme)
    return programme


def _build_gate_change_reason(values: Mapping[str, Any]) -> GateChangeReason:
    return GateChangeReason(
        because=values["because"],
        read_edition=values.get("version") or 0,
        knowingly=values["knowingly"],
    )


def _build_gate_trail(
    programme: Programme, definition: GateDefinition | None = None
) -> Sequence[tuple[str, str]]:
    """The breadcrumbs to the gates of a programme, or to one of them."""
    trail = [
        (programme.name, url_for("programmes.page", slug=programme.slug)),
        (_("Jalons"), url_for("gate_terms.index", programme=programme.slug)),
    ]
    if definition is not None:
        place = url_for("gate_terms.page", programme=programme.slug, gate=definition.number)
        trail.append((labels.title(definition), place))
    return trail
