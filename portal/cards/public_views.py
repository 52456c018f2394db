"""What anybody reads, without an account: the cards that programmes show, and nothing else."""

from flask import Blueprint, Response, url_for
from flask_babel import get_locale

from portal.cards import queries, words
from portal.kernel.text import LOCALES, in_language
from portal.web.render import render, see_path

bp = Blueprint("public_cards", __name__, url_prefix="/cards/<programme>")


@bp.get("")
def index(programme: str) -> Response:
    """All those of a programme."""
    found = queries.list_shown(programme)
    return render("cards/index.html", found=found, language=_reader_language(), words=words)


@bp.get("/<slug>")
def landing(programme: str, slug: str) -> Response:
    """To the reader's language."""
    queries.get_shown(programme, slug)
    language = _reader_language()
    return see_path(url_for(".page", programme=programme, slug=slug, language=language))


@bp.get("/<slug>/<any(fr, en):language>")
def page(programme: str, slug: str, language: str) -> Response:
    shown = queries.get_shown(programme, slug)
    with in_language(language):
        titles = {key: str(title) for key, title in words.TITLES.items()}
        state, dates = words.state(shown.project), words.dates(shown.project)
        note = words.invented(shown.programme)
    return render(
        "cards/public.html",
        shown=shown,
        title=words.title(shown.project, language),
        title_language=words.title_language(shown.project, language),
        titles=titles,
        language=language,
        state=state,
        dates=dates,
        note=note,
    )


def _reader_language() -> str:
    language = str(getattr(get_locale(), "language", ""))
    return language if language in LOCALES else LOCALES[0]
