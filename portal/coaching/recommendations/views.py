"""Pages and forms of a project's recommendations."""

from functools import partial
from uuid import UUID

from flask import Blueprint, Response, request

from portal.coaching.recommendations import commands, labels, policy, queries
from portal.coaching.recommendations.commands import first_line
from portal.coaching.recommendations.forms import (
    AcceptRecommendationForm,
    Choices,
    DeclineRecommendationForm,
    EditRecommendationForm,
    NewRecommendationForm,
    RecommendationProofForm,
    SendBackProofForm,
)
from portal.coaching.recommendations.models import LINE_MAX, WHY_MAX, Recommendation
from portal.collaboration.discussions.mention_queries import replace_handles_of_comment
from portal.collaboration.discussions.models import Comment
from portal.collaboration.discussions.queries import get_comment, get_discussion
from portal.collaboration.discussions.views import discussion_context
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_button, write_page
from portal.project.projects import policy as projects
from portal.project.projects import work_commands
from portal.project.projects.gate_queries import list_gate_form_choices
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import get_by_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import list_revisions
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    get_writable_project,
    page_label,
    render_row_list,
    section_trail,
    show_history,
)

bp = Blueprint("recommendations", __name__, url_prefix="/projects/<slug>/recommendations")
RECOMMENDATION_RULE = "/<int(max=9999):number>"


def _open_project_to_advise(slug: str) -> Project:
    """A project that the actor coaches, or whose programme the actor leads."""
    project = get_project(actor, slug)
    work_commands.require_advisor(actor, project)
    return project


def _open_recommendation_to_confirm(slug: str, number: int) -> tuple[Project, Recommendation]:
    project = _open_project_to_advise(slug)
    return project, get_by_number(actor, Recommendation, project, number)


def _open_recommendation_to_answer(slug: str, number: int) -> tuple[Project, Recommendation]:
    project = get_writable_project(slug)
    return project, get_by_number(actor, Recommendation, project, number)


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    return render_row_list(
        "coaching/recommendations/index.html",
        project,
        recommendations=queries.read_recommendations_page(actor, project, requested_page_number()),
        can_recommend=policy.can_recommend(actor, project),
        can_advise=projects.can_advise(actor, project),
        name_page=page_label,
        labels=labels,
    )


