"""Questionnaires of the installation: those offered, and a new edition checked, compared, loaded."""

from flask import Blueprint, Response, url_for

from portal.app.administration import policy, questionnaires
from portal.app.administration.file_forms import CheckedTextForm, TextFileForm
from portal.app.administration.questionnaires import QuestionnaireCheckResult
from portal.ethics.questionnaires.answer_labels import DIFFERENCES
from portal.ethics.questionnaires.detail_change_labels import format_before_and_after, label_detail_change
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form, submit
from portal.platform.web.rendering import render
from portal.platform.web.writes import write

bp = Blueprint("questionnaire_editions", __name__, url_prefix="/administration/questionnaires")


@bp.get("")
def index() -> Response:
    policy.require_administrator(actor)
    return _render_questionnaires_page(TextFileForm(formdata=None))


def _render_questionnaires_page(
    form: Form,
    status: int = 200,
    checked: QuestionnaireCheckResult | None = None,
    to_load: Form | None = None,
) -> Response:
    return render(
        "app/administration/questionnaires.html",
        status=status,
        form=form,
        offered=questionnaires.list_offered_questionnaires(),
        checked=checked,
        to_load=to_load,
        differences=DIFFERENCES,
        name_change=label_detail_change,
        format_change=format_before_and_after,
    )


@bp.post("/check")
def check() -> Response:
    policy.require_administrator(actor)
    form = TextFileForm()

    def read(_values: object) -> tuple[str, QuestionnaireCheckResult]:
        text = form.read_text()
        return text, questionnaires.check_edition(text)

    def show(result: tuple[str, QuestionnaireCheckResult]) -> Response:
        text, checked = result
        checked_form = TextFileForm(formdata=None, data={"text": text})
        to_load = CheckedTextForm(formdata=None, data={"text": text}) if checked.can_load else None
        return _render_questionnaires_page(checked_form, 200, checked, to_load)

    return submit(form, read, show, lambda status: _render_questionnaires_page(form, status))


@bp.post("")
def load() -> Response:
    policy.require_administrator(actor)
    form = CheckedTextForm()

    return write(
        form,
        lambda values: questionnaires.load_checked_edition(actor, values["text"]),
        message=lambda definition: _(
            "« %(title)s », édition %(n)s, est proposée.", title=definition.title, n=definition.edition
        ),
        to=url_for(".index"),
        page=lambda status: _render_questionnaires_page(form.as_text_file_form(), status),
    )
