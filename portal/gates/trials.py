"""What G4 to G8 ask: a model that is judged, a prototype that people tried and retried. Pure."""

from portal.gates.evidence import Evidence, Part, Round, Run, Sheet
from portal.gates.verdicts import Asked, Code, Result, first_lack, fullest, lacks, met, predicate
from portal.usability.comparison import Verdict, completion_change
from portal.usability.completion import completion


def _run(evidence: Evidence) -> Run | None:
    """The one run on which everything is asked."""
    return fullest(
        evidence.evaluated.runs,
        lambda one: one.protocol_dated_on < one.ran_on,
        lambda one: one.has_held_out,
        lambda one: one.has_baseline,
        lambda one: one.is_enough or one.pivoted,
        lambda one: one.has_code and one.has_data_hash,
    )


def _of_run(evidence: Evidence, *checks: tuple[bool, Code]) -> Result:
    run = _run(evidence)
    if run is None:
        return lacks(Code.NO_RUN if evidence.evaluated.protocols else Code.NO_PROTOCOL)
    seen = [f"protocol/{run.protocol}", f"run/{run.number}"]
    return first_lack(*checks, seen=seen, number=run.number, protocol=run.protocol)


@predicate(Part.EVALUATION)
def protocol_first(evidence: Evidence, _asked: Asked) -> Result:
    run = _run(evidence)
    holds = run is not None and run.protocol_dated_on < run.ran_on
    return _of_run(evidence, (holds, Code.PROTOCOL_AFTER_RUN))


@predicate(Part.EVALUATION)
def held_out_set(evidence: Evidence, _asked: Asked) -> Result:
    run = _run(evidence)
    return _of_run(evidence, (bool(run and run.has_held_out), Code.NO_HELD_OUT_SET))


@predicate(Part.EVALUATION)
def baseline_known(evidence: Evidence, _asked: Asked) -> Result:
    run = _run(evidence)
    return _of_run(evidence, (bool(run and run.has_baseline), Code.NO_BASELINE_RESULT))


@predicate(Part.EVALUATION)
def threshold_met(evidence: Evidence, _asked: Asked) -> Result:
    run = _run(evidence)
    holds = run is not None and (run.is_enough or run.pivoted)
    return _of_run(evidence, (holds, Code.BELOW_THRESHOLD))


@predicate(Part.EVALUATION)
def run_traceable(evidence: Evidence, _asked: Asked) -> Result:
    run = _run(evidence)
    return _of_run(
        evidence,
        (bool(run and run.has_code), Code.CODE_REFERENCE_MISSING),
        (bool(run and run.has_data_hash), Code.DATA_HASH_MISSING),
    )


@predicate(Part.VERSIONS)
def version_reachable(evidence: Evidence, _asked: Asked) -> Result:
    version = fullest(evidence.versions, lambda one: one.is_reachable)
    if version is None:
        return lacks(Code.NO_VERSION)
    seen = [f"version/{version.number}"]
    checks = (version.is_reachable, Code.VERSION_NOT_REACHABLE)
    return first_lack(checks, seen=seen, number=version.number)


@predicate(Part.DEMONSTRATIONS)
def version_shown(evidence: Evidence, _asked: Asked) -> Result:
    shown = [one for one in evidence.demonstrations if one.version is not None]
    best = fullest(shown, lambda one: one.sprint_closed, lambda one: one.outside > 0)
    if best is None:
        return lacks(Code.NOT_DEMONSTRATED)
    return first_lack(
        (best.sprint_closed, Code.SPRINT_NOT_CLOSED),
        (best.outside > 0, Code.NOBODY_FROM_OUTSIDE),
        seen=[f"demonstration/{best.number}", f"version/{best.version}"],
        number=best.number,
        sprint=best.sprint,
        n=best.outside,
    )


def _in_one_group(round_: Round) -> int:
    """Participants of the declared target group of which most came."""
    return max(round_.groups.values(), default=0)


def _unrated(evidence: Evidence, round_: Round) -> list[int]:
    mine = [one for one in evidence.findings if one.round == round_.number]
    return [one.number for one in mine if one.severity is None and one.is_open]


