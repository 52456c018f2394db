"""Imports answers from JSON, and upgrades a review to a newer edition."""

from flask import Blueprint, Response, request

from portal.ethics.questionnaires.definition_rules import Questionnaire
from portal.ethics.reviews import answer_commands as commands
from portal.ethics.reviews import policy
from portal.ethics.reviews.forms import ImportAnswersForm
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.page_views import build_review_trail, get_review_to_answer, show_review_form
from portal.ethics.reviews.queries import ReviewWithAnswers
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path_by_number

bp = Blueprint("review_imports", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"
LISTED_KEYS_MAX = 20  # item keys named in the message after an import


@bp.route(f"{REVIEW_PATH}/import", methods=["GET", "POST"])
def import_answers(slug: str, number: int) -> Response:
    project, record = get_review_to_answer(slug, number)
    if request.method in SAFE_METHODS and not policy.can_answer(actor, project, record.review):
        return redirect_to_path(row_path_by_number(project, Review, number))
    form = make_form(ImportAnswersForm)
    return write_page(
        FormPage(
            title=_("Importer des réponses"),
            lead=str(record.definition.title),
            trail=build_review_trail(project, number),
            step=_("Importer"),
            yes=_("Importer"),
            takes_file=True,
            advice=(
                _("L’export de cette page se réimporte tel quel ; celui de l’outil canadien aussi."),
                _("Ce que le fichier ne nomme pas reste. Ce qu’il nomme est remplacé."),
            ),
        ),
        form,
        lambda _values: commands.import_answers(actor, project, record.review, form.read_answers()),
        message=_describe_import,
        to=row_path_by_number(project, Review, number),
    )


def _describe_import(result: commands.AnswersImportResult) -> str:
    n = len(result.saved)
    sentences = [ngettext("%(num)s réponse changée.", "%(num)s réponses changées.", n)]
    if not n and not result.closed:
        sentences = [_("Rien n’a changé : ces réponses étaient déjà là.")]
    if skipped := [*result.unknown, *result.misfits]:
        keys = ", ".join(skipped[:LISTED_KEYS_MAX])
        sentences.append(_("Laissées de côté : %(keys)s.", keys=keys))
    if result.closed:
        keys = ", ".join(result.closed[:LISTED_KEYS_MAX])
        sentences.append(_("De sections qui ne sont pas rouvertes, et laissées : %(keys)s.", keys=keys))
    return " ".join(sentences)


@bp.route(f"{REVIEW_PATH}/edition", methods=["GET", "POST"])
def upgrade_edition(slug: str, number: int) -> Response:
    """The page previews what becomes of the answers."""
    project, record = get_review_to_answer(slug, number)
    newer = commands.find_newer_edition(record) if record.review.is_with_team else None
    form = make_form(VersionedButtonForm, version=record.review.version)
    if request.method in SAFE_METHODS and newer is None:
        return redirect_to_path(row_path_by_number(project, Review, number))
    return write(
        form,
        lambda values: commands.upgrade_edition(actor, project, record.review, values["version"]),
        message=_("La revue a maintenant la dernière édition de ses questions."),
        to=row_path_by_number(project, Review, number),
        page=lambda status: _show_upgrade(project, record, newer or record.definition, form, status),
        stored=record.review,
    )


def _show_upgrade(
    project: Project, record: ReviewWithAnswers, newer: Questionnaire, form: Form, status: int = 200
) -> Response:
    return show_review_form(
        "ethics/reviews/edition.html",
        project,
        record,
        form,
        status,
        newer=newer,
        upgrade=commands.preview_upgrade(record, newer),
    )
