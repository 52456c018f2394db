"""All that gates look at, of one project, read from the features that hold it."""

from collections.abc import Callable, Iterable, Mapping

from portal.gates import ethics_evidence, file_evidence, trial_evidence
from portal.gates.evidence import Evidence, EvidencePart
from portal.gates.parts import EvidenceFields
from portal.platform.kernel.database import flush_session
from portal.project.projects.models import Project


def gather_evidence(project: Project, parts: Iterable[EvidencePart]) -> Evidence:
    """The parts asked for alone, each in a constant number of statements, of a project that the
    caller was already allowed to see."""
    flush_session()
    evidence_fields: EvidenceFields = {}
    for part in sorted(parts):
        evidence_fields |= _READERS[part](project)
    return Evidence(**evidence_fields)


_READERS: Mapping[EvidencePart, Callable[[Project], EvidenceFields]] = {
    EvidencePart.ENGAGEMENT: file_evidence.engagement,
    EvidencePart.COACHING: file_evidence.coaching,
    EvidencePart.FRAMING: file_evidence.framing,
    EvidencePart.METRICS: file_evidence.metrics,
    EvidencePart.DATA: file_evidence.data,
    EvidencePart.CHANGE: file_evidence.change,
    EvidencePart.VERSIONS: trial_evidence.versions,
    EvidencePart.EVALUATION: trial_evidence.evaluation,
    EvidencePart.DEMONSTRATIONS: trial_evidence.demonstrations,
    EvidencePart.TESTS: trial_evidence.tests,
    EvidencePart.FINDINGS: trial_evidence.findings,
    EvidencePart.SHEETS: ethics_evidence.sheets,
    EvidencePart.REVIEWS: ethics_evidence.reviews,
    EvidencePart.RISKS: ethics_evidence.risks,
    EvidencePart.PANELS: ethics_evidence.panels,
}
