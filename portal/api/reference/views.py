"""The page of the API: its guide, and its document to explore."""

from operator import itemgetter

from flask import Blueprint, Response, current_app, request

from portal.api.reference.labels import AREA_CONTENTS, CONVENTIONS, PROMISES
from portal.api.tokens.labels import AREAS
from portal.api.webhooks.queries import list_event_kinds
from portal.communication.directory.subject_labels import subject_kind_label
from portal.platform.kernel.settings import API_PREFIX
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.web.api_problems import PROBLEMS, REASONS
from portal.platform.web.rendering import render

bp = Blueprint("api_guide", __name__)


@bp.get("/api")
def guide() -> Response:
    """How to begin, with examples that are run by a test."""
    return render(
        "api/reference/guide.html",
        curl_example=_read_example_source_code("journey.sh"),
        python_example=_read_example_source_code("journey.py"),
        receiver_example=_read_example_source_code("receiver.py"),
        conventions=CONVENTIONS,
        areas=[(f"{AREAS[area]} ({area})", contents) for area, contents in AREA_CONTENTS.items()],
        promises=PROMISES,
        problems=_list_refusal_codes(),
        kinds=[(kind, subject_kind_label(kind)) for kind in list_event_kinds()],
        document=f"{API_PREFIX}/openapi.json",
    )


@bp.get("/api/explore")
def explore() -> Response:
    """The document of an area, or the whole, operation by operation, to be tried with one's own token."""
    area = request.args.get("area", "")
    area = area if area in AREAS else ""
    query = f"?area={area}" if area else ""
    return render(
        "api/reference/explore.html", document=f"{API_PREFIX}/openapi.json{query}", area=area, areas=AREAS
    )


def _list_refusal_codes() -> list[tuple[int, str, LazyString]]:
    """Every code of a refusal, by status: the usual one first."""
    usual = [(status, code, sentence) for status, (code, sentence) in PROBLEMS.items()]
    others = [(status, code, sentence) for code, (status, sentence) in REASONS.items()]
    return sorted(usual + others, key=itemgetter(0))


def _read_example_source_code(name: str) -> str:
    environment = current_app.jinja_env
    assert environment.loader is not None  # noqa: S101  Flask has one
    text = environment.loader.get_source(environment, f"api/reference/{name}")[0]
    samples = {
        "Trier cent courriers": _("Trier cent courriers"),
        "Cent courriers triés.": _("Cent courriers triés."),
        "Fait par un script.": _("Fait par un script."),
        "Relire le script": _("Relire le script"),
    }
    for sample, translated in samples.items():
        text = text.replace(sample, translated)
    return text
