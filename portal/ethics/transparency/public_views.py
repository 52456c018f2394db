"""Public pages, without an account: published sheets as HTML, PDF and JSON."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, jsonify, send_file, url_for
from flask_babel import get_locale

from portal.ethics.transparency import labels, queries
from portal.platform.kernel.text import LOCALES, using_language
from portal.platform.kernel.text import gettext as _
from portal.platform.pdf.printer import MEDIA_TYPE, DocumentKind, print_pdf
from portal.platform.web.rendering import redirect_to_path, render
from portal.platform.web.template_filters import day

bp = Blueprint("published", __name__, url_prefix="/transparency")
PUBLISHED_PATH = "/<slug>/<any(fr, en):language>"


@bp.get("")
def index() -> Response:
    language = _find_reader_language()
    return render(
        "ethics/transparency/published.html",
        published_sheets=queries.list_published_sheets(),
        language=language,
        labels=labels,
    )


@bp.get("/<slug>")
def landing(slug: str) -> Response:
    """Redirects to the reader's language."""
    queries.get_published_sheet(slug)
    return redirect_to_path(url_for(".page", slug=slug, language=_find_reader_language()))


@bp.get(PUBLISHED_PATH)
def page(slug: str, language: str) -> Response:
    """The whole page is in the language of its address."""
    published_sheet = queries.get_published_sheet(slug)
    with using_language(language):
        return render(
            "ethics/transparency/public.html",
            sheet=published_sheet.edition.content[language],
            edition=published_sheet.edition,
            state_since=labels.describe_state_since_publication(published_sheet),
            slug=slug,
            language=language,
            typed_columns=labels.TYPED_COLUMNS,
        )


@bp.get(f"{PUBLISHED_PATH}.pdf")
def download(slug: str, language: str) -> Response:
    published_sheet = queries.get_published_sheet(slug)
    edition, content = published_sheet.edition, _build_pdf_content(published_sheet, language)
    pdf = print_pdf(DocumentKind.TRANSPARENCY, content, edition.created_at)
    name = f"{slug}-transparency-{edition.number}-{language}.pdf"
    return send_file(BytesIO(pdf), mimetype=MEDIA_TYPE, as_attachment=True, download_name=name)


def _build_pdf_content(published_sheet: queries.PublishedSheet, language: str) -> dict[str, Any]:
    """The sheet, with what became of the project, a footer for each page and the fingerprint."""
    edition = published_sheet.edition
    with using_language(language):
        sheet_content = edition.content[language]
        foot = _(
            "%(title)s, édition %(n)s, %(day)s",
            title=sheet_content["title"],
            n=edition.number,
            day=day(edition.published_on),
        )
        fingerprint = _("Empreinte SHA-256 : %(mark)s", mark=edition.fingerprint)
        notes = sheet_content["note"], labels.describe_state_since_publication(published_sheet)
        note = "\n".join(filter(None, notes))
        return {**sheet_content, "note": note, "foot": foot, "mark": fingerprint}


@bp.get("/<slug>/sheet.json")
def as_json(slug: str) -> Response:
    """Both languages, with the fingerprint of `content` (`fingerprint_content`), and the project's
    state of today."""
    published_sheet = queries.get_published_sheet(slug)
    edition = published_sheet.edition
    return jsonify(
        project_state=published_sheet.project.state.value,
        edition=edition.number,
        published_on=edition.published_on.isoformat(),
        fingerprint={"algorithm": "SHA-256", "value": edition.fingerprint},
        content=edition.content,
    )


def _find_reader_language() -> str:
    language = str(getattr(get_locale(), "language", ""))
    return language if language in LOCALES else LOCALES[0]
