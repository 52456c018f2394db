"""The remedy of lateness names whose turn the missing proofs of the first open gate are."""

from dataclasses import replace

import pytest

from portal.oversight.gates import projections as gate_projections
from portal.oversight.gates import queries
from portal.oversight.gates.evidence_rules import RiskEvidence
from portal.oversight.health import projections
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.queries import read_states
from portal.oversight.health.remedy_labels import list_remedies, remedy
from portal.oversight.health.signal_rules import Signal
from portal.platform.kernel.database import db
from tests.support import gates
from tests.support.evidence import FRAMED, WHOLE


@pytest.mark.parametrize(
    ("gate", "evidence", "words"),
    [
        (
            3,
            {"reviewed": replace(WHOLE.reviewed, reviews=(replace(FRAMED, outcome=""),))},
            "À qui relit la revue : la décider, pour G3.",
        ),
        (
            3,
            {
                "reviewed": replace(WHOLE.reviewed, reviews=(replace(FRAMED, outcome=""),)),
                "risks": (RiskEvidence(1, is_high_before=True),),
            },
            "À l’équipe : apporter ce qui manque encore à G3. À qui relit la revue : la décider, pour G3.",
        ),
        (
            3,
            {"reviewed": replace(WHOLE.reviewed, reviews=(replace(FRAMED, outcome="", answered=0),))},
            "À l’équipe : apporter les 2 preuves qui manquent à G3.",
        ),
        (
            3,
            {
                "reviewed": replace(WHOLE.reviewed, triggers={"1": "model"}),
                "risks": (RiskEvidence(1, is_high_before=True),),
            },
            "À l’équipe : apporter la preuve qui manque à G3.",
        ),
        (
            1,
            {"framing": replace(WHOLE.framing, problem=False)},
            "À l’équipe : apporter la preuve qui manque à G1.",
        ),
        (
            0,
            {"engagement": replace(WHOLE.engagement, tracks={"technical": False})},
            "À la direction : apporter ce qui manque à G0.",
        ),
    ],
)
def test_a_slip_says_whose_turn_the_missing_proofs_are(project, monkeypatch, gate, evidence, words):
    proofs = replace(WHOLE, **evidence)
    for module in (gate_projections, queries):
        monkeypatch.setattr(module, "gather_evidence", lambda *_: proofs)
    gates.judged(project)
    projections.refresh_project_reading(project)
    db.session.commit()
    state = read_states([project.id])[project.id]
    steps = [
        replace(step, passed_on=step.due_on) if step.number < gate else step for step in state.facts.steps
    ]
    assert describe_slip(state, steps) == words


def test_a_step_of_an_earlier_release_names_nobody(project):
    gates.judged(project)
    projections.refresh_project_reading(project)
    db.session.commit()
    state = read_states([project.id])[project.id]
    steps = [replace(step, turns=None, lacking=3 if step.number == 0 else 0) for step in state.facts.steps]
    assert describe_slip(state, steps) == "Il manque 3 preuves à G0."


def describe_slip(state, steps):
    state = replace(state, facts=replace(state.facts, steps=tuple(steps)))
    return remedy(Signal(SignalCode.GATE_SLIP), state).replace("\xa0", " ")


def test_what_turns_a_team_green_names_the_proofs_of_its_data_once(project, monkeypatch):
    for module in (gate_projections, queries):
        monkeypatch.setattr(module, "gather_evidence", lambda *_: replace(WHOLE, sources=()))
    gates.judged(project)
    projections.refresh_project_reading(project)
    db.session.commit()
    state = read_states([project.id])[project.id]
    data = state.facts.step("data")
    steps = [
        replace(step, passed_on=step.due_on) if step.number < data.number else step
        for step in state.facts.steps
    ]
    facts = replace(state.facts, steps=tuple(steps))
    raised = {"watch_from": state.day, "alert_from": state.day}
    access = Signal(SignalCode.DATA_ACCESS, parameters={"n": data.lacking}, **raised)
    slip = Signal(SignalCode.GATE_SLIP, **raised)

    def remedies(*signals):
        return list_remedies(replace(state, facts=facts, signals=signals))

    assert remedies(access, slip) == remedies(slip)
    assert len(remedies(access)) == len(remedies(slip)) == 1
