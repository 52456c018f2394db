"""Remove a round, after a confirmation."""

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import CreateForm
from portal.platform.web.confirmation import ConfirmationQuestion
from portal.platform.web.writes import write_confirmed
from portal.project.projects.workspace_views import load_project_and_row_to_write
from portal.user_tests.rounds import queries, removal_commands
from portal.user_tests.rounds.page_views import ROUND_PATH

bp = Blueprint("round_removal", __name__, url_prefix="/projects/<slug>/tests")


@bp.route(f"{ROUND_PATH}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int) -> Response:
    project, round_ = load_project_and_row_to_write(
        slug, number, queries.get_round, removal_commands.require_removable
    )
    question = ConfirmationQuestion(
        title=_("Supprimer la série %(n)s ?", n=number),
        lead=_("Pour une série préparée par erreur, que personne n’a essayée."),
        means=(
            _("Ses tâches et ses textes de consentement sont supprimés."),
            _("Le journal garde ce qu’elle était, et qui l’a supprimée."),
        ),
        yes=_("Supprimer la série"),
        no=_("Garder la série"),
        step=_("Supprimer"),
        place=_("Série %(n)s", n=number),
        back=url_for("rounds.page", slug=slug, number=number),
    )
    return write_confirmed(
        question,
        CreateForm(),
        lambda: removal_commands.remove_round(actor, project, round_),
        message=_("Série %(n)s supprimée.", n=number),
        to=url_for("rounds.index", slug=slug),
    )
