"""The button that undoes an acceptance or a confirmation, for the person who gave it."""

from flask import Blueprint, Response

from portal.coaching.recommendations import undo_commands
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.recommendations.views import RECOMMENDATION_RULE, page
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.writes import VersionedButtonForm, write
from portal.project.projects.numbered_queries import get_by_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.queries import get_project

bp = Blueprint("recommendation_undos", __name__, url_prefix="/projects/<slug>/recommendations")


@bp.post(f"{RECOMMENDATION_RULE}/undo")
def undo(slug: str, number: int) -> Response:
    project = get_project(actor, slug)
    row, form = get_by_number(actor, Recommendation, project, number), VersionedButtonForm()
    is_confirmed = row.stage is RecommendationStage.CONFIRMED
    return write(
        form,
        lambda values: undo_commands.undo_acceptance_or_confirmation(actor, project, row, values["version"]),
        message=_("Confirmation annulée.") if is_confirmed else _("Acceptation annulée."),
        to=row_path(project, row),
        page=lambda status: page(slug, number, status, form),
    )
