"""Open findings as priority lines on the pages of a project, a sprint board and a round."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup, PriorityLine
from portal.sprints.sprints.section_views import SprintCandidate
from portal.user_tests.findings import attention_queries, labels
from portal.user_tests.findings.attention_queries import SEVERE_FINDINGS_MAX, FindingSummary
from portal.user_tests.findings.list_queries import SEVERE_FILTER
from portal.user_tests.findings.state_queries import FindingState
from portal.user_tests.rounds.models import TestRound

ROUND_FINDINGS_MAX = 5


def list_board_matters(project: Project, values: Sequence[Any]) -> Sequence[PriorityGroup]:
    """Return the severe findings still to correct that the sprint does not correct."""
    (findings,) = values
    if not findings:
        return []
    title = _("Constats graves que ce sprint ne corrige pas")
    points = [_candidate(project, line) for line in findings[:SEVERE_FINDINGS_MAX]]
    if len(findings) > SEVERE_FINDINGS_MAX:
        points.append(SprintCandidate(**asdict(_all_severe(project))))
    return [PriorityGroup(title=title, points=tuple(points))]


def _candidate(project: Project, line: FindingSummary) -> SprintCandidate:
    url = url_for("findings.put_in_sprint", slug=project.slug, number=line.number)
    return SprintCandidate(**asdict(_point(project, line)), take_url=url)


def list_round_matters(actor: Actor, project: Project, round_: TestRound) -> Sequence[PriorityGroup]:
    """Return the open findings that a round showed first or again, the most severe first."""
    round_findings = attention_queries.read_round_findings(actor, project, round_, ROUND_FINDINGS_MAX)
    link_args: dict[str, Any] = {"slug": project.slug, "round": round_.number}
    nothing = ""
    if not round_findings.total:
        nothing = _("Aucun constat n’est encore noté.")
    elif not round_findings.open:
        nothing = ngettext("%(num)s constat, clos.", "%(num)s constats, tous clos.", round_findings.total)
    points = [_point(project, line, page_round=round_.number) for line in round_findings.lines]
    more = round_findings.open - len(points)
    if more > 0:
        text = ngettext("Et %(num)s autre ouvert", "Et %(num)s autres ouverts", more)
        points.append(PriorityLine(text=text, url=url_for("findings.index", **link_args)))
    return [PriorityGroup(title=_("Constats"), points=points, nothing=nothing)]


def _severe_points(project: Project, findings: Sequence[FindingSummary]) -> list[PriorityLine]:
    points = [_point(project, line) for line in findings[:SEVERE_FINDINGS_MAX]]
    if len(findings) > SEVERE_FINDINGS_MAX:
        points.append(_all_severe(project))
    return points


def _all_severe(project: Project) -> PriorityLine:
    link_args: dict[str, Any] = {"slug": project.slug, "severity": SEVERE_FILTER}
    return PriorityLine(text=_("Tous les constats graves"), url=url_for("findings.index", **link_args))


def _point(project: Project, line: FindingSummary, page_round: int | None = None) -> PriorityLine:
    """Return a finding as a line; its round is left out on the page of round `page_round`."""
    notes = [
        str(labels.STATES[FindingState(line.state)]),
        "" if line.round == page_round else labels.origin_label(line.round, line.version),
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
