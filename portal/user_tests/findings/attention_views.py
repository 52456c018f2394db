"""What tests found and nobody has settled, as lines for the pages where a team already looks."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup, PriorityLine
from portal.sprints.sprints.models import Sprint
from portal.user_tests.findings import attention_queries, labels
from portal.user_tests.findings.attention_queries import SEVERE_FINDINGS_MAX, FindingSummary
from portal.user_tests.findings.list_queries import SEVERE_FILTER
from portal.user_tests.findings.state_queries import FindingState
from portal.user_tests.rounds.models import TestRound

ROUND_FINDINGS_MAX = 5


def severe_findings_matter(project: Project, findings: Sequence[FindingSummary]) -> PriorityGroup:
    """For the top of a project: `found` holds one line more than is shown where there are more."""
    title, nothing = _("Constats graves"), ""
    if not findings:
        nothing = _("Aucun constat grave n’est ouvert.")
    return PriorityGroup(title=title, points=_severe_points(project, findings), nothing=nothing)


def list_board_matters(actor: Actor, project: Project, sprint: Sprint) -> Sequence[PriorityGroup]:
    """What is severe and still to be corrected, that the sprint in progress does not correct."""
    findings = attention_queries.list_uncorrected_findings(
        actor, project, sprint, SEVERE_FINDINGS_MAX + 1
    )
    if not findings:
        return []
    title = _("Constats graves que ce sprint ne corrige pas")
    return [PriorityGroup(title=title, points=_severe_points(project, findings))]


def list_round_matters(
    actor: Actor, project: Project, round_: TestRound
) -> Sequence[PriorityGroup]:
    """What a round showed first or again, the gravest first, as long as it is open."""
    round_findings = attention_queries.read_round_findings(
        actor, project, round_, ROUND_FINDINGS_MAX
    )
    place: dict[str, Any] = {"slug": project.slug, "round": round_.number}
    nothing = ""
    if not round_findings.total:
        nothing = _("Aucun constat n’est encore noté.")
    elif not round_findings.open:
        nothing = ngettext(
            "%(num)s constat, clos.", "%(num)s constats, tous clos.", round_findings.total
        )
    points = [_point(project, line, of=round_.number) for line in round_findings.lines]
    more = round_findings.open - len(points)
    if more > 0:
        text = ngettext("Et %(num)s autre ouvert", "Et %(num)s autres ouverts", more)
        points.append(PriorityLine(text=text, url=url_for("findings.index", **place)))
    return [PriorityGroup(title=_("Constats"), points=points, nothing=nothing)]


def _severe_points(project: Project, findings: Sequence[FindingSummary]) -> list[PriorityLine]:
    points = [_point(project, line) for line in findings[:SEVERE_FINDINGS_MAX]]
    if len(findings) > SEVERE_FINDINGS_MAX:
        place: dict[str, Any] = {"slug": project.slug, "severity": SEVERE_FILTER}
        points.append(
            PriorityLine(text=_("Tous les constats graves"), url=url_for("findings.index", **place))
        )
    return points


def _point(project: Project, line: FindingSummary, of: int | None = None) -> PriorityLine:
    """How severe, what, and how it stands; where from, but on the page of that round, `of`."""
    notes = [
        str(labels.STATES[FindingState(line.state)]),
        "" if line.round == of else labels.origin_label(line.round, line.version),
        labels.session_count_label(line.session_count) if line.session_count else "",
        _("préjudice possible") if line.is_harm else "",
    ]
    return PriorityLine(
        text=line.summary,
        url=url_for("findings.page", slug=project.slug, number=line.number),
        note=" · ".join(note for note in notes if note),
        badge=str(labels.SEVERITY_LABELS[line.severity]),
        kind=labels.SEVERITY_KINDS.get(line.severity),
    )
