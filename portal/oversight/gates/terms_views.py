"""Pages: the terms of a programme's gates, their editions, and the form that changes them."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.oversight.gates import labels, policy, queries, terms_commands
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


@bp.get("")
def index(programme: str) -> Response:
    programme_row = get_programme(actor, programme)
    definitions = queries.list_definitions(programme_row.id)
    return render(
        "oversight/gates/terms.html",
        programme=programme_row,
        definitions=definitions,
        total=sum(definition.weight for definition in definitions),
        tracks=_tracks(programme_row),
        can_set=policy.can_set_terms(actor, programme_row),
        labels=labels,
    )


@bp.get(GATE_PATH)
def page(programme: str, gate: int) -> Response:
    programme_row = get_programme(actor, programme)
    definition = queries.get_definition(programme_row.id, gate)
    return render(
        "oversight/gates/term.html",
        programme=programme_row,
        definition=definition,
        editions=queries.list_editions(programme_row.id, gate),
        tracks=_tracks(programme_row),
        can_set=policy.can_set_terms(actor, programme_row),
        labels=labels,
    )


@bp.route(f"{GATE_PATH}/edit", methods=["GET", "POST"])
def change(programme: str, gate: int) -> Response:
    programme_row = get_programme(actor, programme)
    terms_commands.require_can_set_terms(actor, programme_row)
    definition = queries.get_definition(programme_row.id, gate)
    thresholds = [(key, str(labels.THRESHOLD_LABELS[key])) for key in definition.thresholds]
    terms = definition.terms
    stored = SimpleNamespace(
        version=definition.edition,
        because="",
        **{f"asked_{key}": threshold for key, threshold in terms.thresholds.items()},
        **{name: getattr(terms, name) for name in ("weight", "month", "acceptor", "track")},
    )
    form = make_form(build_terms_form(thresholds, list(_tracks(programme_row).items())), obj=stored)
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
            _("Le portail dit d’abord quelles équipes il déplace."),
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
