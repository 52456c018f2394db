"""Which actions the evidence of gates depends on; their gates are judged before the commit."""

from collections.abc import Iterable

from portal.coaching.sessions import commands as session_commands
from portal.ethics.readiness_sheets import commands as sheet_commands
from portal.ethics.rereviews import commands as rereview_commands
from portal.ethics.rereviews import trigger_projections
from portal.ethics.reviews import answer_commands, condition_commands, reviewer_commands
from portal.ethics.reviews import commands as review_commands
from portal.ethics.risks import commands as risk_commands
from portal.ethics.risks import mitigation_commands
from portal.funding.agreements import commands as agreement_commands
from portal.oversight.gates import fact_commands
from portal.oversight.gates.evidence_rules import EvidencePart
from portal.oversight.gates.projections import ALL_PARTS, PROVED, STALE, UNPROVED, judge_project_gates
from portal.oversight.gates.queries import list_projects_in_id_order
from portal.people.programmes import role_commands
from portal.platform.kernel.audit import AuditEvent, PendingAuditEvent
from portal.platform.kernel.projection import Projection, actions_of, build_dependencies
from portal.project.data_sources import commands as source_commands
from portal.project.framing import commands as framing_commands
from portal.project.framing import metric_commands
from portal.project.projects import commands as project_commands
from portal.sprints.ceremonies import commands as ceremony_commands
from portal.sprints.prototypes import commands as prototype_commands
from portal.sprints.prototypes import evaluation_commands
from portal.sprints.sprints import commands as sprint_commands
from portal.sprints.sprints import undo_commands
from portal.user_tests.findings import closing_commands, merge_commands, retest_commands, sighting_commands
from portal.user_tests.findings import commands as finding_commands
from portal.user_tests.rounds import commands as test_round_commands
from portal.user_tests.rounds import (
    import_commands,
    removal_commands,
    retention_commands,
    task_commands,
    withdrawal_commands,
)
from portal.user_tests.rounds import session_commands as test_session_commands

_GROUPS = (framing_commands.GROUP_ADDED, framing_commands.GROUP_CHANGED, framing_commands.GROUP_LEFT)
REVIEW_SOURCES = (
    review_commands,
    answer_commands,
    reviewer_commands,
    condition_commands,
    rereview_commands,
    trigger_projections.RAISED,
)
ROUND_SOURCES = (
    test_round_commands,
    task_commands,
    removal_commands,
    test_session_commands,
    withdrawal_commands,
    import_commands,
    retention_commands,
)
RISK_SOURCES = (risk_commands, mitigation_commands)
FINDING_SOURCES = (finding_commands, closing_commands, merge_commands, retest_commands, sighting_commands)
# Actions of these sources that change neither evidence nor figures of a project.
WITHOUT_EFFECT = frozenset(
    {
        sighting_commands.SIGHTINGS_CHANGED,
        finding_commands.PLANNED,
        test_session_commands.AGREED,
        answer_commands.ANSWERED,
        answer_commands.IMPORTED,
        reviewer_commands.OPINION_WRITTEN,
        risk_commands.EXPORTED,
        ceremony_commands.RETROSPECTIVE_NOTED,
        ceremony_commands.RETROSPECTIVE_CHANGED,
    }
)
_EXEMPT = WITHOUT_EFFECT | frozenset(
    {
        project_commands.PAUSED,
        project_commands.FINISHED,
        project_commands.STOPPED,
        role_commands.REVOKED,
        *actions_of(sprint_commands) - {sprint_commands.CLOSED},
        undo_commands.START_UNDONE,
        *actions_of(agreement_commands) - {agreement_commands.SIGNED},
        *actions_of(sheet_commands) - {sheet_commands.COMPLETED, sheet_commands.DAY_CORRECTED},
    }
)
_ROLE_PARTS = frozenset({EvidencePart.ENGAGEMENT, EvidencePart.REVIEWS})
DEPENDENCIES = build_dependencies(
    (frozenset({EvidencePart.FRAMING}), [framing_commands, project_commands.EDITED]),
    (frozenset({EvidencePart.TESTS}), [*_GROUPS, *ROUND_SOURCES, prototype_commands]),
    (frozenset({EvidencePart.METRICS}), [metric_commands]),
    (frozenset({EvidencePart.DATA}), [source_commands]),
    (frozenset({EvidencePart.VERSIONS}), [prototype_commands]),
    (
        frozenset({EvidencePart.DEMONSTRATIONS}),
        [prototype_commands, ceremony_commands, sprint_commands.CLOSED, undo_commands.CLOSE_UNDONE],
    ),
    (frozenset({EvidencePart.EVALUATION}), [evaluation_commands]),
    (frozenset({EvidencePart.FINDINGS}), [*ROUND_SOURCES, *FINDING_SOURCES]),
    (frozenset({EvidencePart.RISKS}), RISK_SOURCES),
    (frozenset({EvidencePart.COACHING}), [session_commands]),
    (frozenset({EvidencePart.REVIEWS}), REVIEW_SOURCES),
    (frozenset({EvidencePart.PANELS}), [fact_commands.PANEL_RECORDED, fact_commands.PANEL_CHANGED]),
    (_ROLE_PARTS, [role_commands]),
    (
        frozenset({EvidencePart.ENGAGEMENT}),
        [
            project_commands.SHARED,
            project_commands.CHOSE_TRACKS,
            fact_commands.ENGAGEMENT_NOTED,
            agreement_commands.SIGNED,
        ],
    ),
    (frozenset({EvidencePart.CHANGE}), [fact_commands.CHANGE_PLAN_WRITTEN]),
    (frozenset({EvidencePart.SHEETS}), [sheet_commands]),
    (ALL_PARTS, [project_commands.CREATED, project_commands.RESUMED]),
    exempt=_EXEMPT,
)


def judge_affected_gates(lines: Iterable[AuditEvent | PendingAuditEvent]) -> None:
    """Judge the gates of each project that these lines touched, once a project."""
    parts = PROJECTION.changed_parts_by_scope(lines)
    by = {line.scope_id: line.actor_id for line in lines if PROJECTION.changed_parts_of(line)}
    for project in list_projects_in_id_order(parts):
        judge_project_gates(project, parts[project.id], by[project.id])


PROJECTION = Projection(
    name="gates",
    depends=DEPENDENCIES,
    refresh=judge_affected_gates,
    records=(PROVED, UNPROVED, STALE),
    exempt=_EXEMPT,
)
