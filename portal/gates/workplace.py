"""What the pages of gates share: the way back, the names of tracks, who can add what is missing."""

from collections.abc import Mapping, Sequence

from flask import url_for

from portal.gates import policy, words
from portal.gates.definition import Definition
from portal.gates.remedies import Whose
from portal.gates.verdicts import Result
from portal.kernel.text import gettext as _
from portal.programmes.queries import list_tracks
from portal.projects import policy as projects
from portal.projects.models import Project
from portal.projects.workplace import Trail, trail
from portal.web.actor import current_actor as actor


def trail_of(project: Project, definition: Definition | None = None) -> Trail:
    """From the project to its gates, to one of them."""
    steps = [(_("Jalons"), url_for("gates.index", slug=project.slug))]
    if definition is not None:
        place = url_for("gates.page", slug=project.slug, gate=definition.number)
        steps.append((words.title(definition), place))
    return trail(project, *steps)


def tracks_of(project: Project) -> Mapping[str, str]:
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


def looked_at(project: Project, result: Result) -> Sequence[tuple[str, str]]:
    """What a predicate saw, in words, each with its page; "" for what has none of its own."""
    found = []
    for seen in result.seen:
        kind, _slash, number = seen.partition("/")
        if told := words.thing(seen):
            known = kind in _PAGES and number.isdecimal()
            page = url_for(_PAGES[kind], slug=project.slug, number=int(number)) if known else ""
            found.append((told, page))
    return found


def whose(project: Project) -> frozenset[Whose]:
    """What the reader can add."""
    found = {Whose.ANYBODY}
    if projects.can_work(actor, project):
        found.add(Whose.TEAM)
    if policy.can_engage(actor, project):
        found.add(Whose.LEAD)
    if projects.can_lead_programme(actor, project):
        found.add(Whose.DIRECTION)
    return frozenset(found)
