"""What the project takes for granted: the list by risk, and what the tests said."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.framing import commands, policy, queries, words
from portal.framing.forms import AssumptionForm, NewAssumptionForm, SettleForm
from portal.framing.models import Assumption, Verdict
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import count_files, open_to_write, show_list, trail
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page, fresh

bp = Blueprint("assumptions", __name__, url_prefix="/projects/<slug>/file/assumptions")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    found = queries.read_assumptions(actor, project, asked_page())
    return show_list(
        "framing/assumptions.html",
        project,
        found=found,
        filed=count_files(found.rows),
        framing=queries.read_framing(project),
        can_write=policy.can_write(actor, project),
        words=words,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = open_to_write(slug)
    form = fresh(NewAssumptionForm, risk=3)
    page = _form_page(project, _("Poser une hypothèse"), _("Poser"), _("Poser l’hypothèse"))

    def done(assumption: Assumption) -> tuple[str, str]:
        return _("Hypothèse %(n)s posée.", n=assumption.number), page.back

    return ask(page, form, lambda _v: commands.add_assumption(actor, project, form.facts()), done)


@bp.route(ONE, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    assumption = queries.get_assumption(actor, project, number)
    form = fresh(AssumptionForm, obj=assumption)
    title = _("Modifier l’hypothèse %(n)s", n=number)
    page = _form_page(project, title, _("Modifier"))

    def act(values: dict[str, Any]) -> None:
        seen = values["version"]
        commands.change_assumption(actor, project, assumption, form.facts(), seen)

    return ask(page, form, act, _("Hypothèse enregistrée."), stored=assumption)


@bp.route(f"{ONE}/result", methods=["GET", "POST"])
def settle(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    assumption = queries.get_assumption(actor, project, number)
    form = fresh(SettleForm, obj=assumption)
    if form.settled_on.raw_data is None and assumption.verdict is Verdict.OPEN:
        form.settled_on.data = clock.today()
        form.verdict.data = None
    page = FormPage(
        title=_("Noter le résultat du test : hypothèse %(n)s", n=number),
        lead=assumption.statement,
        trail=trail(project, (_("Hypothèses"), url_for(".index", slug=slug))),
        step=_("Résultat"),
        yes=_("Enregistrer le résultat"),
        advice=(
            _("Une hypothèse réfutée n’est pas un échec : c’est ce qu’un essai doit apprendre."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        seen = values.pop("version")
        commands.settle(actor, project, assumption, values.pop("verdict"), **values, seen=seen)

    return ask(page, form, act, _("Résultat enregistré."), stored=assumption)


def _form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=trail(project, (_("Hypothèses"), url_for(".index", slug=project.slug))),
        step=step,
        yes=yes,
        advice=(
            _("Commencez par celle qui, fausse, ferait tomber le reste."),
            _("Le test qui tranche est petit : dix dossiers, trois agents, une après-midi."),
        ),
    )
