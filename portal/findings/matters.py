"""What tests found and nobody has settled, as lines for the pages where a team already looks."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.findings import attention, words
from portal.findings.attention import SHOWN, Pressing
from portal.findings.listing import SEVERE_ONES
from portal.findings.standing import Standing
from portal.kernel.access import Actor
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.matters import Matter, Point
from portal.projects.models import Project
from portal.sprints.models import Sprint
from portal.user_tests.models import TestRound

OF_ROUND = 5


def severe(project: Project, found: Sequence[Pressing]) -> Matter:
    """For the top of a project: `found` holds one line more than is shown where there are more."""
    title, nothing = _("Constats graves"), ""
    if not found:
        nothing = _("Aucun constat grave n’est ouvert.")
    return Matter(title=title, points=_severe_points(project, found), nothing=nothing)


def tell_of_board(actor: Actor, project: Project, sprint: Sprint) -> Sequence[Matter]:
    """What is severe and still to be corrected, that the sprint in progress does not correct."""
    found = attention.list_uncorrected(actor, project, sprint, SHOWN + 1)
    if not found:
        return []
    title = _("Constats graves que ce sprint ne corrige pas")
    return [Matter(title=title, points=_severe_points(project, found))]


def tell_of_round(actor: Actor, project: Project, round_: TestRound) -> Sequence[Matter]:
    """What a round showed first or again, the gravest first, as long as it is open."""
    found = attention.read_of_round(actor, project, round_, OF_ROUND)
    place: dict[str, Any] = {"slug": project.slug, "round": round_.number}
    nothing = ""
    if not found.total:
        nothing = _("Aucun constat n’est encore noté.")
    elif not found.open:
        nothing = ngettext("%(num)s constat, clos.", "%(num)s constats, tous clos.", found.total)
    points = [_point(project, line, of=round_.number) for line in found.lines]
    more = found.open - len(points)
    if more > 0:
        said = ngettext("Et %(num)s autre ouvert", "Et %(num)s autres ouverts", more)
        points.append(Point(said=said, url=url_for("findings.index", **place)))
    return [Matter(title=_("Constats"), points=points, nothing=nothing)]


def _severe_points(project: Project, found: Sequence[Pressing]) -> list[Point]:
    points = [_point(project, line) for line in found[:SHOWN]]
    if len(found) > SHOWN:
        place: dict[str, Any] = {"slug": project.slug, "severity": SEVERE_ONES}
        points.append(
            Point(said=_("Tous les constats graves"), url=url_for("findings.index", **place))
        )
    return points


def _point(project: Project, line: Pressing, of: int | None = None) -> Point:
    """How severe, what, and how it stands; where from, but on the page of that round, `of`."""
    notes = [
        str(words.STANDINGS[Standing(line.standing)]),
        "" if line.round == of else words.where_from(line.round, line.version),
        words.seen_in(line.seen) if line.seen else "",
        _("préjudice possible") if line.is_harm else "",
    ]
    return Point(
        said=line.what,
        url=url_for("findings.page", slug=project.slug, number=line.number),
        note=" · ".join(note for note in notes if note),
        badge=str(words.IN_SHORT[line.severity]),
        kind=words.SEVERITY_KINDS.get(line.severity),
    )
