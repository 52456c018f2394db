"""States of gates on a day derive from rows appended until then; later rows change nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateVerb, StalenessCause
from portal.oversight.gates.evidence_rules import (
    EthicsReviewsEvidence,
    Evidence,
    FramingEvidence,
    MetricEvidence,
    RoundFindingEvidence,
    TargetGroupEvidence,
    VersionEvidence,
)
from portal.oversight.gates.labels import progress
from portal.oversight.gates.predicate_rules import evaluate_gate
from portal.oversight.gates.state_rules import (
    DatedDecision,
    DatedEvaluation,
    GateHistory,
    GateSnapshot,
    GateStanding,
    ProjectGatesProgress,
    derive_state,
    derive_states_as_of,
    sum_progress,
)
from tests.support.evidence import DAY, FRAMED, HELD, WHOLE

GATES = {definition.number: definition for definition in read_default_gates()}
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULTS = [(BEGAN, definition) for definition in read_default_gates()]


def accepted(gate: int, evidence: Evidence = WHOLE) -> DatedDecision:
    return DatedDecision(BEGAN, gate, GateVerb.ACCEPTED, evaluate_gate(GATES[gate], evidence))


def stand(gate: int, evidence: Evidence, day: date = DAY) -> GateSnapshot:
    """State of a gate accepted on complete evidence, once the evidence is this."""
    return derive_state(GATES[gate], evaluate_gate(GATES[gate], evidence), [accepted(gate)], day)


# Gate, change of the evidence after its acceptance, causes of staleness ("" for none).
LATER = [
    (0, {"engagement": replace(WHOLE.engagement, members=WHOLE.engagement.members + 1)}, ""),  # a newcomer
    (0, {"engagement": replace(WHOLE.engagement, sponsor=None)}, "evidence_lost"),
    (
        1,
        {"framing": replace(WHOLE.framing, groups=(TargetGroupEvidence(1, 41, "b"),))},
        "target_group_changed",
    ),
    (1, {"framing": replace(WHOLE.framing, interviews=9)}, ""),
    (1, {"framing": FramingEvidence()}, "evidence_lost target_group_changed"),
    (2, {"sources": (replace(WHOLE.sources[0], token="other"),)}, "data_source_changed"),
    (3, {"reviewed": EthicsReviewsEvidence(WHOLE.reviewed.reviews, {"7": "exposure"})}, "trigger_open"),
    (4, {"versions": (VersionEvidence(7, model="n", interface="i"),)}, "model_changed"),
    (4, {"versions": (*WHOLE.versions, VersionEvidence(7, model="m", interface="j"))}, ""),
    (6, {"versions": (*WHOLE.versions, VersionEvidence(7, model="m", interface="i"))}, ""),
    (6, {"versions": (*WHOLE.versions, VersionEvidence(7), VersionEvidence(8))}, "versions_later"),
    (
        7,
        {"findings": (*WHOLE.findings, RoundFindingEvidence(3, severity=4, is_open=False))},
        "new_severity_4",
    ),
    (7, {"findings": ()}, ""),
    (8, {"versions": (*WHOLE.versions, VersionEvidence(7, model="m", interface="j"))}, "interface_changed"),
    (9, {"reviewed": EthicsReviewsEvidence((FRAMED,))}, "evidence_lost"),
    (10, {"metrics": (*WHOLE.metrics, MetricEvidence(2))}, ""),
    (10, {"plan_lacks": None}, "evidence_lost"),
]


@pytest.mark.parametrize(("gate", "otherwise", "causes"), LATER)
def test_an_acceptance_goes_stale_by_what_its_gate_names(gate, otherwise, causes):
    assert stand(gate, WHOLE).standing is GateStanding.ACCEPTED
    state = stand(gate, replace(WHOLE, **otherwise))
    assert [staleness.cause.value for staleness in state.stale] == causes.split()
    assert state.standing is (GateStanding.STALE if causes else GateStanding.ACCEPTED)


def test_a_test_grows_too_old_by_itself():
    last = DAY + timedelta(days=90)
    assert stand(6, WHOLE, last).is_accepted
    assert [staleness.cause for staleness in stand(6, WHOLE, last + timedelta(days=1)).stale] == [
        StalenessCause.DAYS_LATER
    ]


def test_a_redefined_metric_is_named():
    metric = replace(WHOLE.metrics[0], edition=2)
    measures = tuple(replace(measure, edition=2) for measure in metric.measures)
    state = stand(10, replace(WHOLE, metrics=(replace(metric, measures=measures),)))
    assert [(staleness.cause, staleness.references) for staleness in state.stale] == [
        (StalenessCause.METRIC_REDEFINED, ("metric/1",))
    ]


def test_a_refusal_ends_the_request_and_takes_an_acceptance_back():
    judged = evaluate_gate(GATES[5], WHOLE)

    def after(*verbs: GateVerb) -> GateSnapshot:
        decisions = [
            DatedDecision(BEGAN, 5, verb, judged if verb is GateVerb.ACCEPTED else None) for verb in verbs
        ]
        return derive_state(GATES[5], judged, decisions, DAY)

    assert after(GateVerb.DECLARED).is_requested
    assert not after(GateVerb.DECLARED, GateVerb.WITHDRAWN).is_requested
    assert not after(GateVerb.DECLARED, GateVerb.REFUSED).is_requested
    assert after(GateVerb.DECLARED, GateVerb.ACCEPTED).standing is GateStanding.ACCEPTED
    assert after(GateVerb.ACCEPTED, GateVerb.REFUSED).standing is GateStanding.PROVED
    assert after(GateVerb.REFUSED, GateVerb.DECLARED).standing is GateStanding.PROVED  # of other evidence
    assert after(GateVerb.WAIVED).standing is GateStanding.WAIVED
    assert after(GateVerb.WAIVED, GateVerb.RESTORED).standing is GateStanding.PROVED


def test_a_refused_gate_stays_refused_where_it_is_asked_again_on_the_same_evidence():
    judged = evaluate_gate(GATES[5], WHOLE)
    decisions = [
        DatedDecision(BEGAN, 5, GateVerb.REFUSED, judged),
        DatedDecision(BEGAN, 5, GateVerb.DECLARED),
    ]
    state = derive_state(GATES[5], judged, decisions, DAY)
    assert (state.standing, state.is_requested) == (GateStanding.REFUSED, True)


def test_what_is_proved_and_not_declared_is_named_beside_the_three_numbers(app):
    judged = [DatedEvaluation(BEGAN, evaluate_gate(GATES[gate], WHOLE)) for gate in (4, 5, 6)]
    decisions = [DatedDecision(BEGAN, 4, GateVerb.REFUSED, judged[0].evaluation), accepted(5)]
    states = derive_states_as_of(GateHistory(DEFAULTS, judged, decisions), BEGAN, DAY)
    with app.test_request_context():
        line = progress(sum_progress(states), states).replace("\xa0", " ")
        assert line.endswith("Prouvé sans être demandé : G4, refusé ; G6")
        declared = [
            *decisions,
            *(DatedDecision(BEGAN, gate, GateVerb.DECLARED) for gate in (0, 1, 2, 3, 4, 5, 6)),
        ]
        states = derive_states_as_of(GateHistory(DEFAULTS, judged, declared), BEGAN, DAY)
        assert "sans être demandé" not in progress(sum_progress(states), states)


def test_waived_gates_leave_the_denominator():
    decisions = [DatedDecision(BEGAN, 0, GateVerb.WAIVED), accepted(5)]
    judged = [DatedEvaluation(BEGAN, evaluate_gate(GATES[5], WHOLE))]
    states = derive_states_as_of(GateHistory(DEFAULTS, judged, decisions), BEGAN, DAY)
    figures = sum_progress(states)
    assert figures == ProjectGatesProgress(declared=0, proved=10, accepted=10, total=96)
    assert figures.percents["accepted"] == 10


# Random histories: evidence, decisions and terms change.
_part = {
    "framing": st.sampled_from(
        [WHOLE.framing, FramingEvidence(), replace(WHOLE.framing, groups=(TargetGroupEvidence(1, 9, "z"),))]
    ),
    "versions": st.sampled_from(
        [WHOLE.versions, (), (*WHOLE.versions, VersionEvidence(7), VersionEvidence(8))]
    ),
    "rounds": st.sampled_from([WHOLE.rounds, (), (HELD,)]),
    "findings": st.sampled_from([WHOLE.findings, (RoundFindingEvidence(9, severity=4),), ()]),
    "plan_lacks": st.sampled_from([(), None]),
    "sources": st.sampled_from([WHOLE.sources, (replace(WHOLE.sources[0], token="x"),), ()]),
}
_evidence = st.builds(lambda **parts: replace(WHOLE, **parts), **_part)
_event = st.one_of(
    _evidence,
    st.tuples(st.integers(0, 11), st.sampled_from(list(GateVerb))),
    st.tuples(st.integers(0, 11), st.integers(0, 30)),
)
_story = st.lists(st.tuples(st.integers(0, 60), _event), max_size=25)


def _replay(story: Sequence[tuple[int, object]]) -> tuple[GateHistory, list[datetime]]:
    """Append as the portal does: evaluations that differ from the last one, acceptances of proved
    gates only, decisions with the evaluation they are based on."""
    definitions, judged, decided, moments = list(DEFAULTS), [], [], []
    present, latest, at = dict(GATES), {}, BEGAN

    def look(evidence: Evidence) -> None:
        for definition in present.values():
            evaluation = evaluate_gate(definition, evidence)
            if evaluation != latest.get(evaluation.gate):
                latest[evaluation.gate] = evaluation
                judged.append(DatedEvaluation(at, evaluation))

    evidence = Evidence()
    look(evidence)
    for days, event in story:
        at += timedelta(days=days, seconds=1)
        if isinstance(event, Evidence):
            evidence = event
            look(evidence)
        elif isinstance(event[1], GateVerb):
            gate, verb = event
            if verb is not GateVerb.ACCEPTED or latest[gate].is_proved:
                decided.append(DatedDecision(at, gate, verb, latest[gate]))
        else:
            gate, weight = event
            terms = replace(present[gate].terms, weight=weight)
            present[gate] = replace(present[gate], terms=terms)
            definitions.append((at, present[gate]))
            look(evidence)
        moments.append(at)
    return GateHistory(definitions, judged, decided), moments


def _until(history: GateHistory, moment: datetime) -> GateHistory:
    """The history as it was stored at that moment."""
    return GateHistory(
        [pair for pair in history.definitions if pair[0] <= moment],
        [dated for dated in history.evaluations if dated.at <= moment],
        [decision for decision in history.decisions if decision.at <= moment],
    )


@given(_story)
@settings(max_examples=40, deadline=None)
def test_as_of_is_exact_and_no_later_event_changes_it(story):
    history, moments = _replay(story)
    for n, moment in enumerate(moments):
        day = moment.date()
        states = derive_states_as_of(_until(history, moment), moment, day)
        replayed, _moments = _replay(story[: n + 1])
        assert (
            derive_states_as_of(history, moment, day) == states == derive_states_as_of(replayed, moment, day)
        )
        progress = sum_progress(states)
        # Accepted is never more than proved; what was accepted is proved, or stale.
        assert 0 <= progress.accepted <= progress.proved <= progress.total
        for state in states:
            assert not state.was_accepted or state.is_proved or state.stale
            assert not state.is_accepted or state.is_proved