def tested_round(evidence: Evidence, wanted: int) -> Round | None:
    """The one round on which everything is asked: where enough came, then the fullest."""
    return fullest(
        sorted(evidence.rounds, key=lambda one: (one.version, one.number)),
        lambda one: one.sessions > 0,
        lambda one: _in_one_group(one) >= wanted,
        lambda one: one.sessions > 0 and one.consented >= one.sessions,
        lambda one: bool(one.access_needs) or one.absence_reasoned,
        lambda one: bool(one.primary and one.primary[1]),
        lambda one: not _unrated(evidence, one),
    )


def _of_round(
    evidence: Evidence, asked: Asked, *checks: tuple[bool, Code], **given: int | str
) -> Result:
    round_ = tested_round(evidence, asked["target_users"])
    if round_ is None:
        return lacks(Code.NO_ROUND)
    seen = [f"round/{round_.number}", f"version/{round_.version}"]
    return first_lack(*checks, seen=seen, number=round_.number, version=round_.version, **given)


@predicate(Part.TESTS, Part.FINDINGS)
def target_users(evidence: Evidence, asked: Asked) -> Result:
    round_, wanted = tested_round(evidence, asked["target_users"]), asked["target_users"]
    n = _in_one_group(round_) if round_ else 0
    check = (n >= wanted, Code.TOO_FEW_TARGET_USERS)
    return _of_round(evidence, asked, check, n=n, wanted=wanted)


@predicate(Part.TESTS, Part.FINDINGS)
def consent_complete(evidence: Evidence, asked: Asked) -> Result:
    round_ = tested_round(evidence, asked["target_users"])
    n, wanted = (round_.consented, round_.sessions) if round_ else (0, 0)
    check = (0 < wanted <= n, Code.CONSENT_MISSING)
    return _of_round(evidence, asked, check, n=n, wanted=wanted)


@predicate(Part.TESTS, Part.FINDINGS)
def access_considered(evidence: Evidence, asked: Asked) -> Result:
    round_ = tested_round(evidence, asked["target_users"])
    n = (round_.access_needs or 0) if round_ else 0
    holds = n > 0 or bool(round_ and round_.absence_reasoned)
    return _of_round(evidence, asked, (holds, Code.ACCESS_NOT_CONSIDERED), n=n)


@predicate(Part.TESTS, Part.FINDINGS)
def primary_task_measured(evidence: Evidence, asked: Asked) -> Result:
    round_ = tested_round(evidence, asked["target_users"])
    n, wanted = (round_ and round_.primary) or (0, 0)
    return _of_round(evidence, asked, (wanted > 0, Code.NO_TASK_METRIC), n=n, wanted=wanted)


@predicate(Part.TESTS, Part.FINDINGS)
def findings_rated(evidence: Evidence, asked: Asked) -> Result:
    round_ = tested_round(evidence, asked["target_users"])
    bare = _unrated(evidence, round_) if round_ else []
    finding = bare[0] if bare else 0
    check = (not bare, Code.UNRATED_FINDING)
    return _of_round(evidence, asked, check, n=len(bare), finding=finding)


def _held(evidence: Evidence) -> list[Round]:
    """Rounds to which people came, from the first version to the last."""
    held = [one for one in evidence.rounds if one.sessions > 0]
    return sorted(held, key=lambda one: (one.version, one.number))


@predicate(Part.TESTS)
def rounds_on_versions(evidence: Evidence, asked: Asked) -> Result:
    held, wanted = _held(evidence), asked["rounds_on_versions"]
    versions = len({one.version for one in held})
    return first_lack(
        (len(held) >= wanted, Code.TOO_FEW_ROUNDS),
        (versions >= wanted, Code.TOO_FEW_VERSIONS_TESTED),
        seen=[f"round/{one.number}" for one in held],
        n=versions if len(held) >= wanted else len(held),
        wanted=wanted,
    )


def _none_open(evidence: Evidence, severity: int, code: Code) -> Result:
    bad = [one.number for one in evidence.findings if one.severity == severity and one.is_open]
    seen = [f"finding/{number}" for number in bad]
    return first_lack((not bad, code), seen=seen, n=len(bad), number=bad[0] if bad else 0)


@predicate(Part.FINDINGS)
def no_severity_4(evidence: Evidence, _asked: Asked) -> Result:
    return _none_open(evidence, 4, Code.SEVERITY_4_OPEN)


