"""Shared by the pages of gates: breadcrumbs, names of tracks, links to the evidence."""

from collections.abc import Mapping, Sequence

from flask import request, url_for

from portal.oversight.gates import labels, policy
from portal.oversight.gates.commands import require_not_over
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.remedy_views import RemedyOwner
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.queries import list_tracks
from portal.project.projects.workspace_views import Trail, build_trail


def trail_of(project: Project, definition: GateDefinition | None = None) -> Trail:
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


def track_names(project: Project) -> Mapping[str, str]:
    """Return the names of the tracks on which a project is supported, by key."""
    return {track.key: track.name for track in list_tracks(project)}


# Endpoint of the page of a reference, by kind; a run has none: see the page of its protocol.
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
    "risk": "risks.page",
}


def reference_links(project: Project, result: PredicateResult) -> Sequence[tuple[str, str]]:
    """Return (label, URL) of each reference of a result; the URL is "" where there is no page."""
    links = []
    for reference in result.references:
        kind, _slash, number = reference.partition("/")
        if label := _label_reference(project, reference):
            has_page = kind in _PAGES and number.isdecimal()
            page = url_for(_PAGES[kind], slug=project.slug, number=int(number)) if has_page else ""
            links.append((label, page))
    return links


def _label_reference(project: Project, reference: str) -> str:
    """The label of a reference; of a track its name, never its key."""
    kind, _slash, key = reference.partition("/")
    if kind != "track":
        return labels.reference_label(reference)
    name = track_names(project).get(key)
    return labels.reference_label(f"{kind}/{name}") if name else ""


def list_owners(project: Project) -> frozenset[RemedyOwner]:
    """Return the kinds of remedy that the reader can use."""
    owners = {RemedyOwner.ANYBODY}
    if projects.can_work(actor, project):
        owners.add(RemedyOwner.TEAM)
    if policy.can_engage(actor, project):
        owners.add(RemedyOwner.LEAD)
    if projects.can_lead_programme(actor, project):
        owners.add(RemedyOwner.DIRECTION)
    return frozenset(owners)
