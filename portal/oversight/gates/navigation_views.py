"""Shared by the pages of gates: breadcrumbs, names of tracks, links to evidence."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import request, url_for

from portal.oversight.gates import labels
from portal.oversight.gates.commands import require_not_over
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.reference_queries import References
from portal.oversight.gates.state_rules import Staleness
from portal.platform.kernel import clock
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.form_page import FormPageLink
from portal.project.projects.models import Project
from portal.project.projects.queries import list_tracks
from portal.project.projects.workspace_views import Trail, build_trail


def build_gates_trail(project: Project, definition: GateDefinition | None = None) -> Trail:
    """Return the breadcrumbs from the project to its gates, or to one gate."""
    steps = [(_("Jalons"), url_for("gates.index", slug=project.slug))]
    if definition is not None:
        place = url_for("gates.page", slug=project.slug, gate=definition.number)
        steps.append((labels.title(definition), place))
    return build_trail(project, *steps)


def require_not_over_on_get(project: Project) -> None:
    """Refuse to show a form once the project is over; on a POST the command refuses."""
    if request.method in SAFE_METHODS:
        require_not_over(project)


def read_requested_day_and_if_ignored(
    project: Project, zone: str = clock.DEFAULT_ZONE
) -> tuple[date | None, bool]:
    """Return the past day in `on`, from the project's first day, and whether `on` was ignored.

    None stands for today, which also replaces anything else.
    """
    typed, today = request.args.get("on", ""), clock.today(zone)
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None, bool(typed)
    is_past = project.starts_on <= day < today
    return (day, False) if is_past else (None, typed != str(today))


def track_names(project: Project) -> Mapping[str, str]:
    """Return the names of the tracks on which a project is supported, by key."""
    return {track.key: track.name for track in list_tracks(project)}


# Endpoint of the page of a reference, by kind; of a kind without pages, that of its list.
_LISTS = {"run": "evaluation.index", "panel": "gates.index"}
_PAGES = {
    "metric": "impact.page",
    "source": "data_sources.page",
    "version": "prototypes.page",
    "protocol": "evaluation.page",
    "demonstration": "demonstrations.page",
    "round": "rounds.page",
    "finding": "findings.page",
    "sheet": "sheets.page",
    "review": "reviews.page",
    "trigger": "rereviews.page",
    "risk": "risks.page",
}


def list_reference_links(
    project: Project, result: PredicateResult | Staleness, references: References | None = None
) -> Sequence[FormPageLink]:
    """Return each reference of a result, or of a cause of staleness, with its page; where
    `references` know it, it is named by its
    title, and the note says who noted it and when."""
    links = []
    for reference in result.references:
        kind, _slash, number = reference.partition("/")
        if label := _label_reference(project, reference, references):
            row = (references or {}).get(reference)
            path = _find_reference_url(project, *_get_page_kind_and_number(kind, number, result.references))
            links.append(FormPageLink(label, path, labels.noted_by_and_when(row) if row else ""))
    return links


def _get_page_kind_and_number(kind: str, number: str, references: Sequence[str]) -> tuple[str, str]:
    """The kind and number whose page shows a reference: a run stands on its protocol's."""
    protocols = [each.partition("/")[2] for each in references if each.startswith("protocol/")]
    return ("protocol", protocols[0]) if kind == "run" and len(protocols) == 1 else (kind, number)


def _find_reference_url(project: Project, kind: str, number: str) -> str:
    if kind in _PAGES and number.isdecimal():
        return url_for(_PAGES[kind], slug=project.slug, number=int(number))
    return url_for(_LISTS[kind], slug=project.slug) if kind in _LISTS else ""


def _label_reference(project: Project, reference: str, references: References | None) -> str:
    """The label of a reference; of a track its name, never its key."""
    kind, _slash, key = reference.partition("/")
    if kind != "track":
        return labels.reference_label(reference, references)
    name = track_names(project).get(key)
    return labels.reference_label(f"{kind}/{name}") if name else ""
