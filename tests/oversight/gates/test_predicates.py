"""Predicates: a table of evidence and results, without a database."""

from dataclasses import replace

import pytest

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.evidence_rules import (
    DataSourceEvidence,
    EvaluationEvidence,
    Evidence,
    KeyRoleHolder,
    MetricEvidence,
    ReadinessSheetEvidence,
    RiskEvidence,
    RoundFindingEvidence,
    TargetGroupEvidence,
    VersionEvidence,
)
from portal.oversight.gates.predicate_result_rules import UnmetCode
from portal.oversight.gates.predicate_rules import (
    PREDICATES,
    evaluate_gate,
    evaluation_as_plain,
    evaluation_from_plain,
)
from tests.support.evidence import (
    ASKED,
    DAY,
    EXPOSED,
    FRAMED,
    HELD,
    JUDGED,
    LATER,
    PACK,
    RETRIED,
    WHOLE,
    engaged,
    framed,
    held,
    measured,
    ran,
    reviewed,
    shown,
    source,
    without_sheet,
)

# Each row: changes to `WHOLE`, and the reason why the predicate is unmet (None: it is met).
TABLE = {
    "agreement_signed": [(engaged(agreed_on=None), UnmetCode.AGREEMENT_MISSING)],
    "team_size": [(engaged(members=1), UnmetCode.TOO_FEW_MEMBERS), (engaged(members=2), None)],
    "sponsor": [
        (engaged(sponsor=None), UnmetCode.SPONSOR_MISSING),
        (engaged(sponsor=KeyRoleHolder(is_on_team=False)), UnmetCode.SPONSOR_NOT_ON_TEAM),
        (engaged(sponsor=KeyRoleHolder(has_share=False)), UnmetCode.SHARE_OF_TIME_MISSING),
    ],
    "business_owner": [
        (engaged(business_owner=None), UnmetCode.BUSINESS_OWNER_MISSING),
        (engaged(business_owner=KeyRoleHolder(is_on_team=False)), UnmetCode.BUSINESS_OWNER_NOT_ON_TEAM),
        (engaged(business_owner=KeyRoleHolder(has_share=False)), UnmetCode.SHARE_OF_TIME_MISSING),
    ],
    "shares_of_time": [
        (engaged(members_with_share=2), UnmetCode.SHARE_OF_TIME_MISSING),
        (engaged(members=0, members_with_share=0), UnmetCode.SHARE_OF_TIME_MISSING),
    ],
    "coach_on_every_track": [
        (engaged(tracks={"technical": True, "strategic": False}), UnmetCode.COACH_MISSING),
        (engaged(tracks={}), UnmetCode.COACH_MISSING),
        (engaged(tracks={"scientific": True}), None),
    ],
    "coaching_begun": [({"coached_on": None}, UnmetCode.NO_COACHING_SESSION)],
    "problem_stated": [(framed(problem=False), UnmetCode.PROBLEM_MISSING)],
    "target_group_sized": [
        (framed(groups=()), UnmetCode.NO_TARGET_GROUP),
        (framed(groups=(TargetGroupEvidence(1, None),)), UnmetCode.TARGET_GROUP_WITHOUT_SIZE),
        (framed(groups=(TargetGroupEvidence(1, None), TargetGroupEvidence(2, 9))), None),
    ],
    "metric_aimed": [
        ({"metrics": ()}, UnmetCode.NO_IMPACT_METRIC),
        ({"metrics": (MetricEvidence(1),)}, UnmetCode.METRIC_WITHOUT_BASELINE),
        ({"metrics": (MetricEvidence(1, 1, DAY, has_target=False),)}, UnmetCode.METRIC_WITHOUT_TARGET),
        ({"metrics": (MetricEvidence(1), MetricEvidence(2, 1, DAY))}, None),
    ],
    "assumptions_ranked": [(framed(assumptions=2), UnmetCode.TOO_FEW_ASSUMPTIONS)],
    "interviews_logged": [(framed(interviews=4), UnmetCode.TOO_FEW_INTERVIEWS)],
    "data_lawful": [
        ({"sources": ()}, UnmetCode.NO_DATA_SOURCE),
        (source(has_holder=False), UnmetCode.HOLDER_MISSING),
        (source(has_legal_basis=False), UnmetCode.LEGAL_BASIS_MISSING),
        (source(is_screened=False), UnmetCode.DPIA_NOT_SCREENED),
        ({"sources": (DataSourceEvidence(1), DataSourceEvidence(2, has_holder=False))}, None),
    ],
    "data_received": [
        ({"sources": ()}, UnmetCode.NO_DATA_SOURCE),
        (source(is_received=False), UnmetCode.DATA_NOT_RECEIVED),
    ],
    "data_sampled": [
        (source(sample_rows=None), UnmetCode.SAMPLE_MISSING),
        (source(has_hash=False), UnmetCode.SAMPLE_HASH_MISSING),
    ],
    "data_quality_noted": [(source(has_quality_note=False), UnmetCode.QUALITY_NOTE_MISSING)],
    "purposes_written": [
        ({"sources": ()}, UnmetCode.NO_DATA_SOURCE),
        (
            {"sources": (DataSourceEvidence(1), DataSourceEvidence(2, has_purpose=False))},
            UnmetCode.PURPOSE_MISSING,
        ),
    ],
    "framing_answered": [
        (reviewed(EXPOSED), UnmetCode.NO_FRAMING_REVIEW),
        (reviewed(replace(FRAMED, answered=9, questions=10)), UnmetCode.REVIEW_INCOMPLETE),
    ],
    "framing_level": [
        (reviewed(), UnmetCode.NO_FRAMING_REVIEW),
        (reviewed(replace(FRAMED, has_level=False)), UnmetCode.LEVEL_NOT_COMPUTED),
    ],
    "framing_reviewer": [
        (reviewed(replace(FRAMED, reviewer_independent=None)), UnmetCode.NO_REVIEWER),
        (
            reviewed(replace(FRAMED, reviewer_independent=None, is_reviewer_named=True)),
            UnmetCode.REVIEW_NOT_TAKEN,
        ),
        (reviewed(replace(FRAMED, reviewer_independent=False)), UnmetCode.REVIEWER_NOT_INDEPENDENT),
    ],
    "high_risks_owned": [
        ({"risks": (RiskEvidence(1, is_high_before=True),)}, UnmetCode.HIGH_RISK_WITHOUT_MITIGATION),
        ({"risks": (RiskEvidence(1),)}, None),
        ({"risks": ()}, None),
    ],
    "framing_decided": [
        (reviewed(replace(FRAMED, outcome="", answered=0)), UnmetCode.REVIEW_INCOMPLETE),
        (reviewed(replace(FRAMED, outcome="")), UnmetCode.REVIEW_NOT_DECIDED),
        (reviewed(replace(FRAMED, outcome="refused")), UnmetCode.REVIEW_REFUSED),
        (reviewed(replace(FRAMED, outcome="accepted_with_conditions")), None),
        (reviewed(FRAMED, replace(FRAMED, number=3, outcome="")), UnmetCode.REVIEW_NOT_DECIDED),
    ],
    "protocol_first": [
        ({"evaluated": EvaluationEvidence()}, UnmetCode.NO_PROTOCOL),
        ({"evaluated": EvaluationEvidence(1)}, UnmetCode.NO_RUN),
        (ran(protocol_dated_on=LATER), UnmetCode.PROTOCOL_AFTER_RUN),
    ],
    "held_out_set": [(ran(has_held_out=False), UnmetCode.NO_HELD_OUT_SET)],
    "baseline_known": [(ran(has_baseline=False), UnmetCode.NO_BASELINE_RESULT)],
    "threshold_met": [
        (ran(is_enough=False), UnmetCode.BELOW_THRESHOLD),
        (ran(is_enough=False, pivoted=True), None),
    ],
    "run_traceable": [
        (ran(has_code=False), UnmetCode.CODE_REFERENCE_MISSING),
        (ran(has_data_hash=False), UnmetCode.DATA_HASH_MISSING),
    ],
    "version_reachable": [
        ({"versions": ()}, UnmetCode.NO_VERSION),
        ({"versions": (VersionEvidence(1, is_reachable=False),)}, UnmetCode.VERSION_NOT_REACHABLE),
        ({"versions": (VersionEvidence(1), VersionEvidence(2, is_reachable=False))}, None),
    ],
    "version_shown": [
        ({"demonstrations": ()}, UnmetCode.NOT_DEMONSTRATED),
        (shown(version=None), UnmetCode.NOT_DEMONSTRATED),
        (shown(sprint_closed=False), UnmetCode.SPRINT_NOT_CLOSED),
        (shown(outside=0), UnmetCode.NOBODY_FROM_OUTSIDE),
    ],
    "target_users": [
        ({"rounds": ()}, UnmetCode.NO_ROUND),
        (held(groups={1: 4, 2: 4}), UnmetCode.TOO_FEW_TARGET_USERS),
        (held(groups={}), UnmetCode.TOO_FEW_TARGET_USERS),
        (held(groups={1: 5}), None),
    ],
    "consent_complete": [
        (held(consented=5), UnmetCode.CONSENT_MISSING),
        (held(sessions=0, consented=0), UnmetCode.CONSENT_MISSING),
    ],
    "access_considered": [
        (held(access_needs=None), UnmetCode.ACCESS_NOT_CONSIDERED),
        (held(access_needs=0), UnmetCode.ACCESS_NOT_CONSIDERED),
        (held(access_needs=0, absence_reasoned=True), None),
    ],
    "primary_task_measured": [
        (held(primary=None), UnmetCode.NO_TASK_METRIC),
        (held(primary=(0, 0)), UnmetCode.NO_TASK_METRIC),
        (held(primary=(0, 5)), None),
    ],
    "findings_rated": [
        (held() | {"findings": (RoundFindingEvidence(1, severity=None),)}, UnmetCode.UNRATED_FINDING),
        (held() | {"findings": (RoundFindingEvidence(1, severity=None, is_open=False),)}, None),
        (held() | {"findings": (RoundFindingEvidence(1, round=9, severity=None),)}, None),
    ],
    "rounds_on_versions": [
        (held(), UnmetCode.TOO_FEW_ROUNDS),
        ({"rounds": (HELD, replace(RETRIED, version=5))}, UnmetCode.TOO_FEW_VERSIONS_TESTED),
        ({"rounds": (HELD, replace(RETRIED, sessions=0))}, UnmetCode.TOO_FEW_ROUNDS),
    ],
    "no_severity_4": [({"findings": (RoundFindingEvidence(1, severity=4),)}, UnmetCode.SEVERITY_4_OPEN)],
    "severity_3_settled": [
        ({"findings": (RoundFindingEvidence(1, severity=3),)}, UnmetCode.SEVERITY_3_OPEN),
        ({"findings": (RoundFindingEvidence(1, severity=3, is_open=False),)}, None),
    ],
    "primary_task_not_worse": [
        ({"rounds": ()}, UnmetCode.PRIMARY_TASK_NOT_COMPARED),
        (held(), UnmetCode.PRIMARY_TASK_NOT_COMPARED),
        ({"rounds": (HELD, replace(RETRIED, lineage="u"))}, UnmetCode.PRIMARY_TASK_NOT_COMPARED),
        (
            {"rounds": (replace(HELD, primary=(20, 20)), replace(RETRIED, primary=(2, 20)))},
            UnmetCode.PRIMARY_TASK_WORSE,
        ),
        # One less of six is not significant: the interval contains zero.
        ({"rounds": (HELD, replace(RETRIED, primary=(3, 6)))}, None),
    ],
    "errors_by_subgroup": [
        ({"evaluated": EvaluationEvidence(1)}, UnmetCode.NO_RUN),
        (ran(subgroups=1), UnmetCode.NO_SUBGROUP_ANALYSIS),
    ],
    "override_exercised": [
        (without_sheet("oversight"), UnmetCode.OVERRIDE_NOT_EXERCISED),
        ({"sheets": (ReadinessSheetEvidence(1, "oversight"),)}, UnmetCode.OVERRIDE_FAILED),
    ],
    "fallback_exercised": [
        (without_sheet("oversight"), UnmetCode.FALLBACK_NOT_EXERCISED),
        ({"sheets": (ReadinessSheetEvidence(1, "oversight"),)}, UnmetCode.FALLBACK_FAILED),
    ],
    "security_noted": [(without_sheet("security"), UnmetCode.SECURITY_NOTE_MISSING)],
    "accessibility_checked": [(without_sheet("accessibility"), UnmetCode.ACCESSIBILITY_NOT_CHECKED)],
    "exposure_reviewed": [
        (reviewed(FRAMED), UnmetCode.NO_EXPOSURE_REVIEW),
        (reviewed(replace(EXPOSED, outcome="", answered=0)), UnmetCode.REVIEW_INCOMPLETE),
        (reviewed(replace(EXPOSED, outcome="")), UnmetCode.REVIEW_NOT_DECIDED),
        (reviewed(replace(EXPOSED, outcome="refused")), UnmetCode.REVIEW_REFUSED),
    ],
    "exposure_current": [
        (reviewed(FRAMED), UnmetCode.NO_EXPOSURE_REVIEW),
        (reviewed(replace(EXPOSED, version=5)), UnmetCode.REVIEW_OF_EARLIER_VERSION),
    ],
    "conditions_closed": [
        (reviewed(EXPOSED), UnmetCode.NO_FRAMING_REVIEW),
        (reviewed(replace(FRAMED, open_conditions=1)), UnmetCode.CONDITION_OPEN),
    ],
    "no_high_residual_risk": [
        ({"risks": (RiskEvidence(1, is_high_now=True),)}, UnmetCode.HIGH_RESIDUAL_RISK)
    ],
    "impact_measured": [
        ({"metrics": ()}, UnmetCode.NO_IMPACT_METRIC),
        ({"metrics": (MetricEvidence(1),)}, UnmetCode.METRIC_WITHOUT_BASELINE),
        (measured(baseline_on=DAY, edition=2), UnmetCode.NO_MEASUREMENT),
        (measured(measured_on=DAY), UnmetCode.MEASUREMENT_BEFORE_BASELINE),
        (measured(sample_size=None), UnmetCode.MEASUREMENT_WITHOUT_N),
        (measured(has_method=False), UnmetCode.MEASUREMENT_WITHOUT_METHOD),
    ],
    "change_planned": [
        ({"plan_lacks": None}, UnmetCode.CHANGE_PLAN_MISSING),
        ({"plan_lacks": ("training",)}, UnmetCode.CHANGE_PLAN_INCOMPLETE),
    ],
    "shown_to_panel": [
        ({"panels": ()}, UnmetCode.NO_PANEL),
        ({"panels": (replace(JUDGED, version=None),)}, UnmetCode.NOTHING_SHOWN_LIVE),
    ],
    "criteria_judged": [
        ({"panels": ()}, UnmetCode.NO_PANEL),
        ({"panels": (replace(JUDGED, judged=0),)}, UnmetCode.NO_CRITERION_JUDGED),
        ({"panels": (replace(JUDGED, outcome=""),)}, UnmetCode.NO_CRITERION_JUDGED),
        ({"panels": (replace(JUDGED, met=0, outcome="stop"),)}, None),
    ],
    "handover_ready": [
        (without_sheet("handover"), UnmetCode.HANDOVER_MISSING),
        (
            {"sheets": (ReadinessSheetEvidence(4, "handover", passed=PACK[1:]),)},
            UnmetCode.HANDOVER_INCOMPLETE,
        ),
    ],
}
ROWS = [(key, *row) for key, rows in TABLE.items() for row in rows]


@pytest.mark.parametrize(("key", "otherwise", "why"), ROWS)
def test_a_predicate_says_why_it_is_not_met(key, otherwise, why):
    result = PREDICATES[key].judge(replace(WHOLE, **otherwise), ASKED)
    assert (result.predicate, result.code) == (key, why)


def test_all_are_met_by_whole_evidence_and_the_table_is_whole_too():
    assert all(any(why for _otherwise, why in rows) for rows in TABLE.values())
    keys = {key for definition in read_default_gates() for key in definition.predicates}
    assert TABLE.keys() == PREDICATES.keys() == keys
    for definition in read_default_gates():
        judged = evaluate_gate(definition, WHOLE)
        assert judged.is_proved, judged.missing
        assert evaluation_from_plain(evaluation_as_plain(judged)) == judged
    assert {why for _key, _otherwise, why in ROWS} - {None} == set(UnmetCode)
    assert sum(definition.weight for definition in read_default_gates()) == 100
    assert not any(evaluate_gate(definition, Evidence()).is_proved for definition in read_default_gates())
