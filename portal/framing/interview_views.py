"""What was learnt from people of the target groups: the log, and its forms."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.framing import commands, policy, queries, words
from portal.framing.forms import InterviewForm, NewInterviewForm
from portal.framing.models import Interview
from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import count_files, open_to_write, trail
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, asked_page
from portal.web.render import render

bp = Blueprint("interviews", __name__, url_prefix="/projects/<slug>/file/interviews")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    groups = queries.list_groups(actor, project)
    found = queries.read_interviews(actor, project, asked_page())
    return render(
        "framing/interviews.html",
        fragment="interviews",
        project=project,
        found=found,
        filed=count_files(found.rows),
        names={group.id: group.name for group in groups},
        can_write=policy.can_write(actor, project),
        page_url=lambda number: url_for(".index", slug=slug, page=number),
        words=words,
    )


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    project = open_to_write(slug)
    groups = queries.list_groups(actor, project)
    if request.method in SAFE_METHODS:
        form = NewInterviewForm(groups, formdata=None, held_on=clock.today(), people=1)
    else:
        form = NewInterviewForm(groups)
    page = _form_page(project, _("Noter un entretien"), _("Noter"), _("Noter l’entretien"))

    def act(values: dict[str, Any]) -> Interview:
        knowingly = values["knowingly"]
        return commands.log_interview(actor, project, form.facts(), knowingly=knowingly)

    def done(_made: Interview) -> tuple[str, str]:
        return _("Entretien noté."), page.back

    return ask(page, form, act, done)


@bp.route(ONE, methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project = open_to_write(slug)
    interview = queries.get_interview(actor, project, number)
    groups = queries.list_groups(actor, project)
    chosen = queries.find_group_of(actor, project, interview)
    if request.method in SAFE_METHODS:
        form = InterviewForm(groups, formdata=None, obj=interview, chosen=chosen)
    else:
        form = InterviewForm(groups, chosen=chosen)
    title = _("Modifier l’entretien %(n)s", n=number)
    page = _form_page(project, title, _("Modifier"), _("Enregistrer"), number)

    def act(values: dict[str, Any]) -> None:
        agreed = {"knowingly": values["knowingly"], "seen": values["version"]}
        commands.change_interview(actor, project, interview, form.facts(), **agreed)

    def done(_made: None) -> tuple[str, str]:
        return _("Entretien enregistré."), page.back

    return ask(page, form, act, done, stored=interview)


def _form_page(project: Project, title: str, step: str, yes: str, number: int = 0) -> FormPage:
    back = url_for("interviews.index", slug=project.slug)
    return FormPage(
        title=title,
        trail=trail(project, (_("Entretiens"), back)),
        step=step,
        yes=yes,
        back=back,
        draft=f"interview-{project.slug}-{number}",
        beside=(("held_on", "people"),),
        folded=("knowingly",),
        advice=(
            _("Notez ce qui vous a surpris avant ce qui confirme."),
            _("Ni nom, ni adresse, ni numéro : « un contrôleur de la côte » suffit."),
        ),
    )
