"""Which readiness sheets and reviews the next gate of a project still lacks, and which proofs the gate on
its evaluation."""

from collections.abc import Mapping

from flask import url_for

from portal.ethics.questionnaires.need_views import NextGateNeedsReader, UnmetGateNeeds
from portal.oversight.gates import labels, queries
from portal.oversight.gates.history_queries import find_next_gate
from portal.oversight.gates.predicate_result_rules import UnmetCode
from portal.oversight.gates.state_rules import GateSnapshot
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import find_actor
from portal.project.projects.models import Project
from portal.sprints.prototypes.trial_queries import EvaluationLackReader

SHEETS: Mapping[UnmetCode, str] = {
    UnmetCode.OVERRIDE_NOT_EXERCISED: "oversight",
    UnmetCode.OVERRIDE_FAILED: "oversight",
    UnmetCode.FALLBACK_NOT_EXERCISED: "oversight",
    UnmetCode.FALLBACK_FAILED: "oversight",
    UnmetCode.SECURITY_NOTE_MISSING: "security",
    UnmetCode.ACCESSIBILITY_NOT_CHECKED: "accessibility",
    UnmetCode.HANDOVER_MISSING: "handover",
    UnmetCode.HANDOVER_INCOMPLETE: "handover",
}
REVIEWS: Mapping[UnmetCode, str] = {
    UnmetCode.NO_FRAMING_REVIEW: "framing",
    UnmetCode.NO_EXPOSURE_REVIEW: "exposure",
    UnmetCode.REVIEW_OF_EARLIER_VERSION: "exposure",
}


def _find_next_gate_state(project: Project) -> GateSnapshot | None:
    """The same for all readers of a page, until the trail grows."""
    reader = find_actor()
    if reader is None:
        return find_next_gate(queries.read_stored_states(project))
    key = "next gate", project.id
    return cache_until_change(reader, key, lambda: find_next_gate(queries.read_stored_states(project)))


def read_gate_needs(project: Project) -> UnmetGateNeeds:
    """Return what its stored evaluation says that the next gate lacks."""
    state = _find_next_gate_state(project)
    if state is None:
        return UnmetGateNeeds()
    codes = [result.code for result in (state.evaluation.missing if state.evaluation else ()) if result.code]
    return UnmetGateNeeds(
        gate=labels.title(state.definition),
        url=url_for("gates.page", slug=project.slug, gate=state.definition.number),
        sheets=list(dict.fromkeys(SHEETS[code] for code in codes if code in SHEETS)),
        reviews=list(dict.fromkeys(REVIEWS[code] for code in codes if code in REVIEWS)),
    )


NEEDS = NextGateNeedsReader(read_gate_needs)


def describe_evaluation_gate_lacks(project: Project) -> str:
    """Which proofs the first gate on the evaluation of the AI lacks now, and why; "" where none, and
    where the project is exempt from it. Evaluates: within a transaction no evaluation is stored yet."""
    states = queries.read_stored_states(project)
    evaluation_gates = [state for state in states if "threshold_met" in state.definition.predicates]
    if not evaluation_gates or evaluation_gates[0].waiver:
        return ""
    (evaluation,) = queries.evaluate_now(project, [evaluation_gates[0].definition])
    if evaluation.is_proved:
        return ""
    return _(
        "G%(n)s\u00a0: %(met)s. %(reasons)s",
        n=evaluation.gate,
        met=labels.met_count_label(evaluation),
        reasons=" ".join(labels.list_missing_reasons(evaluation.missing, {})),
    )


EVALUATION_LACKS = EvaluationLackReader(describe_evaluation_gate_lacks)
