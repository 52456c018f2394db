"""What the pages of gates share: the way back, the names of tracks, who can add what is missing."""

from collections.abc import Mapping, Sequence

from flask import url_for

from portal.oversight.gates import labels, policy
from portal.oversight.gates.definition_rules import GateDefinition
from portal.oversight.gates.predicate_result_rules import PredicateResult
from portal.oversight.gates.remedy_views import RemedyOwner
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.project.projects import policy as projects
from portal.project.projects.models import Project
from portal.project.projects.workspace_views import Trail, build_trail


def trail_of(project: Project, definition: GateDefinition | None = None) -> Trail:
    """From the project to its gates, to one of them."""
    steps = [(_("Jalons"), url_for("gates.index", slug=project.slug))]
    if definition is not None:
        place = url_for("gates.page", slug=project.slug, gate=definition.number)
        steps.append((labels.title(definition), place))
    return build_trail(project, *steps)


def track_names(project: Project) -> Mapping[str, str]:
    """The names of its programme's tracks, by key."""
    return {track.key: track.name for track in list_tracks(project.programme_id)}


# Where what was looked at is read, by its kind; a run is on the page of its protocol.
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
    """What a predicate saw, in words, each with its page; "" for what has none of its own."""
    links = []
    for reference in result.references:
        kind, _slash, number = reference.partition("/")
        if label := labels.reference_label(reference):
            has_page = kind in _PAGES and number.isdecimal()
            page = url_for(_PAGES[kind], slug=project.slug, number=int(number)) if has_page else ""
            links.append((label, page))
    return links


def list_owners(project: Project) -> frozenset[RemedyOwner]:
    """What the reader can add."""
    owners = {RemedyOwner.ANYBODY}
    if projects.can_work(actor, project):
        owners.add(RemedyOwner.TEAM)
    if policy.can_engage(actor, project):
        owners.add(RemedyOwner.LEAD)
    if projects.can_lead_programme(actor, project):
        owners.add(RemedyOwner.DIRECTION)
    return frozenset(owners)
