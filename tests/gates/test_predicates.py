"""What each predicate says of evidence: a truth table, without a database."""

from dataclasses import replace

import pytest

from portal.gates.evidence import (
    Evaluated,
    Evidence,
    Finding,
    Group,
    KeyRole,
    Metric,
    Part,
    Risk,
    Sheet,
    Source,
    Version,
)
from portal.gates.library import defaults
from portal.gates.predicates import PREDICATES, as_plain, evaluate, from_plain, needs_of
from portal.gates.verdicts import Code
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

# Each row: what is otherwise than in `WHOLE`, and why the predicate is then not met (None: it is).
TABLE = {
    "agreement_signed": [(engaged(agreed_on=None), Code.AGREEMENT_MISSING)],
    "team_size": [
        (engaged(members=1), Code.TOO_FEW_MEMBERS),
        (engaged(members=2), None),
    ],
    "sponsor": [
        (engaged(sponsor=None), Code.SPONSOR_MISSING),
        (engaged(sponsor=KeyRole(is_on_team=False)), Code.SPONSOR_NOT_ON_TEAM),
        (engaged(sponsor=KeyRole(has_share=False)), Code.SHARE_OF_TIME_MISSING),
    ],
    "business_owner": [
        (engaged(business_owner=None), Code.BUSINESS_OWNER_MISSING),
        (engaged(business_owner=KeyRole(is_on_team=False)), Code.BUSINESS_OWNER_NOT_ON_TEAM),
        (engaged(business_owner=KeyRole(has_share=False)), Code.SHARE_OF_TIME_MISSING),
    ],
    "shares_of_time": [
        (engaged(members_with_share=2), Code.SHARE_OF_TIME_MISSING),
        (engaged(members=0, members_with_share=0), Code.SHARE_OF_TIME_MISSING),
    ],
    "coach_on_every_track": [
        (engaged(tracks={"technical": True, "strategic": False}), Code.COACH_MISSING),
        (engaged(tracks={}), Code.COACH_MISSING),
        (engaged(tracks={"scientific": True}), None),
    ],
    "coaching_begun": [({"coached_on": None}, Code.NO_COACHING_SESSION)],
    "problem_stated": [(framed(problem=False), Code.PROBLEM_MISSING)],
    "target_group_sized": [
        (framed(groups=()), Code.NO_TARGET_GROUP),
        (framed(groups=(Group(1, None),)), Code.TARGET_GROUP_WITHOUT_SIZE),
        (framed(groups=(Group(1, None), Group(2, 9))), None),
    ],
    "metric_aimed": [
        ({"metrics": ()}, Code.NO_IMPACT_METRIC),
        ({"metrics": (Metric(1),)}, Code.METRIC_WITHOUT_BASELINE),
        ({"metrics": (Metric(1, 1, DAY, has_target=False),)}, Code.METRIC_WITHOUT_TARGET),
        ({"metrics": (Metric(1), Metric(2, 1, DAY))}, None),
    ],
    "assumptions_ranked": [(framed(assumptions=2), Code.TOO_FEW_ASSUMPTIONS)],
    "interviews_logged": [(framed(interviews=4), Code.TOO_FEW_INTERVIEWS)],
    "data_lawful": [
        ({"sources": ()}, Code.NO_DATA_SOURCE),
        (source(has_holder=False), Code.HOLDER_MISSING),
        (source(has_legal_basis=False), Code.LEGAL_BASIS_MISSING),
        (source(is_screened=False), Code.DPIA_NOT_SCREENED),
        ({"sources": (Source(1), Source(2, has_holder=False))}, None),
    ],
    "data_received": [
        ({"sources": ()}, Code.NO_DATA_SOURCE),
        (source(is_received=False), Code.DATA_NOT_RECEIVED),
    ],
    "data_sampled": [
        (source(sample_rows=None), Code.SAMPLE_MISSING),
        (source(has_hash=False), Code.SAMPLE_HASH_MISSING),
    ],
    "data_quality_noted": [(source(has_quality_note=False), Code.QUALITY_NOTE_MISSING)],
    "purposes_written": [
        ({"sources": ()}, Code.NO_DATA_SOURCE),
        ({"sources": (Source(1), Source(2, has_purpose=False))}, Code.PURPOSE_MISSING),
    ],
    "framing_answered": [
        (reviewed(EXPOSED), Code.NO_FRAMING_REVIEW),
        (reviewed(replace(FRAMED, answered=9, asked=10)), Code.REVIEW_INCOMPLETE),
    ],
    "framing_level": [
        (reviewed(), Code.NO_FRAMING_REVIEW),
        (reviewed(replace(FRAMED, has_level=False)), Code.LEVEL_NOT_COMPUTED),
    ],
    "framing_reviewer": [
        (reviewed(replace(FRAMED, reviewer_independent=None)), Code.NO_REVIEWER),
        (reviewed(replace(FRAMED, reviewer_independent=False)), Code.REVIEWER_NOT_INDEPENDENT),
    ],
    "high_risks_owned": [
        ({"risks": (Risk(1, is_high_before=True),)}, Code.HIGH_RISK_WITHOUT_MITIGATION),
        ({"risks": (Risk(1),)}, None),
        ({"risks": ()}, None),
    ],
    "framing_decided": [
        (reviewed(replace(FRAMED, outcome="")), Code.REVIEW_NOT_DECIDED),
        (reviewed(replace(FRAMED, outcome="refused")), Code.REVIEW_REFUSED),
        (reviewed(replace(FRAMED, outcome="accepted_with_conditions")), None),
        (reviewed(FRAMED, replace(FRAMED, number=3, outcome="")), Code.REVIEW_NOT_DECIDED),
    ],
    "protocol_first": [
        ({"evaluated": Evaluated()}, Code.NO_PROTOCOL),
        ({"evaluated": Evaluated(1)}, Code.NO_RUN),
        (ran(protocol_dated_on=LATER), Code.PROTOCOL_AFTER_RUN),
    ],
    "held_out_set": [(ran(has_held_out=False), Code.NO_HELD_OUT_SET)],
    "baseline_known": [(ran(has_baseline=False), Code.NO_BASELINE_RESULT)],
    "threshold_met": [
        (ran(is_enough=False), Code.BELOW_THRESHOLD),
        (ran(is_enough=False, pivoted=True), None),
    ],
    "run_traceable": [
        (ran(has_code=False), Code.CODE_REFERENCE_MISSING),
        (ran(has_data_hash=False), Code.DATA_HASH_MISSING),
    ],
    "version_reachable": [
        ({"versions": ()}, Code.NO_VERSION),
        ({"versions": (Version(1, is_reachable=False),)}, Code.VERSION_NOT_REACHABLE),
        ({"versions": (Version(1), Version(2, is_reachable=False))}, None),
    ],
    "version_shown": [
        ({"demonstrations": ()}, Code.NOT_DEMONSTRATED),
        (shown(version=None), Code.NOT_DEMONSTRATED),
        (shown(sprint_closed=False), Code.SPRINT_NOT_CLOSED),
        (shown(outside=0), Code.NOBODY_FROM_OUTSIDE),
    ],
    "target_users": [
        ({"rounds": ()}, Code.NO_ROUND),
        (held(groups={1: 4, 2: 4}), Code.TOO_FEW_TARGET_USERS),
        (held(groups={}), Code.TOO_FEW_TARGET_USERS),
        (held(groups={1: 5}), None),
    ],
    "consent_complete": [
        (held(consented=5), Code.CONSENT_MISSING),
        (held(sessions=0, consented=0), Code.CONSENT_MISSING),
    ],
    "access_considered": [
        (held(access_needs=None), Code.ACCESS_NOT_CONSIDERED),
        (held(access_needs=0), Code.ACCESS_NOT_CONSIDERED),
        (held(access_needs=0, absence_reasoned=True), None),
    ],
    "primary_task_measured": [
        (held(primary=None), Code.NO_TASK_METRIC),
        (held(primary=(0, 0)), Code.NO_TASK_METRIC),
        (held(primary=(0, 5)), None),
    ],
    "findings_rated": [
        (held() | {"findings": (Finding(1, severity=None),)}, Code.UNRATED_FINDING),
        (held() | {"findings": (Finding(1, severity=None, is_open=False),)}, None),
        (held() | {"findings": (Finding(1, round=9, severity=None),)}, None),
    ],
    "rounds_on_versions": [
        (held(), Code.TOO_FEW_ROUNDS),
        ({"rounds": (HELD, replace(RETRIED, version=5))}, Code.TOO_FEW_VERSIONS_TESTED),
        ({"rounds": (HELD, replace(RETRIED, sessions=0))}, Code.TOO_FEW_ROUNDS),
    ],
    "no_severity_4": [({"findings": (Finding(1, severity=4),)}, Code.SEVERITY_4_OPEN)],
    "severity_3_settled": [
        ({"findings": (Finding(1, severity=3),)}, Code.SEVERITY_3_OPEN),
        ({"findings": (Finding(1, severity=3, is_open=False),)}, None),
    ],
    "primary_task_not_worse": [
        ({"rounds": ()}, Code.PRIMARY_TASK_NOT_COMPARED),
        (held(), Code.PRIMARY_TASK_NOT_COMPARED),
        ({"rounds": (HELD, replace(RETRIED, lineage="u"))}, Code.PRIMARY_TASK_NOT_COMPARED),
        (
            {"rounds": (replace(HELD, primary=(20, 20)), replace(RETRIED, primary=(2, 20)))},
            Code.PRIMARY_TASK_WORSE,
        ),
        # One less of six cannot be told from chance: its interval holds no change.
        ({"rounds": (HELD, replace(RETRIED, primary=(3, 6)))}, None),
    ],
    "errors_by_subgroup": [
        ({"evaluated": Evaluated(1)}, Code.NO_RUN),
        (ran(subgroups=1), Code.NO_SUBGROUP_ANALYSIS),
    ],
    "override_exercised": [
        (without_sheet("oversight"), Code.OVERRIDE_NOT_EXERCISED),
        ({"sheets": (Sheet(1, "oversight"),)}, Code.OVERRIDE_FAILED),
    ],
    "fallback_exercised": [
        (without_sheet("oversight"), Code.FALLBACK_NOT_EXERCISED),
        ({"sheets": (Sheet(1, "oversight"),)}, Code.FALLBACK_FAILED),
    ],
    "security_noted": [(without_sheet("security"), Code.SECURITY_NOTE_MISSING)],
    "accessibility_checked": [(without_sheet("accessibility"), Code.ACCESSIBILITY_NOT_CHECKED)],
    "exposure_reviewed": [
        (reviewed(FRAMED), Code.NO_EXPOSURE_REVIEW),
        (reviewed(replace(EXPOSED, outcome="")), Code.REVIEW_NOT_DECIDED),
        (reviewed(replace(EXPOSED, outcome="refused")), Code.REVIEW_REFUSED),
    ],
    "exposure_current": [
        (reviewed(FRAMED), Code.NO_EXPOSURE_REVIEW),
        (reviewed(replace(EXPOSED, version=5)), Code.REVIEW_OF_EARLIER_VERSION),
    ],
    "conditions_closed": [
        (reviewed(EXPOSED), Code.NO_FRAMING_REVIEW),
        (reviewed(replace(FRAMED, open_conditions=1)), Code.CONDITION_OPEN),
    ],
    "no_high_residual_risk": [({"risks": (Risk(1, is_high_now=True),)}, Code.HIGH_RESIDUAL_RISK)],
    "impact_measured": [
        ({"metrics": ()}, Code.NO_IMPACT_METRIC),
        ({"metrics": (Metric(1),)}, Code.METRIC_WITHOUT_BASELINE),
        (measured(baseline_on=DAY, edition=2), Code.NO_MEASUREMENT),
        (measured(measured_on=DAY), Code.MEASUREMENT_BEFORE_BASELINE),
        (measured(sample_size=None), Code.MEASUREMENT_WITHOUT_N),
        (measured(has_method=False), Code.MEASUREMENT_WITHOUT_METHOD),
    ],
    "change_planned": [
        ({"plan_lacks": None}, Code.CHANGE_PLAN_MISSING),
        ({"plan_lacks": ("training",)}, Code.CHANGE_PLAN_INCOMPLETE),
    ],
    "shown_to_panel": [
        ({"panels": ()}, Code.NO_PANEL),
        ({"panels": (replace(JUDGED, version=None),)}, Code.NOTHING_SHOWN_LIVE),
    ],
    "criteria_judged": [
        ({"panels": ()}, Code.NO_PANEL),
        ({"panels": (replace(JUDGED, judged=0),)}, Code.NO_CRITERION_JUDGED),
        ({"panels": (replace(JUDGED, outcome=""),)}, Code.NO_CRITERION_JUDGED),
        ({"panels": (replace(JUDGED, met=0, outcome="stop"),)}, None),
    ],
    "handover_ready": [
        (without_sheet("handover"), Code.HANDOVER_MISSING),
        ({"sheets": (Sheet(4, "handover", passed=PACK[1:]),)}, Code.HANDOVER_INCOMPLETE),
    ],
}
ROWS = [(key, *row) for key, rows in TABLE.items() for row in rows]


