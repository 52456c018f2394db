"""What was learnt from people of the target groups: the log, and its forms."""

from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, answer_form, make_form, requested_page
from portal.project.framing import commands, labels, policy, queries
from portal.project.framing.forms import InterviewForm, NewInterviewForm
from portal.project.framing.models import Interview
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import (
    build_trail,
    count_files,
    get_writable_project,
    show_list,
)

bp = Blueprint("interviews", __name__, url_prefix="/projects/<slug>/file/interviews")
INTERVIEW_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    groups = queries.list_groups(actor, project)
    interviews = queries.read_interviews(actor, project, requested_page())
    return show_list(
        "project/framing/interviews.html",
        project,
        found=interviews,
        filed=count_files(interviews.rows),
        names={group.id: group.name for group in groups},
        can_write=policy.can_write(actor, project),
        words=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = get_writable_project(slug)
    groups = queries.list_groups(actor, project)
    form = make_form(NewInterviewForm, groups, held_on=clock.today_here(), people=1)
    page = _form_page(project, _("Noter un entretien"), _("Noter"), _("Noter l’entretien"))

    def act(values: dict[str, Any]) -> Interview:
        knowingly = values["knowingly"]
        return commands.log_interview(actor, project, form.facts(), knowingly=knowingly)

    return answer_form(page, form, act, _("Entretien noté."))


@bp.route(INTERVIEW_PATH, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = get_writable_project(slug)
    interview = queries.get_interview(actor, project, number)
    groups = queries.list_groups(actor, project)
    current_group = queries.find_group_of(actor, project, interview)
    form = make_form(InterviewForm, groups, current_group, obj=interview)
    title = _("Modifier l’entretien %(n)s", n=number)
    page = _form_page(project, title, _("Modifier"))

    def act(values: dict[str, Any]) -> None:
        agreed = {"knowingly": values["knowingly"], "version": values["version"]}
        commands.change_interview(actor, project, interview, form.facts(), **agreed)

    return answer_form(page, form, act, _("Entretien enregistré."), stored=interview)


def _form_page(project: Project, title: str, step: str, yes: str = "") -> FormPage:
    return FormPage(
        title=title,
        trail=build_trail(project, (_("Entretiens"), url_for(".index", slug=project.slug))),
        step=step,
        yes=yes,
        beside=(("held_on", "people"),),
        folded=("knowingly",),
        advice=(
            _("Notez ce qui vous a surpris avant ce qui confirme."),
            _("Ni nom, ni adresse, ni numéro : « un contrôleur de la côte » suffit."),
        ),
    )
