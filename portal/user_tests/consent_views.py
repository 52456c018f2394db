"""What participants are told before: read, printed, downloaded, and changed by the team."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file, url_for

from portal.kernel import clock
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.papers.printing import MEDIA_TYPE, Document, print_pdf
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import open_to_write
from portal.user_tests import commands, policy, queries, words
from portal.user_tests import consent_commands as consents
from portal.user_tests.forms import ConsentForm
from portal.user_tests.leaflet import leaflet
from portal.user_tests.models import ConsentText, TestRound
from portal.user_tests.views import trail_to
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.render import render

bp = Blueprint(
    "consent", __name__, url_prefix="/projects/<slug>/tests/<int(max=9999):number>/consent"
)
ONE = "/<any(fr, en):language>"


@bp.get(ONE)
def page(slug: str, number: int, language: str) -> Response:
    project, row, text = _read(slug, number, language)
    has_sessions = queries.has_sessions(row)
    return render(
        "user_tests/consent.html",
        project=project,
        row=row,
        language=language,
        told=leaflet(project, row, text),
        trail=trail_to(project, row),
        can_change=policy.can_change_tasks(actor, project, row, has_sessions=has_sessions),
        words=words,
    )


@bp.get(f"{ONE}.pdf")
def download(slug: str, number: int, language: str) -> Response:
    """The same on paper: one PDF, tagged."""
    project, row, text = _read(slug, number, language)
    made = print_pdf(Document.CONSENT, leaflet(project, row, text), clock.now())
    name = f"{project.slug}-{row.number}-consent-{language}.pdf"
    return send_file(BytesIO(made), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int, language: str) -> Response:
    project = open_to_write(slug)
    row = queries.get_round(actor, project, number)
    if request.method in SAFE_METHODS:
        commands.require_still(actor, project, row)
    text = queries.get_consent(row, language)
    form = fresh(ConsentForm, obj=text)
    asked = FormPage(
        title=_("Consentement en %(language)s", language=words.LANGUAGES[language]),
        lead=_("Le portail propose ces phrases ; ajoutez l’adresse du délégué, relisez le reste."),
        trail=trail_to(project, row),
        step=_("Consentement"),
        advice=(
            _("Dès que quelqu’un a participé, ce texte ne change plus : il l’a accepté ainsi."),
            _("Faites-le relire par le délégué à la protection des données de votre organisme."),
            _("Si la séance est filmée ou enregistrée, dites-le ici, et combien de temps."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        parts, seen = form.parts(), values["version"]
        consents.write_consent(actor, project, row, text, parts, seen=seen)

    def done(_made: None) -> tuple[str, str]:
        page = url_for(".page", slug=slug, number=number, language=language)
        return _("Texte enregistré."), page

    return ask(asked, form, act, done, stored=text)


def _read(slug: str, number: int, language: str) -> tuple[Project, TestRound, ConsentText]:
    project = get_project(actor, slug)
    row = queries.get_round(actor, project, number)
    return project, row, queries.get_consent(row, language)