@pytest.mark.parametrize(("key", "otherwise", "why"), ROWS)
def test_a_predicate_says_why_it_is_not_met(key, otherwise, why):
    result = PREDICATES[key].judge(replace(WHOLE, **otherwise), ASKED)
    assert (result.predicate, result.code) == (key, why)


def test_all_are_met_by_whole_evidence_and_the_table_is_whole_too():
    assert all(any(why for _otherwise, why in rows) for rows in TABLE.values())
    assert TABLE.keys() == PREDICATES.keys() == {p for one in defaults() for p in one.predicates}
    for definition in defaults():
        judged = evaluate(definition, WHOLE)
        assert judged.is_proved, judged.missing
        assert from_plain(as_plain(judged)) == judged
    assert {why for _key, _otherwise, why in ROWS} - {None} == set(Code)
    assert sum(one.weight for one in defaults()) == 100
    assert not any(evaluate(definition, Evidence()).is_proved for definition in defaults())


def test_a_predicate_looks_at_no_part_that_it_does_not_name():
    """What was not gathered is empty: a predicate judged without its parts would lie."""
    fields = {
        Part.ENGAGEMENT: "engagement",
        Part.COACHING: "coached_on",
        Part.FRAMING: "framing",
        Part.METRICS: "metrics",
        Part.DATA: "sources",
        Part.VERSIONS: "versions",
        Part.EVALUATION: "evaluated",
        Part.DEMONSTRATIONS: "demonstrations",
        Part.TESTS: "rounds",
        Part.FINDINGS: "findings",
        Part.SHEETS: "sheets",
        Part.REVIEWS: "reviewed",
        Part.RISKS: "risks",
        Part.CHANGE: "plan_lacks",
        Part.PANELS: "panels",
    }
    assert fields.keys() == set(Part)
    for definition in defaults():
        needed = {fields[part]: getattr(WHOLE, fields[part]) for part in needs_of(definition)}
        assert evaluate(definition, Evidence(**needed)) == evaluate(definition, WHOLE)
