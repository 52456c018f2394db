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
    EvidencePart.ENGAGEMENT: project_evidence_queries.read_engagement,
    EvidencePart.COACHING: project_evidence_queries.read_coaching,
    EvidencePart.FRAMING: project_evidence_queries.read_framing,
    EvidencePart.METRICS: project_evidence_queries.read_metrics,
    EvidencePart.DATA: project_evidence_queries.read_data_sources,
    EvidencePart.CHANGE: project_evidence_queries.read_change_plan,
    EvidencePart.VERSIONS: trial_evidence_queries.read_versions,
    EvidencePart.EVALUATION: trial_evidence_queries.read_evaluation,
    EvidencePart.DEMONSTRATIONS: trial_evidence_queries.read_demonstrations,
    EvidencePart.TESTS: trial_evidence_queries.read_tests,
    EvidencePart.FINDINGS: trial_evidence_queries.read_findings,
    EvidencePart.SHEETS: ethics_evidence_queries.read_sheets,
    EvidencePart.REVIEWS: ethics_evidence_queries.read_reviews,
    EvidencePart.RISKS: ethics_evidence_queries.read_risks,
    EvidencePart.PANELS: ethics_evidence_queries.read_panels,
}
