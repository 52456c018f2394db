"""Predicates depend on no part of the evidence beyond those they declare."""

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.evidence_rules import Evidence, EvidencePart
from portal.oversight.gates.predicate_rules import evaluate_gate, list_needed_parts
from tests.support.evidence import WHOLE


def test_a_predicate_looks_at_no_part_that_it_does_not_name():
    """A part that was not read is empty: an undeclared dependency would give a wrong result."""
    fields = {
        EvidencePart.ENGAGEMENT: "engagement",
        EvidencePart.COACHING: "coached_on",
        EvidencePart.FRAMING: "framing",
        EvidencePart.METRICS: "metrics",
        EvidencePart.DATA: "sources",
        EvidencePart.VERSIONS: "versions",
        EvidencePart.EVALUATION: "evaluated",
        EvidencePart.DEMONSTRATIONS: "demonstrations",
        EvidencePart.TESTS: "rounds",
        EvidencePart.FINDINGS: "findings",
        EvidencePart.SHEETS: "sheets",
        EvidencePart.REVIEWS: "reviewed",
        EvidencePart.RISKS: "risks",
        EvidencePart.CHANGE: "plan_lacks",
        EvidencePart.PANELS: "panels",
    }
    assert fields.keys() == set(EvidencePart)
    for definition in read_default_gates():
        needed = {fields[part]: getattr(WHOLE, fields[part]) for part in list_needed_parts(definition)}
        assert evaluate_gate(definition, Evidence(**needed)) == evaluate_gate(definition, WHOLE)
