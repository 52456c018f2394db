"""The public page of a call, in both languages; without an account."""

from flask import Blueprint, Response, url_for

from portal.platform.kernel.text import in_reader_language, using_language
from portal.platform.web.rendering import redirect_to_path, render
from portal.selection.calls import labels, queries
from portal.selection.calls.models import NUMBER_MAX, CallState
from portal.selection.calls.public_queries import list_public_laureates

bp = Blueprint("public_calls", __name__, url_prefix=f"/calls/<programme>/<int(max={NUMBER_MAX}):number>")


@bp.get("")
def redirect_to_reader_language(programme: str, number: int) -> Response:
    """Redirect to the page in the reader's language."""
    queries.get_programme_and_public_call(programme, number)
    language = in_reader_language("fr", "en")
    return redirect_to_path(url_for(".page", programme=programme, number=number, language=language))


@bp.get("/<any(fr, en):language>")
def page(programme: str, number: int, language: str) -> Response:
    programme_row, call = queries.get_programme_and_public_call(programme, number)
    is_published = call.state is CallState.PUBLISHED
    with using_language(language):
        return render(
            "selection/calls/public.html",
            programme=programme_row,
            call=call,
            language=language,
            title=in_reader_language(call.title_fr, call.title_en),
            purpose=in_reader_language(call.purpose_fr, call.purpose_en),
            support=in_reader_language(call.support_fr, call.support_en),
            criteria=[
                (in_reader_language(each.name_fr, each.name_en), labels.weight_line(each))
                for each in queries.list_criteria(call)
            ],
            laureates=list_public_laureates(call) if is_published else [],
            labels=labels,
        )
