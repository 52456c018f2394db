"""Withdraws a submitted review and discards a draft."""

from flask import Blueprint, Response, request

from portal.ethics.reviews import commands, policy, queries
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.page_views import build_review_trail, get_project_and_review
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.writes import ButtonForm, write_page
from portal.project.projects.path_rules import row_path_by_number

bp = Blueprint("review_withdrawals", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


@bp.route(f"{REVIEW_PATH}/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, number: int) -> Response:
    project, review = get_project_and_review(slug, number)
    require(policy.may_submit(actor, project), commands.WHO_WITHDRAWS)
    if request.method in SAFE_METHODS and not policy.can_withdraw(actor, project, review):
        return redirect_to_path(row_path_by_number(project, Review, number))
    return write_page(
        FormPage(
            title=_("Reprendre la revue %(n)s", n=number),
            lead=_("Personne ne l’a encore prise en relecture."),
            trail=build_review_trail(project, number),
            step=_("Reprendre la revue"),
            yes=_("Reprendre la revue"),
            advice=(
                _("Les réponses redeviennent modifiables ; rien n’en est perdu."),
                _("La direction et le relecteur, s’il est choisi, en sont prévenus."),
            ),
        ),
        make_form(ButtonForm),
        lambda _values: commands.withdraw_submission(actor, project, review),
        message=_("La revue est de nouveau entre vos mains."),
    )


@bp.route(f"{REVIEW_PATH}/discard", methods=["GET", "POST"])
def discard(slug: str, number: int) -> Response:
    """The page says how many answers are frozen."""
    project, review = get_project_and_review(slug, number)
    require(policy.may_submit(actor, project), commands.WHO_WITHDRAWS)
    if request.method in SAFE_METHODS and not policy.can_discard(actor, project, review):
        return redirect_to_path(row_path_by_number(project, Review, number))
    n = queries.get_review_with_answers(actor, project, number).progress.answered
    return write_page(
        FormPage(
            title=_("Abandonner la revue %(n)s", n=number),
            lead=ngettext(
                "Elle a %(num)s réponse, qui ne changera plus et n’ira à aucun relecteur.",
                "Elle a %(num)s réponses, qui ne changeront plus et n’iront à aucun relecteur.",
                n,
            ),
            trail=build_review_trail(project, number),
            step=_("Abandonner"),
            yes=_("Abandonner la revue"),
            advice=(
                _("Elle reste lisible, en fin de liste. Une autre peut s’ouvrir à sa place."),
                _("Pour en garder les réponses, exportez-les d’abord en JSON : l’autre les importera."),
            ),
        ),
        make_form(ButtonForm),
        lambda _values: commands.discard_review(actor, project, review),
        message=_("La revue est abandonnée. Elle reste lisible ici."),
    )
