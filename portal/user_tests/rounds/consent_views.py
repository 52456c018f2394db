"""What participants are told before: read, printed, downloaded, and changed by the team."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file, url_for

from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, Document, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import get_writable_project
from portal.user_tests.rounds import commands, labels, policy, queries
from portal.user_tests.rounds import consent_commands as consents
from portal.user_tests.rounds.consent_documents import build_consent_leaflet
from portal.user_tests.rounds.forms import ConsentTextForm
from portal.user_tests.rounds.models import ConsentText, TestRound
from portal.user_tests.rounds.views import round_trail

bp = Blueprint(
    "consent", __name__, url_prefix="/projects/<slug>/tests/<int(max=9999):number>/consent"
)
LANGUAGE_PATH = "/<any(fr, en):language>"


@bp.get(LANGUAGE_PATH)
def page(slug: str, number: int, language: str) -> Response:
    project, row, text = _read(slug, number, language)
    has_sessions = queries.has_sessions(row)
    return render(
        "user_tests/rounds/consent.html",
        project=project,
        row=row,
        language=language,
        told=build_consent_leaflet(project, row, text),
        trail=round_trail(project, row),
        can_change=policy.can_change_tasks(actor, project, row, has_sessions=has_sessions),
        words=labels,
    )


@bp.get(f"{LANGUAGE_PATH}.pdf")
def download(slug: str, number: int, language: str) -> Response:
    """The same on paper: one PDF, tagged."""
    project, row, text = _read(slug, number, language)
    pdf = print_pdf(Document.CONSENT, build_consent_leaflet(project, row, text), clock.now())
    name = f"{project.slug}-{row.number}-consent-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@bp.route(f"{LANGUAGE_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int, language: str) -> Response:
    project = get_writable_project(slug)
    row = queries.get_round(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_tasks_editable(actor, project, row)
    text = queries.get_consent(row, language)
    form = make_form(ConsentTextForm, obj=text)
    form_page = FormPage(
        title=_("Consentement en %(language)s", language=labels.LANGUAGES[language]),
        lead=_("Le portail propose ces phrases ; ajoutez l’adresse du délégué, relisez le reste."),
        trail=round_trail(project, row),
        step=_("Consentement"),
        advice=(
            _("Dès que quelqu’un a participé, ce texte ne change plus : il l’a accepté ainsi."),
            _("Faites-le relire par le délégué à la protection des données de votre organisme."),
            _("Si la séance est filmée ou enregistrée, dites-le ici, et combien de temps."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        parts, expected_version = form.parts(), values["version"]
        consents.write_consent(actor, project, row, text, parts, expected_version=expected_version)

    def on_success(_result: None) -> tuple[str, str]:
        page = url_for(".page", slug=slug, number=number, language=language)
        return _("Texte enregistré."), page

    return answer_form(form_page, form, act, on_success, stored=text)


def _read(slug: str, number: int, language: str) -> tuple[Project, TestRound, ConsentText]:
    project = get_project(actor, slug)
    row = queries.get_round(actor, project, number)
    return project, row, queries.get_consent(row, language)
