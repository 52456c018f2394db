"""The consent text of a round: page, PDF, form to change it."""

from io import BytesIO

from flask import Blueprint, Response, send_file, url_for

from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import load_project_and_row, load_project_and_row_to_write
from portal.user_tests.rounds import commands, consent_commands, labels, policy, queries
from portal.user_tests.rounds.consent_documents import build_consent_leaflet
from portal.user_tests.rounds.forms import ConsentTextForm
from portal.user_tests.rounds.models import ConsentText, TestRound
from portal.user_tests.rounds.page_views import trail_to_round

bp = Blueprint("consent", __name__, url_prefix="/projects/<slug>/tests/<int(max=9999):number>/consent")
LANGUAGE_PATH = "/<any(fr, en):language>"


@bp.get(LANGUAGE_PATH)
def page(slug: str, number: int, language: str) -> Response:
    project, round_, text = _read_round_and_consent_text(slug, number, language)
    has_sessions = queries.has_counted_sessions(round_)
    return render(
        "user_tests/rounds/consent.html",
        project=project,
        round=round_,
        language=language,
        leaflet=build_consent_leaflet(project, round_, text),
        trail=trail_to_round(project, round_),
        can_change=policy.can_change_tasks(actor, project, round_, has_sessions=has_sessions),
        labels=labels,
    )


@bp.get(f"{LANGUAGE_PATH}.pdf")
def download(slug: str, number: int, language: str) -> Response:
    """Send the leaflet as a tagged PDF."""
    project, round_, text = _read_round_and_consent_text(slug, number, language)
    pdf = print_pdf(DocumentKind.CONSENT, build_consent_leaflet(project, round_, text))
    name = f"{project.slug}-{round_.number}-consent-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@bp.route(f"{LANGUAGE_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int, language: str) -> Response:
    project, round_ = load_project_and_row_to_write(
        slug, number, queries.get_round, commands.require_tasks_editable
    )
    text = queries.get_consent_text(round_, language)
    form = make_form(ConsentTextForm, obj=text)
    form_page = FormPage(
        title=_("Consentement en %(language)s", language=labels.LANGUAGES[language]),
        lead=_("Le portail propose ces phrases ; ajoutez l’adresse du délégué, relisez le reste."),
        trail=trail_to_round(project, round_),
        step=_("Consentement"),
        advice=(
            _("Rien à changer\u00a0? Enregistrez tel quel\u00a0: le texte compte comme relu."),
            _("Dès que quelqu’un a participé, ce texte ne change plus : il l’a accepté ainsi."),
            _("Faites-le relire par le délégué à la protection des données de votre organisme."),
            _("Si la séance est filmée ou enregistrée, dites-le ici, et combien de temps."),
        ),
    )

    return write_page(
        form_page,
        form,
        lambda values: consent_commands.change_consent_text(
            actor, project, round_, text, form.parts(), expected_version=values["version"]
        ),
        message=_("Texte enregistré."),
        to=url_for(".page", slug=slug, number=number, language=language),
        stored=text,
    )


def _read_round_and_consent_text(
    slug: str, number: int, language: str
) -> tuple[Project, TestRound, ConsentText]:
    project, round_ = load_project_and_row(slug, number, queries.get_round)
    return project, round_, queries.get_consent_text(round_, language)
