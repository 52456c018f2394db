"""What a programme asks at its gates, who changed it and why, and the form that changes it."""

from dataclasses import dataclass

from flask import Blueprint, Response, url_for

from portal.oversight.gates import labels as gates_labels
from portal.oversight.gates import policy, queries, terms_commands
from portal.oversight.gates.definition_rules import GateDefinition, GateTermsValues
from portal.oversight.gates.forms import GateTermsForm, build_terms_form
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import get_programme, list_tracks
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page

bp = Blueprint("gate_terms", __name__, url_prefix="/programmes/<programme>/gates")
GATE_PATH = "/<int(max=11):gate>"


@dataclass
class StoredGateTerms:
    """Terms as a form shows them; the numbers asked are further attributes."""

    version: int
    weight: int
    month: int
    acceptor: object
    track: str
    because: str = ""

    @classmethod
    def from_definition(cls, definition: GateDefinition) -> "StoredGateTerms":
        terms = definition.terms
        stored = cls(definition.edition, terms.weight, terms.month, terms.acceptor, terms.track)
        for key, n in terms.thresholds.items():
            setattr(stored, f"asked_{key}", n)
        return stored


@bp.get("")
def index(programme: str) -> Response:
    within = get_programme(actor, programme)
    definitions = queries.list_definitions(within.id)
    return render(
        "oversight/gates/terms.html",
        programme=within,
        definitions=definitions,
        total=sum(definition.weight for definition in definitions),
        tracks=_tracks(within),
        can_set=policy.can_set_terms(actor, within),
        words=gates_labels,
    )


@bp.get(GATE_PATH)
def page(programme: str, gate: int) -> Response:
    within = get_programme(actor, programme)
    definition = queries.get_definition(within.id, gate)
    return render(
        "oversight/gates/term.html",
        programme=within,
        definition=definition,
        editions=queries.list_editions(within.id, gate),
        tracks=_tracks(within),
        can_set=policy.can_set_terms(actor, within),
        words=gates_labels,
    )


@bp.route(f"{GATE_PATH}/edit", methods=["GET", "POST"])
def change(programme: str, gate: int) -> Response:
    within = get_programme(actor, programme)
    terms_commands.require_can_set_terms(actor, within)
    definition = queries.get_definition(within.id, gate)
    labels = [(key, str(gates_labels.THRESHOLD_LABELS[key])) for key in definition.thresholds]
    stored = StoredGateTerms.from_definition(definition)
    form = make_form(build_terms_form(labels, list(_tracks(within).items())), obj=stored)
    place = url_for(".page", programme=within.slug, gate=gate)
    form_page = FormPage(
        title=_("Changer le jalon G%(n)s", n=gate),
        lead=gates_labels.name(definition),
        trail=[
            (within.name, url_for("programmes.page", slug=within.slug)),
            (_("Jalons"), url_for(".index", programme=within.slug)),
            (gates_labels.title(definition), place),
        ],
        step=_("Changer"),
        folded=("knowingly",),
        beside=(("weight", "month"), ("acceptor", "track")),
        advice=(
            _("Le changement vaut dès maintenant : ce qui était vrai avant le reste."),
            _("Le portail dit d’abord quelles équipes il déplace."),
        ),
    )
    return write_page(
        form_page,
        form,
        lambda values: terms_commands.change_terms(
            actor,
            within,
            gate,
            _parse_terms(form, definition),
            because=values["because"],
            read_edition=values["version"],
            knowingly=bool(values["knowingly"]),
        ),
        message=_("Jalon changé, pour toutes les équipes."),
        stored=stored,
    )


def _parse_terms(form: GateTermsForm, definition: GateDefinition) -> GateTermsValues:
    return GateTermsValues(
        weight=form.weight.data or 0,
        month=form.month.data or 0,
        acceptor=form.acceptor.data,
        track=form.track.data or "",
        thresholds={key: form[f"asked_{key}"].data for key in definition.thresholds},
    )


def _tracks(programme: Programme) -> dict[str, str]:
    return {track.key: track.name for track in list_tracks(programme.id)}
