"""Answers from a file, and the questions in a newer edition."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, request

from portal.ethics.reviews import answer_commands as commands
from portal.ethics.reviews import labels, policy, queries
from portal.ethics.reviews.forms import ImportAnswersForm, ReviewUpgradeForm
from portal.ethics.reviews.page_views import path_of, trail_of
from portal.ethics.reviews.queries import ReviewRecord
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import get_writable_project

bp = Blueprint("review_imports", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


def _open_to_answer(slug: str, number: int) -> tuple[Project, ReviewRecord]:
    project = get_writable_project(slug)
    return project, queries.get_record(actor, project, number)


@bp.route(f"{REVIEW_PATH}/import", methods=["GET", "POST"])
def take_file(slug: str, number: int) -> Response:
    """Answers as another tool, or an export of this page, gives them."""
    project, record = _open_to_answer(slug, number)
    if request.method in SAFE_METHODS and not policy.can_answer(actor, project, record.review):
        return redirect_to_path(path_of(project, number))
    form = make_form(ImportAnswersForm)
    form_page = FormPage(
        title=_("Importer des réponses"),
        lead=str(record.definition.title),
        trail=trail_of(project, number),
        step=_("Importer"),
        yes=_("Importer"),
        takes_file=True,
        advice=(
            _("L’export de cette page se réimporte tel quel ; celui de l’outil canadien aussi."),
            _("Ce que le fichier ne nomme pas reste. Ce qu’il nomme est remplacé."),
        ),
    )

    def act(_values: Mapping[str, Any]) -> commands.ImportResult:
        return commands.import_answers(actor, project, record.review, form.read_answers())

    def on_success(filed: commands.ImportResult) -> tuple[str, str]:
        return _import_summary(filed), path_of(project, number)

    return answer_form(form_page, form, act, on_success)


def _import_summary(filed: commands.ImportResult) -> str:
    n = len(filed.saved)
    sentences = [ngettext("%(num)s réponse changée.", "%(num)s réponses changées.", n)]
    if not n and not filed.closed:
        sentences = [_("Rien n’a changé : ces réponses étaient déjà là.")]
    if left := [*filed.unknown, *filed.misfits]:
        sentences.append(_("Laissées de côté : %(keys)s.", keys=", ".join(left[:20])))
    if filed.closed:
        keys = ", ".join(filed.closed[:20])
        sentences.append(
            _("De sections qui ne sont pas rouvertes, et laissées : %(keys)s.", keys=keys)
        )
    return " ".join(sentences)


@bp.route(f"{REVIEW_PATH}/edition", methods=["GET", "POST"])
def move_on(slug: str, number: int) -> Response:
    """To the latest edition of the questions: what becomes of the answers first."""
    project, record = _open_to_answer(slug, number)
    newer = commands.find_newer_edition(record) if record.review.is_with_team else None
    if newer is None and request.method in SAFE_METHODS:
        return redirect_to_path(path_of(project, number))
    form = make_form(ReviewUpgradeForm, version=record.review.version)
    becomes = commands.preview_upgrade(record, newer or record.definition)

    def again(status: int = 200) -> Response:
        return render(
            "ethics/reviews/edition.html",
            fragment="form",
            status=status,
            project=project,
            review=record.review,
            former=record.definition,
            other=newer or record.definition,
            becomes=becomes,
            answers=record.answers,
            form=form,
            trail=trail_of(project, number),
            words=labels,
        )

    def act(values: Mapping[str, Any]) -> None:
        commands.upgrade_edition(actor, project, record.review, values["version"])

    def on_success(_result: None) -> Response:
        flash(_("La revue a maintenant la dernière édition de ses questions."))
        return redirect_to_path(path_of(project, number))

    is_safe_request = request.method in SAFE_METHODS
    return (
        again() if is_safe_request else submit(form, act, on_success, again, stored=record.review)
    )
