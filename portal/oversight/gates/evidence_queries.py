"""Read the evidence about one project from the features that own it."""

from collections.abc import Callable, Iterable, Mapping

from portal.oversight.gates import ethics_evidence_queries, project_evidence_queries, trial_evidence_queries
from portal.oversight.gates.evidence_parameter_queries import EvidenceFields
from portal.oversight.gates.evidence_rules import Evidence, EvidencePart
from portal.platform.kernel.database import flush_session
from portal.project.projects.models import Project


def gather_evidence(project: Project, parts: Iterable[EvidencePart]) -> Evidence:
    """Return the evidence with `parts` only, each read in a constant number of statements. The
    caller was allowed to see the project."""
    flush_session()
    evidence_fields: EvidenceFields = {}
    for part in sorted(parts):
        evidence_fields |= _READERS[part](project)
    return Evidence(**evidence_fields)


_READERS: Mapping[EvidencePart, Callable[[Project], EvidenceFields]] = {
    EvidencePart.ENGAGEMENT: project_evidence_queries.read_team_and_coaches_evidence,
    EvidencePart.COACHING: project_evidence_queries.read_first_coaching_evidence,
    EvidencePart.FRAMING: project_evidence_queries.read_framing_evidence,
    EvidencePart.METRICS: project_evidence_queries.read_metric_evidence,
    EvidencePart.DATA: project_evidence_queries.read_data_source_evidence,
    EvidencePart.CHANGE: project_evidence_queries.read_change_plan_evidence,
    EvidencePart.VERSIONS: trial_evidence_queries.read_version_evidence,
    EvidencePart.EVALUATION: trial_evidence_queries.read_evaluation_evidence,
    EvidencePart.DEMONSTRATIONS: trial_evidence_queries.read_demonstration_evidence,
    EvidencePart.TESTS: trial_evidence_queries.read_test_round_evidence,
    EvidencePart.FINDINGS: trial_evidence_queries.read_finding_evidence,
    EvidencePart.SHEETS: ethics_evidence_queries.read_last_complete_sheet_evidence,
    EvidencePart.REVIEWS: ethics_evidence_queries.read_review_and_trigger_evidence,
    EvidencePart.RISKS: ethics_evidence_queries.read_open_risk_evidence,
    EvidencePart.PANELS: ethics_evidence_queries.read_panel_evidence,
}
