"""Open findings as priority lines on the pages of a project, a sprint board and a round."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import url_for

from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects.models import Project
from portal.project.projects.priority_labels import PriorityGroup, PriorityLine
from portal.sprints.sprints.section_views import LeftOutSprintLine
from portal.user_tests.findings import attention_queries, labels, policy, round_labels
from portal.user_tests.findings.attention_queries import SEVERE_FINDINGS_MAX, FindingSummary, RoundFindings
from portal.user_tests.findings.list_queries import SEVERE_FILTER
from portal.user_tests.findings.models import SEVERE
from portal.user_tests.findings.severity_charts import build_severity_bar_parts
from portal.user_tests.findings.state_queries import FindingState
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.related_views import ProblemLine, RoundProblems

ROUND_FINDINGS_MAX = 5


def list_severe_findings_not_in_sprint(project: Project, values: Sequence[Any]) -> Sequence[PriorityGroup]:
    """Return the severe findings still to correct that the sprint does not correct."""
    (findings,) = values
    if not findings:
        return []
    title = _("Constats graves que ce sprint ne corrige pas")
    points = [_build_sprint_candidate(project, line) for line in findings[:SEVERE_FINDINGS_MAX]]
    if len(findings) > SEVERE_FINDINGS_MAX:
        points.append(LeftOutSprintLine(**asdict(_build_link_to_severe(project))))
    return [PriorityGroup(title=title, points=tuple(points))]


def _build_sprint_candidate(project: Project, line: FindingSummary) -> LeftOutSprintLine:
    url = url_for("findings.put_in_sprint", slug=project.slug, number=line.number)
    return LeftOutSprintLine(**asdict(_build_priority_line(project, line)), take_url=url)


def read_round_problems(actor: Actor, project: Project, round_: TestRound) -> RoundProblems:
    """Return the findings that a round showed first or again: their counts, then the open ones."""
    round_findings = attention_queries.read_round_findings(project, round_, ROUND_FINDINGS_MAX)
    can_write = policy.can_write(actor, project)
    return RoundProblems(
        title=round_labels.round_findings_title(
            round_findings.total, _count_severe(round_findings), round_findings.counts.get(None, 0)
        ),
        bars=build_severity_bar_parts(round_findings.counts),
        lines=[
            _build_problem_line(project, line, round_.number, can_write=can_write)
            for line in round_findings.lines
        ],
        rest=round_labels.unlisted_findings_sentence(
            round_findings.open - len(round_findings.lines), round_findings.total - round_findings.open
        ),
        rest_url=url_for("findings.index", slug=project.slug, round=round_.number, state="all"),
        has_earlier=attention_queries.has_earlier_findings(project, round_),
    )


def _count_severe(round_findings: RoundFindings) -> int:
    return sum(
        count for value, count in round_findings.counts.items() if value is not None and value >= SEVERE
    )


def _build_problem_line(
    project: Project, line: FindingSummary, page_round: int, *, can_write: bool
) -> ProblemLine:
    link_args: dict[str, Any] = {"slug": project.slug, "number": line.number}
    is_to_rate = line.severity is None
    is_to_plan = line.state == FindingState.OPEN and line.severity is not None
    return ProblemLine(
        text=line.summary,
        url=url_for("findings.page", **link_args),
        severity=str(labels.SEVERITY_LABELS[line.severity]),
        is_severe=line.severity is not None and line.severity >= SEVERE,
        note=_describe_state_and_origin(line, page_round),
        rate_url=url_for("findings.page", **link_args, _anchor="rate") if can_write and is_to_rate else "",
        plan_url=url_for("findings.make_item", **link_args) if can_write and is_to_plan else "",
    )


def _build_link_to_severe(project: Project) -> PriorityLine:
    link_args: dict[str, Any] = {"slug": project.slug, "severity": SEVERE_FILTER}
    return PriorityLine(text=_("Tous les constats graves"), url=url_for("findings.index", **link_args))


def _build_priority_line(project: Project, line: FindingSummary) -> PriorityLine:
    return PriorityLine(
        text=line.summary,
        url=url_for("findings.page", slug=project.slug, number=line.number),
        note=_describe_state_and_origin(line),
        badge=str(labels.SEVERITY_LABELS[line.severity]),
        kind=labels.SEVERITY_KINDS.get(line.severity),
    )


def _describe_state_and_origin(line: FindingSummary, page_round: int | None = None) -> str:
    """Return state and origin of a finding; its round is left out on the page of round `page_round`."""
    notes = [
        str(labels.STATES[FindingState(line.state)]),
        "" if line.round == page_round else labels.origin_label(line.round, line.version),
        labels.session_count_label(line.session_count) if line.session_count else "",
        _("préjudice possible") if line.is_harm else "",
    ]
    return " · ".join(note for note in notes if note)
