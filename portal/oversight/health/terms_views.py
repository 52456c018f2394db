"""Pages: the thresholds of a programme's signals, their editions, the form to change them."""

from dataclasses import asdict
from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.oversight.health import labels, policy, queries, terms_commands, threshold_labels
from portal.oversight.health.definition_rules import Thresholds
from portal.oversight.health.forms import ThresholdsForm
from portal.people.programmes.queries import get_programme
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page

bp = Blueprint("health_terms", __name__, url_prefix="/programmes/<programme>/health")


@bp.get("")
def index(programme: str) -> Response:
    programme_row = get_programme(actor, programme)
    return render(
        "oversight/health/terms.html",
        programme=programme_row,
        definitions=list(queries.read_definitions(programme_row.id).values()),
        editions=queries.list_signal_definition_changes(programme_row.id),
        can_set=policy.can_set_terms(actor, programme_row),
        labels=labels,
        thresholds=threshold_labels,
    )


@bp.route("/<code>/edit", methods=["GET", "POST"])
def change(programme: str, code: str) -> Response:
    programme_row = get_programme(actor, programme)
    terms_commands.require_can_set_terms(actor, programme_row)
    definition = queries.get_definition(programme_row.id, code)
    stored = SimpleNamespace(version=definition.edition, because="", **asdict(definition.thresholds))
    form = make_form(ThresholdsForm, definition.code, obj=stored)
    form_page = FormPage(
        title=_("Changer un signal de santé"),
        lead=labels.SIGNALS[definition.code],
        trail=[
            (programme_row.name, url_for("programmes.page", slug=programme_row.slug)),
            (_("Signaux de santé"), url_for(".index", programme=programme_row.slug)),
        ],
        step=_("Changer"),
        folded=("knowingly",),
        beside=(("watch", "alert"),),
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
            definition.code,
            Thresholds(values["watch"], values["alert"]),
            because=values["because"],
            read_edition=values["version"],
            knowingly=values["knowingly"],
        ),
        message=_("Signal changé, pour toutes les équipes."),
        stored=stored,
    )
