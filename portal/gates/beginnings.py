"""What G0 to G3 ask: a team, a problem, data, an ethics review of the framing. Pure."""

from portal.gates.evidence import Evidence, KeyRole, Part, Review, Source
from portal.gates.verdicts import Asked, Code, Result, first_lack, fullest, lacks, met, predicate

ACCEPTED = ("accepted", "accepted_with_conditions")
FRAMING = "framing"


@predicate(Part.ENGAGEMENT)
def agreement_signed(evidence: Evidence, _asked: Asked) -> Result:
    day = evidence.engagement.agreed_on
    return met(day=day.isoformat()) if day else lacks(Code.AGREEMENT_MISSING)


@predicate(Part.ENGAGEMENT)
def team_size(evidence: Evidence, asked: Asked) -> Result:
    n, wanted = evidence.engagement.members, asked["team_size"]
    return first_lack((n >= wanted, Code.TOO_FEW_MEMBERS), n=n, wanted=wanted)


@predicate(Part.ENGAGEMENT)
def sponsor(evidence: Evidence, _asked: Asked) -> Result:
    codes = Code.SPONSOR_MISSING, Code.SPONSOR_NOT_ON_TEAM
    return _key_role(evidence.engagement.sponsor, *codes)


@predicate(Part.ENGAGEMENT)
def business_owner(evidence: Evidence, _asked: Asked) -> Result:
    codes = Code.BUSINESS_OWNER_MISSING, Code.BUSINESS_OWNER_NOT_ON_TEAM
    return _key_role(evidence.engagement.business_owner, *codes)


def _key_role(role: KeyRole | None, missing: Code, away: Code) -> Result:
    if role is None:
        return lacks(missing)
    return first_lack((role.is_on_team, away), (role.has_share, Code.SHARE_OF_TIME_MISSING), n=1)


@predicate(Part.ENGAGEMENT)
def shares_of_time(evidence: Evidence, _asked: Asked) -> Result:
    of = evidence.engagement
    n = of.members - of.members_with_share
    holds = n == 0 and of.members > 0
    return first_lack((holds, Code.SHARE_OF_TIME_MISSING), n=n)


@predicate(Part.ENGAGEMENT)
def coach_on_every_track(evidence: Evidence, _asked: Asked) -> Result:
    tracks = evidence.engagement.tracks
    bare = [key for key, coached in tracks.items() if not coached]
    holds = bool(tracks) and not bare
    seen = [f"track/{key}" for key in bare]
    return first_lack((holds, Code.COACH_MISSING), seen=seen, n=len(bare))


@predicate(Part.COACHING)
def coaching_begun(evidence: Evidence, _asked: Asked) -> Result:
    day = evidence.coached_on
    return met(day=day.isoformat()) if day else lacks(Code.NO_COACHING_SESSION)


@predicate(Part.FRAMING)
def problem_stated(evidence: Evidence, _asked: Asked) -> Result:
    return first_lack((evidence.framing.problem, Code.PROBLEM_MISSING))


@predicate(Part.FRAMING)
def target_group_sized(evidence: Evidence, _asked: Asked) -> Result:
    groups = evidence.framing.groups
    sized = [one for one in groups if one.size]
    return first_lack(
        (bool(groups), Code.NO_TARGET_GROUP),
        (bool(sized), Code.TARGET_GROUP_WITHOUT_SIZE),
        seen=[f"group/{one.number}" for one in sized or groups],
    )


@predicate(Part.METRICS)
def metric_aimed(evidence: Evidence, _asked: Asked) -> Result:
    best = fullest(
        evidence.metrics, lambda one: one.baseline_on is not None, lambda one: one.has_target
    )
    if best is None:
        return lacks(Code.NO_IMPACT_METRIC)
    return first_lack(
        (best.baseline_on is not None, Code.METRIC_WITHOUT_BASELINE),
        (best.has_target, Code.METRIC_WITHOUT_TARGET),
        seen=[f"metric/{best.number}"],
        number=best.number,
    )


@predicate(Part.FRAMING)
def assumptions_ranked(evidence: Evidence, asked: Asked) -> Result:
    n, wanted = evidence.framing.assumptions, asked["assumptions_ranked"]
    return first_lack((n >= wanted, Code.TOO_FEW_ASSUMPTIONS), n=n, wanted=wanted)


@predicate(Part.FRAMING)
def interviews_logged(evidence: Evidence, asked: Asked) -> Result:
    n, wanted = evidence.framing.interviews, asked["interviews_logged"]
    return first_lack((n >= wanted, Code.TOO_FEW_INTERVIEWS), n=n, wanted=wanted)


def _source(evidence: Evidence) -> Source | None:
    """The one source on which everything is asked."""
    return fullest(
        evidence.sources,
        lambda one: one.has_holder,
        lambda one: one.has_legal_basis,
        lambda one: one.is_screened,
        lambda one: one.is_received,
        lambda one: bool(one.sample_rows),
        lambda one: one.has_hash,
        lambda one: one.has_quality_note,
    )


