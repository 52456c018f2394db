"""Pages: the terms of a programme's gates, their editions, and the form that changes them."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.oversight.gates import definition_queries, labels, policy, terms_commands
from portal.oversight.gates.definition_documents import get_default_gate_definition
from portal.oversight.gates.definition_queries import read_track_names
from portal.oversight.gates.definition_rules import GateDefinition, GateTermsValues
from portal.oversight.gates.forms import GateTermsForm, build_terms_form_class
from portal.oversight.gates.programme_section_views import (
    list_acceptor_gap_sentences,
    list_due_after_end_sentences,
    read_acceptor_gaps,
)
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page

bp = Blueprint("gate_terms", __name__, url_prefix="/programmes/<programme>/gates")
GATE_PATH = "/<int(max=23):gate>"


@bp.get("")
def index(programme: str) -> Response:
    programme_row = get_programme(actor, programme)
    definitions = definition_queries.list_definitions(programme_row.id)
    can_set = policy.can_set_terms(actor, programme_row)
    has_projects = definition_queries.has_projects(programme_row.id)
    can_set_up = policy.can_set_up_gates(actor, programme_row, has_projects=has_projects)
    gaps = read_acceptor_gaps(programme_row) if can_set_up else []
    return render(
        "oversight/gates/terms.html",
        programme=programme_row,
        definitions=definitions,
        total=sum(definition.weight for definition in definitions),
        tracks=read_track_names(programme_row.id),
        can_set=can_set,
        can_set_up=can_set_up,
        left_out=definition_queries.list_left_out_gates(programme_row.id) if can_set else [],
        gaps=list_acceptor_gap_sentences(programme_row, gaps),
        late=list_due_after_end_sentences(programme_row) if can_set_up else [],
        labels=labels,
    )


@bp.get(GATE_PATH)
def page(programme: str, gate: int) -> Response:
    programme_row = get_programme(actor, programme)
    definition = definition_queries.get_definition(programme_row.id, gate)
    editions = definition_queries.list_gate_editions(programme_row.id, gate)
    older = [*(edition.definition for edition in editions[1:]), get_default_gate_definition(gate)]
    tracks = read_track_names(programme_row.id)
    return render(
        "oversight/gates/term.html",
        programme=programme_row,
        definition=definition,
        editions=[
            (edition, labels.list_edition_changes(before, edition.definition, tracks))
            for edition, before in zip(editions, older, strict=False)
        ],
        tracks=tracks,
        can_set=policy.can_set_terms(actor, programme_row),
        labels=labels,
    )


@bp.route(f"{GATE_PATH}/edit", methods=["GET", "POST"])
def change(programme: str, gate: int) -> Response:
    programme_row = get_programme(actor, programme)
    terms_commands.require_can_set_terms(actor, programme_row)
    definition = definition_queries.get_definition(programme_row.id, gate)
    thresholds = [(key, str(labels.THRESHOLD_LABELS[key])) for key in definition.thresholds]
    terms = definition.terms
    stored = SimpleNamespace(
        version=definition.edition,
        because="",
        **{f"asked_{key}": threshold for key, threshold in terms.thresholds.items()},
        **{name: getattr(terms, name) for name in ("weight", "month", "acceptor", "track")},
    )
    tracks = list(read_track_names(programme_row.id).items())
    form = make_form(build_terms_form_class(thresholds, tracks), obj=stored)
    place = url_for(".page", programme=programme_row.slug, gate=gate)
    form_page = FormPage(
        title=_("Changer le jalon G%(n)s", n=gate),
        lead=labels.name(definition),
        trail=[
            (programme_row.name, url_for("programmes.page", slug=programme_row.slug)),
            (_("Jalons"), url_for(".index", programme=programme_row.slug)),
            (labels.title(definition), place),
        ],
        step=_("Changer"),
        folded=("knowingly",),
        beside=(("weight", "month"), ("acceptor", "track")),
        advice=(
            _("Le changement vaut dès maintenant : ce qui était vrai avant le reste."),
            _("Le portail dit d’abord quelles équipes il touche."),
        ),
    )
    return write_page(
        form_page,
        form,
        lambda values: terms_commands.change_terms(
            actor,
            programme_row,
            gate,
            _parse_terms(form, definition),
            because=values["because"],
            read_edition=values["version"],
            knowingly=values["knowingly"],
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
