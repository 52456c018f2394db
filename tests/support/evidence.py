"""Evidence that proves every gate; a test overrides parts of it."""

from dataclasses import replace
from datetime import date

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.evidence_rules import (
    DataSourceEvidence,
    DemonstrationEvidence,
    EthicsReviewsEvidence,
    EvaluationEvidence,
    Evidence,
    FramingEvidence,
    KeyRoleHolder,
    MeasureEvidence,
    MetricEvidence,
    PanelEvidence,
    ReadinessSheetEvidence,
    ReviewEvidence,
    RiskEvidence,
    RoundEvidence,
    RoundFindingEvidence,
    RunEvidence,
    TargetGroupEvidence,
    TeamAndCoachesEvidence,
    VersionEvidence,
)

ASKED = {key: n for one in read_default_gates() for key, n in one.thresholds.items()}
DAY, LATER = date(2026, 3, 1), date(2026, 9, 1)
HELD = RoundEvidence(
    1,
    version=5,
    sessions=6,
    consented=6,
    groups={1: 5, 2: 1},
    access_needs=1,
    primary=(4, 6),
    lineage="t",
    last_on=DAY,
)
RETRIED = replace(HELD, number=2, version=6)
RUN = RunEvidence(1, LATER, protocol=1, protocol_dated_on=DAY, subgroups=3)
FRAMED = ReviewEvidence(1, "framing", outcome="accepted")
EXPOSED = ReviewEvidence(2, "exposure", outcome="accepted_with_conditions", version=6)
GAIN = MetricEvidence(1, baseline_on=DAY, measures=(MeasureEvidence(1, LATER, sample_size=40),))
CONTROL = ReadinessSheetEvidence(1, "oversight", passed=("override_result", "fallback_result"))
PACK = ("repository", "licence", "model_card", "data_sheet", "run_book", "cost", "owner")
JUDGED = PanelEvidence(1, version=6, judged=3, met=2, outcome="transfer")

WHOLE = Evidence(
    engagement=TeamAndCoachesEvidence(
        DAY, 3, 3, KeyRoleHolder(), KeyRoleHolder(), {"technical": True, "strategic": True}
    ),
    coached_on=DAY,
    framing=FramingEvidence(
        problem=True, groups=(TargetGroupEvidence(1, 40, "a"),), assumptions=3, interviews=5
    ),
    metrics=(GAIN,),
    sources=(DataSourceEvidence(1, token="s"),),
    versions=(VersionEvidence(5, model="m", interface="i"), VersionEvidence(6, model="m", interface="i")),
    evaluated=EvaluationEvidence(1, (RUN,)),
    demonstrations=(DemonstrationEvidence(1, version=5),),
    rounds=(HELD, RETRIED),
    findings=(RoundFindingEvidence(1, severity=4, is_open=False), RoundFindingEvidence(2, severity=2)),
    sheets=(
        CONTROL,
        ReadinessSheetEvidence(2, "security"),
        ReadinessSheetEvidence(3, "accessibility"),
        ReadinessSheetEvidence(4, "handover", passed=PACK),
    ),
    reviewed=EthicsReviewsEvidence((FRAMED, EXPOSED)),
    risks=(RiskEvidence(1, is_high_before=True, is_owned=True),),
    plan_lacks=(),
    panels=(JUDGED,),
)


def engaged(**given):
    return {"engagement": replace(WHOLE.engagement, **given)}


def framed(**given):
    return {"framing": replace(WHOLE.framing, **given)}


def source(**given):
    return {"sources": (DataSourceEvidence(1, **given),)}


def ran(**given):
    return {"evaluated": EvaluationEvidence(1, (replace(RUN, **given),))}


def held(**given):
    return {"rounds": (replace(HELD, **given),)}


def reviewed(*reviews):
    return {"reviewed": EthicsReviewsEvidence(reviews)}


def shown(**given):
    return {"demonstrations": (replace(WHOLE.demonstrations[0], **given),)}


def measured(**given):
    metric = {name: given.pop(name) for name in ("baseline_on", "edition") if name in given}
    measures = (replace(GAIN.measures[0], **given),)
    return {"metrics": (replace(GAIN, measures=measures, **metric),)}


def without_sheet(kind):
    return {"sheets": tuple(one for one in WHOLE.sheets if one.kind != kind)}
