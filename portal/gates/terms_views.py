"""What a programme asks at its gates, who changed it and why, and the form that changes it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, url_for

from portal.gates import policy, queries, terms_commands, words
from portal.gates.definition import Definition, Terms
from portal.gates.forms import TermsForm, asking
from portal.kernel.text import gettext as _
from portal.programmes.models import Programme
from portal.programmes.queries import get_programme, list_tracks
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.render import render

bp = Blueprint("gate_terms", __name__, url_prefix="/programmes/<programme>/gates")
ONE = "/<int(max=11):gate>"


@dataclass
class Stored:
    """Terms as a form shows them; the numbers asked are further attributes."""

    version: int
    weight: int
    month: int
    acceptor: object
    track: str
    because: str = ""

    @classmethod
    def of(cls, definition: Definition) -> "Stored":
        terms = definition.terms
        made = cls(definition.edition, terms.weight, terms.month, terms.acceptor, terms.track)
        for key, n in terms.asked.items():
            setattr(made, f"asked_{key}", n)
        return made


@bp.get("")
def index(programme: str) -> Response:
    within = get_programme(actor, programme)
    definitions = queries.list_definitions(within.id)
    return render(
        "gates/terms.html",
        programme=within,
        definitions=definitions,
        total=sum(one.weight for one in definitions),
        tracks=_tracks(within),
        can_set=policy.can_set_terms(actor, within),
        words=words,
    )


@bp.get(ONE)
def page(programme: str, gate: int) -> Response:
    within = get_programme(actor, programme)
    definition = queries.get_definition(within.id, gate)
    return render(
        "gates/term.html",
        programme=within,
        definition=definition,
        editions=queries.list_editions(within.id, gate),
        tracks=_tracks(within),
        can_set=policy.can_set_terms(actor, within),
        words=words,
    )


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(programme: str, gate: int) -> Response:
    within = get_programme(actor, programme)
    terms_commands.require_to_set(actor, within)
    definition = queries.get_definition(within.id, gate)
    labels = [(key, str(words.ASKED[key])) for key in definition.asked]
    stored = Stored.of(definition)
    form = fresh(asking(labels, list(_tracks(within).items())), obj=stored)
    place = url_for(".page", programme=within.slug, gate=gate)
    asked = FormPage(
        title=_("Changer le jalon G%(n)s", n=gate),
        lead=words.name(definition),
        trail=[
            (within.name, url_for("programmes.page", slug=within.slug)),
            (_("Jalons"), url_for(".index", programme=within.slug)),
            (words.title(definition), place),
        ],
        step=_("Changer"),
        folded=("knowingly",),
        beside=(("weight", "month"), ("acceptor", "track")),
        advice=(
            _("Le changement vaut dès maintenant : ce qui était vrai avant le reste."),
            _("Le portail dit d’abord quelles équipes il déplace."),
        ),
    )

    def act(values: dict[str, Any]) -> object:
        terms = _terms(form, definition)
        because, knowingly = values["because"], bool(values["knowingly"])
        return terms_commands.change_terms(
            actor, within, gate, terms, because=because, seen=values["version"], knowingly=knowingly
        )

    return ask(asked, form, act, _("Jalon changé, pour toutes les équipes."), stored=stored)


def _terms(form: TermsForm, definition: Definition) -> Terms:
    return Terms(
        weight=form.weight.data or 0,
        month=form.month.data or 0,
        acceptor=form.acceptor.data,
        track=form.track.data or "",
        asked={key: form[f"asked_{key}"].data for key in definition.asked},
    )


def _tracks(programme: Programme) -> dict[str, str]:
    return {track.key: track.name for track in list_tracks(programme.id)}
