"""Pages of assumptions: the list by risk, and the forms with the results of tests."""

from flask import Blueprint, Response

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.framing import commands, labels, policy, queries
from portal.project.framing.forms import AssumptionResultForm, EditAssumptionForm, NewAssumptionForm
from portal.project.framing.models import AssumptionVerdict
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.row_page_views import read_requested_page
from portal.project.projects.workspace_views import (
    count_files_by_row,
    get_writable_project,
    load_project_and_row_to_write,
    render_row_list,
    section_trail,
)

bp = Blueprint("assumptions", __name__, url_prefix="/projects/<slug>/file/assumptions")
ASSUMPTION_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    assumptions = queries.read_assumptions_page(actor, project, read_requested_page())
    return render_row_list(
        "project/framing/assumptions.html",
        project,
        assumptions=assumptions,
        filed=count_files_by_row(assumptions.rows),
        framing=queries.read_framing_summary(project),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = get_writable_project(slug)
    form = make_form(NewAssumptionForm, risk=3)
    page = _build_form_page(project, _("Poser une hypothèse"), _("Poser"), _("Poser l’hypothèse"))
    return write_page(
        page,
        form,
        lambda _values: commands.add_assumption(actor, project, form.facts()),
        message=lambda assumption: _("« %(what)s » : hypothèse posée.", what=assumption.statement),
    )


@bp.route(ASSUMPTION_PATH, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, assumption = load_project_and_row_to_write(slug, number, queries.get_assumption)
    form = make_form(EditAssumptionForm, obj=assumption)
    title = _("Modifier l’hypothèse %(n)s", n=number)
    return write_page(
        _build_form_page(project, title, _("Modifier")),
        form,
        lambda values: commands.change_assumption(
            actor, project, assumption, form.facts(), values["version"]
        ),
        message=_("Hypothèse enregistrée."),
        stored=assumption,
    )


@bp.route(f"{ASSUMPTION_PATH}/result", methods=["GET", "POST"])
def settle(slug: str, number: int) -> Response:
    project, assumption = load_project_and_row_to_write(slug, number, queries.get_assumption)
    form = make_form(AssumptionResultForm, obj=assumption)
    if form.settled_on.raw_data is None and assumption.verdict is AssumptionVerdict.OPEN:
        form.settled_on.data = clock.today()
        form.verdict.data = None
    page = FormPage(
        title=_("Noter le résultat du test : hypothèse %(n)s", n=number),
        lead=assumption.statement,
        trail=section_trail(project, _("Hypothèses"), ".index"),
        step=_("Résultat"),
        yes=_("Enregistrer le résultat"),
        advice=(_("Une hypothèse réfutée n’est pas un échec : c’est ce qu’un essai doit apprendre."),),
    )

    return write_page(
        page,
        form,
        lambda values: commands.settle_assumption(actor, project, assumption, **values),
        message=_("Résultat enregistré."),
        stored=assumption,
    )


def _build_form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=section_trail(project, _("Hypothèses"), ".index"),
        step=step,
        yes=yes,
        advice=(
            _("Commencez par celle qui, fausse, ferait tomber le reste."),
            _("Le test qui tranche est petit : dix dossiers, trois agents, une après-midi."),
        ),
    )