def _of_source(evidence: Evidence, *checks: tuple[str, Code]) -> Result:
    best = _source(evidence)
    if best is None:
        return lacks(Code.NO_DATA_SOURCE)
    return first_lack(
        *((bool(getattr(best, name)), code) for name, code in checks),
        seen=[f"source/{best.number}"],
        number=best.number,
    )


@predicate(Part.DATA)
def data_lawful(evidence: Evidence, _asked: Asked) -> Result:
    return _of_source(
        evidence,
        ("has_holder", Code.HOLDER_MISSING),
        ("has_legal_basis", Code.LEGAL_BASIS_MISSING),
        ("is_screened", Code.DPIA_NOT_SCREENED),
    )


@predicate(Part.DATA)
def data_received(evidence: Evidence, _asked: Asked) -> Result:
    return _of_source(evidence, ("is_received", Code.DATA_NOT_RECEIVED))


@predicate(Part.DATA)
def data_sampled(evidence: Evidence, _asked: Asked) -> Result:
    return _of_source(
        evidence,
        ("sample_rows", Code.SAMPLE_MISSING),
        ("has_hash", Code.SAMPLE_HASH_MISSING),
    )


@predicate(Part.DATA)
def data_quality_noted(evidence: Evidence, _asked: Asked) -> Result:
    return _of_source(evidence, ("has_quality_note", Code.QUALITY_NOTE_MISSING))


@predicate(Part.DATA)
def purposes_written(evidence: Evidence, _asked: Asked) -> Result:
    if not evidence.sources:
        return lacks(Code.NO_DATA_SOURCE)
    bare = [one.number for one in evidence.sources if not one.has_purpose]
    return first_lack(
        (not bare, Code.PURPOSE_MISSING),
        seen=[f"source/{number}" for number in bare],
        n=len(bare),
        number=bare[0] if bare else 0,
    )


def last_review(evidence: Evidence, kind: str) -> Review | None:
    """The latest of a questionnaire."""
    mine = [one for one in evidence.reviewed.reviews if one.kind == kind]
    return max(mine, key=lambda one: one.number, default=None)


def _of_framing(evidence: Evidence, *checks: tuple[bool, Code]) -> Result:
    review = last_review(evidence, FRAMING)
    if review is None:
        return lacks(Code.NO_FRAMING_REVIEW)
    return first_lack(
        *checks,
        seen=[f"review/{review.number}"],
        number=review.number,
        n=review.answered,
        wanted=review.asked,
    )


@predicate(Part.REVIEWS)
def framing_answered(evidence: Evidence, _asked: Asked) -> Result:
    review = last_review(evidence, FRAMING)
    whole = review is not None and review.asked > 0 and review.answered >= review.asked
    return _of_framing(evidence, (whole, Code.REVIEW_INCOMPLETE))


@predicate(Part.REVIEWS)
def framing_level(evidence: Evidence, _asked: Asked) -> Result:
    review = last_review(evidence, FRAMING)
    return _of_framing(evidence, (bool(review and review.has_level), Code.LEVEL_NOT_COMPUTED))


@predicate(Part.REVIEWS)
def framing_reviewer(evidence: Evidence, _asked: Asked) -> Result:
    review = last_review(evidence, FRAMING)
    independent = review.reviewer_independent if review else None
    return _of_framing(
        evidence,
        (independent is not None, Code.NO_REVIEWER),
        (bool(independent), Code.REVIEWER_NOT_INDEPENDENT),
    )


@predicate(Part.RISKS)
def high_risks_owned(evidence: Evidence, _asked: Asked) -> Result:
    bare = [one.number for one in evidence.risks if one.is_high_before and not one.is_owned]
    return first_lack(
        (not bare, Code.HIGH_RISK_WITHOUT_MITIGATION),
        seen=[f"risk/{number}" for number in bare],
        n=len(bare),
        number=bare[0] if bare else 0,
    )


@predicate(Part.REVIEWS)
def framing_decided(evidence: Evidence, _asked: Asked) -> Result:
    review = last_review(evidence, FRAMING)
    outcome = review.outcome if review else ""
    return _of_framing(
        evidence,
        (bool(outcome), Code.REVIEW_NOT_DECIDED),
        (outcome in ACCEPTED, Code.REVIEW_REFUSED),
    )


PREDICATES = (
    agreement_signed,
    team_size,
    sponsor,
    business_owner,
    shares_of_time,
    coach_on_every_track,
    coaching_begun,
    problem_stated,
    target_group_sized,
    metric_aimed,
    assumptions_ranked,
    interviews_logged,
    data_lawful,
    data_received,
    data_sampled,
    data_quality_noted,
    purposes_written,
    framing_answered,
    framing_level,
    framing_reviewer,
    high_risks_owned,
    framing_decided,
)
