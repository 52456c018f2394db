"""The page of the API: its guide, and its document to explore."""

from flask import Blueprint, Response, current_app

from portal.api.reference.labels import AREA_CONTENTS, CONVENTIONS, PROMISES
from portal.api.tokens.labels import AREAS
from portal.platform.web.api_problems import API_PREFIX, PROBLEMS
from portal.platform.web.rendering import render

bp = Blueprint("api_guide", __name__)


@bp.get("/api")
def guide() -> Response:
    """How to begin, with examples that are run by a test."""
    return render(
        "api/reference/guide.html",
        curl_example=_read_example("journey.sh"),
        python_example=_read_example("journey.py"),
        receiver_example=_read_example("receiver.py"),
        conventions=CONVENTIONS,
        areas=[(f"{AREAS[area]} ({area})", contents) for area, contents in AREA_CONTENTS.items()],
        promises=PROMISES,
        problems=[(status, code, sentence) for status, (code, sentence) in PROBLEMS.items()],
        document=f"{API_PREFIX}/openapi.json",
    )


@bp.get("/api/explore")
def explore() -> Response:
    """The document, operation by operation, to be tried with one's own token."""
    return render("api/reference/explore.html", document=f"{API_PREFIX}/openapi.json")


def _read_example(name: str) -> str:
    environment = current_app.jinja_env
    assert environment.loader is not None  # noqa: S101  Flask has one
    return environment.loader.get_source(environment, f"api/reference/{name}")[0]