@predicate(Part.FINDINGS)
def severity_3_settled(evidence: Evidence, _asked: Asked) -> Result:
    return _none_open(evidence, 3, Code.SEVERITY_3_OPEN)


@predicate(Part.TESTS)
def primary_task_not_worse(evidence: Evidence, _asked: Asked) -> Result:
    """The first and the last version that the same primary task was measured on.

    It is worse when the 95 % interval of the difference (adjusted Wald) lies below zero.
    """
    measured = [one for one in _held(evidence) if one.primary and one.primary[1]]
    last = measured[-1] if measured else None
    same = [one for one in measured if last and one.lineage == last.lineage]
    if last is None or last.primary is None or same[0].version == last.version:
        seen = [f"round/{one.number}" for one in measured[-1:]]
        return lacks(Code.PRIMARY_TASK_NOT_COMPARED, *seen)
    first = same[0]
    change = completion_change(completion(*(first.primary or (0, 0))), completion(*last.primary))
    low, high = _points(change)
    return first_lack(
        (change is not None and change.verdict is not Verdict.WORSE, Code.PRIMARY_TASK_WORSE),
        seen=[f"round/{first.number}", f"round/{last.number}"],
        was="{}/{}".format(*(first.primary or (0, 0))),
        now="{}/{}".format(*last.primary),
        low=low,
        high=high,
    )


def _points(change: object) -> tuple[int, int]:
    """The ends of a difference's interval, in percentage points."""
    within = getattr(change, "interval", None)
    return (round(100 * within.low), round(100 * within.high)) if within else (-100, 100)


@predicate(Part.EVALUATION)
def errors_by_subgroup(evidence: Evidence, _asked: Asked) -> Result:
    run = fullest(evidence.evaluated.runs, lambda one: one.subgroups > 1)
    if run is None:
        return lacks(Code.NO_RUN)
    check = (run.subgroups > 1, Code.NO_SUBGROUP_ANALYSIS)
    return first_lack(check, seen=[f"run/{run.number}"], number=run.number, n=run.subgroups)


def sheet_of(evidence: Evidence, kind: str) -> Sheet | None:
    return next((one for one in evidence.sheets if one.kind == kind), None)


def _exercised(evidence: Evidence, item: str, missing: Code, failed: Code) -> Result:
    sheet = sheet_of(evidence, "oversight")
    if sheet is None:
        return lacks(missing)
    seen = [f"sheet/{sheet.number}"]
    return first_lack((item in sheet.passed, failed), seen=seen, number=sheet.number)


@predicate(Part.SHEETS)
def override_exercised(evidence: Evidence, _asked: Asked) -> Result:
    codes = Code.OVERRIDE_NOT_EXERCISED, Code.OVERRIDE_FAILED
    return _exercised(evidence, "override_result", *codes)


@predicate(Part.SHEETS)
def fallback_exercised(evidence: Evidence, _asked: Asked) -> Result:
    codes = Code.FALLBACK_NOT_EXERCISED, Code.FALLBACK_FAILED
    return _exercised(evidence, "fallback_result", *codes)


def _complete(evidence: Evidence, kind: str, code: Code) -> Result:
    sheet = sheet_of(evidence, kind)
    return met(f"sheet/{sheet.number}", number=sheet.number) if sheet else lacks(code)


@predicate(Part.SHEETS)
def security_noted(evidence: Evidence, _asked: Asked) -> Result:
    return _complete(evidence, "security", Code.SECURITY_NOTE_MISSING)


@predicate(Part.SHEETS)
def accessibility_checked(evidence: Evidence, _asked: Asked) -> Result:
    return _complete(evidence, "accessibility", Code.ACCESSIBILITY_NOT_CHECKED)


PREDICATES = (
    protocol_first,
    held_out_set,
    baseline_known,
    threshold_met,
    run_traceable,
    version_reachable,
    version_shown,
    target_users,
    consent_complete,
    access_considered,
    primary_task_measured,
    findings_rated,
    rounds_on_versions,
    no_severity_4,
    severity_3_settled,
    primary_task_not_worse,
    errors_by_subgroup,
    override_exercised,
    fallback_exercised,
    security_noted,
    accessibility_checked,
)
