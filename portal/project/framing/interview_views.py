"""Pages of interviews: the log, and the forms that add and change entries."""

from flask import Blueprint, Response

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import write_page
from portal.project.framing import commands, policy, queries
from portal.project.framing.forms import EditInterviewForm, NewInterviewForm
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

bp = Blueprint("interviews", __name__, url_prefix="/projects/<slug>/file/interviews")
INTERVIEW_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    groups = queries.list_groups(actor, project)
    interviews = queries.read_interviews_page(actor, project, read_requested_page())
    return render_row_list(
        "project/framing/interviews.html",
        project,
        interviews=interviews,
        filed=count_files_by_row(interviews.rows),
        group_names={group.id: group.name for group in groups},
        can_write=policy.can_write(actor, project),
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = get_writable_project(slug)
    groups = queries.list_groups(actor, project)
    form = make_form(NewInterviewForm, groups, held_on=clock.today_for_reader(), people=1)
    page = _build_form_page(project, _("Noter un entretien"), _("Noter"), _("Noter l’entretien"))
    return write_page(
        page,
        form,
        lambda values: commands.log_interview(actor, project, form.facts(), knowingly=values["knowingly"]),
        message=_("Entretien noté."),
    )


@bp.route(INTERVIEW_PATH, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, interview = load_project_and_row_to_write(slug, number, queries.get_interview)
    groups = queries.list_groups(actor, project)
    current_group = queries.find_interview_group(actor, project, interview)
    form = make_form(EditInterviewForm, groups, current_group, obj=interview)
    title = _("Modifier l’entretien %(n)s", n=number)
    return write_page(
        _build_form_page(project, title, _("Modifier")),
        form,
        lambda values: commands.change_interview(
            actor, project, interview, form.facts(), knowingly=values["knowingly"], version=values["version"]
        ),
        message=_("Entretien enregistré."),
        stored=interview,
    )


def _build_form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=section_trail(project, _("Entretiens"), ".index"),
        step=step,
        yes=yes,
        beside=(("held_on", "people"),),
        folded=("knowingly",),
        advice=(
            _("Notez ce qui vous a surpris avant ce qui confirme."),
            _("Ni nom, ni adresse, ni numéro : « un contrôleur de la côte » suffit."),
        ),
    )
