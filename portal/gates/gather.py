"""All that gates look at, of one project, read from the features that hold it."""

from collections.abc import Callable, Iterable, Mapping

from portal.gates import ethics_evidence, file_evidence, trial_evidence
from portal.gates.evidence import Evidence, Part
from portal.gates.parts import Found
from portal.kernel.db import save
from portal.projects.models import Project


def gather(project: Project, parts: Iterable[Part]) -> Evidence:
    """The parts asked for alone, each in a constant number of statements, of a project that the
    caller was already allowed to see."""
    save()
    found: Found = {}
    for part in sorted(parts):
        found |= _PARTS[part](project)
    return Evidence(**found)


_PARTS: Mapping[Part, Callable[[Project], Found]] = {
    Part.ENGAGEMENT: file_evidence.engagement,
    Part.COACHING: file_evidence.coaching,
    Part.FRAMING: file_evidence.framing,
    Part.METRICS: file_evidence.metrics,
    Part.DATA: file_evidence.data,
    Part.CHANGE: file_evidence.change,
    Part.VERSIONS: trial_evidence.versions,
    Part.EVALUATION: trial_evidence.evaluation,
    Part.DEMONSTRATIONS: trial_evidence.demonstrations,
    Part.TESTS: trial_evidence.tests,
    Part.FINDINGS: trial_evidence.findings,
    Part.SHEETS: ethics_evidence.sheets,
    Part.REVIEWS: ethics_evidence.reviews,
    Part.RISKS: ethics_evidence.risks,
    Part.PANELS: ethics_evidence.panels,
}
