"""Public pages, without an account: published cards only."""

from flask import Blueprint, Response, url_for

from portal.oversight.public_cards import labels, queries
from portal.platform.kernel.text import in_reader_language, using_language
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.labels import describe_dated_project_state

bp = Blueprint("public_cards", __name__, url_prefix="/cards/<programme>")


@bp.get("")
def index(programme: str) -> Response:
    """Show all published cards of a programme."""
    return render(
        "oversight/public_cards/index.html",
        published_cards=queries.list_published_cards(programme),
        language=in_reader_language("fr", "en"),
        labels=labels,
        describe_state=describe_dated_project_state,
    )


@bp.get("/<slug>")
def redirect_to_reader_language(programme: str, slug: str) -> Response:
    """Redirect to the card in the reader's language."""
    queries.get_published_card(programme, slug)
    language = in_reader_language("fr", "en")
    return redirect_to_path(url_for(".page", programme=programme, slug=slug, language=language))


@bp.get("/<slug>/<any(fr, en):language>")
def page(programme: str, slug: str, language: str) -> Response:
    published_card = queries.get_published_card(programme, slug)
    with using_language(language):
        titles = {key: str(title) for key, title in labels.TITLES.items()}
        state, dates = (
            describe_dated_project_state(published_card.project),
            labels.support_period_label(published_card.project),
        )
        note = labels.demonstration_notice(published_card.programme)
    return render(
        "oversight/public_cards/public.html",
        published_card=published_card,
        title=labels.title(published_card.project, language),
        title_language=labels.title_language(published_card.project, language),
        titles=titles,
        language=language,
        state=state,
        dates=dates,
        note=note,
    )