@bp.get(RECOMMENDATION_RULE)
def page(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The recommendation's page; `form` is a button of the page that was refused."""
    project = get_project(actor, slug)
    detail = queries.read_recommendation(actor, project, number)
    row = detail.row
    return render(
        "coaching/recommendations/page.html",
        fragment="discussion",
        status=status,
        project=project,
        detail=detail,
        row=row,
        form=form,
        about=detail.about and page_label(detail.about),
        can_change=policy.can_change(actor, project, row),
        can_accept=policy.can_accept(actor, project, row),
        can_decline=policy.can_decline(actor, project, row),
        can_complete=policy.can_complete(actor, project, row),
        can_confirm=policy.can_confirm(actor, project, row),
        can_undo=policy.can_undo(actor, project, row),
        labels=labels,
        **attachments_context(project, row),
        **discussion_context(row.discussion_id),
    )


@bp.get(f"{RECOMMENDATION_RULE}/history")
def history(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    row = get_by_number(actor, Recommendation, project, number)
    return show_history(
        _("Historique de la recommandation %(n)s", n=number),
        _build_recommendation_trail(project, row),
        list_revisions([row.id], labels.ACTION_LABELS),
        actions=labels.ACTION_LABELS,
        labels=labels.LABELS,
        format_value=labels.format_value,
    )


def _build_recommendation_trail(project: Project, row: Recommendation | None = None) -> Trail:
    row_label = _("Recommandation %(n)s", n=row.number) if row else ""
    return section_trail(project, _("Recommandations"), ".index", row, row_label)


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    """Propose a recommendation: a general one, one about the object whose discussion is the URL
    parameter `about`, or one from the comment `comment`, which fills the form."""
    project = _open_project_to_advise(slug)
    if request.method in SAFE_METHODS:
        work_commands.require_project_active(project)
    comment, about_id = _find_requested_comment(project), _find_requested_discussion_id(project)
    text = replace_handles_of_comment(comment.id, comment.body) if comment else ""
    defaults = {"what": first_line(text, LINE_MAX), "why": text[:WHY_MAX]} if comment else {}
    form = make_form(NewRecommendationForm, _list_gate_choices(project), **defaults)
    about_id = comment.discussion_id if comment else about_id
    about_label = page_label(get_discussion(actor, about_id).page) if about_id else ""
    return write_page(
        FormPage(
            title=_("Recommander"),
            lead=_("À propos de : %(thing)s", thing=about_label) if about_id else "",
            trail=_build_recommendation_trail(project),
            step=_("Recommander"),
            yes=_("Proposer à l’équipe"),
            beside=(("due_on", "gate"),),
            advice=(
                _("L’équipe l’accepte ou la décline en disant pourquoi."),
                _("Une fois faite, elle montre ce qui le prouve, et vous confirmez."),
                _(
                    "Sans réponse au bout de 7, 14 puis 21 jours, elle remonte parmi celles qui vous"
                    " attendent."
                ),
            ),
        ),
        form,
        lambda _values: commands.recommend(actor, project, form.facts(), about_id=about_id, comment=comment),
        message=_("Recommandation proposée à l’équipe."),
        to=lambda row: row_path(project, row),
    )


def _list_gate_choices(project: Project, row: Recommendation | None = None) -> Choices:
    return list_gate_form_choices(project, row.gate if row else None, _("Aucun en particulier"))


def _find_requested_comment(project: Project) -> Comment | None:
    """Raises `NotFound` for a comment of another project, or a deleted one."""
    comment_id = request.args.get("comment", type=UUID)
    if comment_id is None:
        return None
    comment = get_comment(actor, comment_id)
    _require_discussion_in_project(project, comment.discussion_id)
    if comment.deleted_at is not None:
        raise NotFound
    return comment


def _find_requested_discussion_id(project: Project) -> UUID | None:
    """Raises `NotFound` for a discussion of another project."""
    discussion_id = request.args.get("about", type=UUID)
    if discussion_id is not None:
        _require_discussion_in_project(project, discussion_id)
    return discussion_id


def _require_discussion_in_project(project: Project, discussion_id: UUID) -> None:
    if get_discussion(actor, discussion_id).scope_id != project.id:
        raise NotFound


@bp.route(f"{RECOMMENDATION_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, row = _open_recommendation_to_confirm(slug, number)
    form = make_form(EditRecommendationForm, _list_gate_choices(project, row), obj=row)
    return write_page(
        FormPage(
            title=_("Modifier la recommandation %(n)s", n=number),
            trail=_build_recommendation_trail(project, row),
            step=_("Modifier"),
            beside=(("due_on", "gate"),),
        ),
        form,
        lambda values: commands.change_recommendation(actor, project, row, form.facts(), values["version"]),
        message=_("Recommandation enregistrée."),
        stored=row,
    )


@bp.post(f"{RECOMMENDATION_RULE}/accept")
def accept(slug: str, number: int) -> Response:
    project, row = _open_recommendation_to_answer(slug, number)
    form = AcceptRecommendationForm()
    read_version = form.version.data or (0 if row.decline_reason else None)
    return write_button(
        lambda: commands.accept(actor, project, row, read_version),
        message=_("Recommandation acceptée : « %(what)s ».", what=row.what),
        to=row_path(project, row),
        page=partial(page, slug, number),
        form=form,
    )


@bp.route(f"{RECOMMENDATION_RULE}/decline", methods=["GET", "POST"])
def decline(slug: str, number: int) -> Response:
    project, row = _open_recommendation_to_answer(slug, number)
    form = make_form(DeclineRecommendationForm, obj=row)
    return write_page(
        FormPage(
            title=_("Décliner la recommandation %(n)s", n=number),
            lead=row.what,
            trail=_build_recommendation_trail(project, row),
            step=_("Décliner"),
            yes=_("Décliner"),
            advice=(_("Décliner est une réponse : dites ce qui s’y oppose, le coach saura quoi proposer."),),
        ),
        form,
        lambda values: commands.decline(actor, project, row, values["decline_reason"], values["version"]),
        message=_("Recommandation déclinée."),
        stored=row,
    )


@bp.route(f"{RECOMMENDATION_RULE}/done", methods=["GET", "POST"])
def note_done(slug: str, number: int) -> Response:
    project, row = _open_recommendation_to_answer(slug, number)
    form = make_form(RecommendationProofForm, obj=row)
    return write_page(
        FormPage(
            title=_("Montrer que la recommandation %(n)s est faite", n=number),
            lead=row.what,
            trail=_build_recommendation_trail(project, row),
            step=_("C’est fait"),
            yes=_("C’est fait"),
            advice=(
                _("Un texte, un lien ou un fichier joint à la recommandation suffit."),
                _("Un coach confirme ensuite, ou dit ce qui manque."),
            ),
        ),
        form,
        lambda values: commands.complete(actor, project, row, form.read_proof(), values["version"]),
        message=_("C’est noté : un coach va confirmer."),
        stored=row,
    )


@bp.post(f"{RECOMMENDATION_RULE}/confirm")
def confirm(slug: str, number: int) -> Response:
    project, row = _open_recommendation_to_confirm(slug, number)
    return write_button(
        lambda: commands.confirm(actor, project, row),
        message=_("Recommandation confirmée : « %(what)s ».", what=row.what),
        to=row_path(project, row),
        page=partial(page, slug, number),
    )


@bp.route(f"{RECOMMENDATION_RULE}/send-back", methods=["GET", "POST"])
def send_back(slug: str, number: int) -> Response:
    project, row = _open_recommendation_to_confirm(slug, number)
    form = make_form(SendBackProofForm, obj=row)
    return write_page(
        FormPage(
            title=_("Dire ce qui manque à la recommandation %(n)s", n=number),
            lead=row.what,
            trail=_build_recommendation_trail(project, row),
            step=_("Ce qui manque"),
            yes=_("Renvoyer à l’équipe"),
        ),
        form,
        lambda values: commands.send_back(actor, project, row, values["sent_back"], values["version"]),
        message=_("L’équipe lira ce qui manque."),
        stored=row,
    )
