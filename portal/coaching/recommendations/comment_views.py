"""Routes that turn a comment into a recommendation or a backlog item."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.coaching.recommendations import commands
from portal.coaching.recommendations.forms import TurnCommentIntoItemForm
from portal.collaboration.discussions.mention_queries import replace_handles_of_comment
from portal.collaboration.discussions.models import Comment
from portal.collaboration.discussions.queries import get_comment, get_discussion
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.rendering import redirect_to
from portal.platform.web.writes import write
from portal.project.projects import work_commands
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project_of_scope
from portal.sprints.backlog.models import TITLE_MAX

bp = Blueprint("from_comments", __name__, url_prefix="/comments/<uuid:comment_id>")


def _open_comment_and_project(comment_id: UUID) -> tuple[Comment, Project]:
    comment = get_comment(actor, comment_id)
    discussion = get_discussion(actor, comment.discussion_id)
    return comment, get_project_of_scope(actor, discussion.scope_id)


@bp.get("/recommend")
def redirect_to_recommend(comment_id: UUID) -> Response:
    """Redirect to the form, filled from the comment."""
    comment, project = _open_comment_and_project(comment_id)
    work_commands.require_advisor(actor, project)
    return redirect_to("recommendations.add", slug=project.slug, comment=comment.id)


@bp.post("/item")
def make_item(comment_id: UUID) -> Response:
    comment, project = _open_comment_and_project(comment_id)
    work_commands.require_team_member(actor, project)
    form = TurnCommentIntoItemForm()

    question = ConfirmationQuestion(
        title=_("Mettre ce message au carnet ?"),
        lead=commands.first_line(replace_handles_of_comment(comment.id, comment.body), TITLE_MAX),
        means=(_("Il devient un élément du carnet, dont la page ramène au message."),),
        yes=_("Mettre au carnet"),
        no=_("Revenir au message"),
        step=_("Mettre au carnet"),
        place=_("Le message"),
        back=url_for("discussions.redirect_to_comment", comment_id=comment_id),
    )
    return write(
        form,
        lambda _values: commands.make_backlog_item_of_comment(actor, project, comment),
        message=lambda item: _("Élément %(n)s ajouté au carnet.", n=item.number),
        to=lambda item: url_for("items.page", slug=project.slug, number=item.number),
        page=lambda status: ask_confirmation(question, form, status),
    )
