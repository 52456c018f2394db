"""Answers from a file, and the questions in a newer edition."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, request

from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.models import Project
from portal.projects.workplace import open_to_write
from portal.reviews import answer_commands as commands
from portal.reviews import policy, queries, words
from portal.reviews.forms import ImportForm, MoveOnForm
from portal.reviews.queries import Held
from portal.reviews.workplace import path_of, trail_of
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("review_imports", __name__, url_prefix="/projects/<slug>/reviews")
ONE = "/<int(max=9999):number>"


def _to_write(slug: str, number: int) -> tuple[Project, Held]:
    project = open_to_write(slug)
    return project, queries.read_review(actor, project, number)


@bp.route(f"{ONE}/import", methods=["GET", "POST"])
def take_file(slug: str, number: int) -> Response:
    """Answers as another tool, or an export of this page, gives them."""
    project, held = _to_write(slug, number)
    if request.method in SAFE_METHODS and not policy.can_answer(actor, project, held.review):
        return see_path(path_of(project, number))
    form = fresh(ImportForm)
    asked = FormPage(
        title=_("Importer des réponses"),
        lead=str(held.definition.title),
        trail=trail_of(project, number),
        step=_("Importer"),
        yes=_("Importer"),
        takes_file=True,
        advice=(
            _("L’export de cette page se réimporte tel quel ; celui de l’outil canadien aussi."),
            _("Ce que le fichier ne nomme pas reste. Ce qu’il nomme est remplacé."),
        ),
    )

    def act(_values: Mapping[str, Any]) -> commands.Filed:
        return commands.take_file(actor, project, held.review, form.read())

    def done(filed: commands.Filed) -> tuple[str, str]:
        return _told(filed), path_of(project, number)

    return ask(asked, form, act, done)


def _told(filed: commands.Filed) -> str:
    n = len(filed.kept)
    said = [ngettext("%(num)s réponse changée.", "%(num)s réponses changées.", n)]
    if not n and not filed.closed:
        said = [_("Rien n’a changé : ces réponses étaient déjà là.")]
    if left := [*filed.unknown, *filed.misfits]:
        said.append(_("Laissées de côté : %(keys)s.", keys=", ".join(left[:20])))
    if filed.closed:
        keys = ", ".join(filed.closed[:20])
        said.append(_("De sections qui ne sont pas rouvertes, et laissées : %(keys)s.", keys=keys))
    return " ".join(said)


@bp.route(f"{ONE}/edition", methods=["GET", "POST"])
def move_on(slug: str, number: int) -> Response:
    """To the latest edition of the questions: what becomes of the answers first."""
    project, held = _to_write(slug, number)
    newer = commands.find_newer(held) if held.review.is_with_team else None
    if newer is None and request.method in SAFE_METHODS:
        return see_path(path_of(project, number))
    form = fresh(MoveOnForm, version=held.review.version)
    becomes = commands.preview(held, newer or held.definition)

    def again(status: int = 200) -> Response:
        return render(
            "reviews/edition.html",
            fragment="form",
            status=status,
            project=project,
            review=held.review,
            former=held.definition,
            other=newer or held.definition,
            becomes=becomes,
            answers=held.answers,
            form=form,
            trail=trail_of(project, number),
            words=words,
        )

    def act(values: Mapping[str, Any]) -> None:
        commands.move_on(actor, project, held.review, values["version"])

    def done(_made: None) -> Response:
        flash(_("La revue a maintenant la dernière édition de ses questions."))
        return see_path(path_of(project, number))

    is_asked_for = request.method in SAFE_METHODS
    return again() if is_asked_for else submit(form, act, done, again, stored=held.review)
