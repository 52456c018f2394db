"""Evidence from a project's file: engagement, coaching, framing, metrics, data, change plan."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.coaching.sessions.models import IS_WRITTEN, CoachingSession
from portal.funding.agreements.models import FundingAgreement
from portal.oversight.gates import evidence_rules
from portal.oversight.gates.evidence_parameter_queries import (
    PROJECT_PARAMETER,
    EvidenceFields,
    hash_values,
    project_parameter_values,
)
from portal.oversight.gates.models import ChangePlan, TeamKeyRoles
from portal.people.programmes import policy as programmes
from portal.people.programmes.models import RoleAssignment, Track
from portal.platform.kernel.database import fetch_rows
from portal.project.data_sources.models import AccessState, DataSource, DpiaScreening
from portal.project.framing.metric_models import ImpactMetric, Measurement
from portal.project.framing.models import Assumption, Interview, TargetGroup
from portal.project.projects.models import Project, ProjectTrack

_ROLES = select(
    RoleAssignment.person_id, RoleAssignment.role, RoleAssignment.track_id, RoleAssignment.share_of_time
).where(RoleAssignment.scope_id == PROJECT_PARAMETER)
_TRACKS = (
    select(Track.id, Track.key)
    .join(ProjectTrack, ProjectTrack.track_id == Track.id)
    .where(ProjectTrack.project_id == PROJECT_PARAMETER)
    .order_by(Track.position)
)
_ENGAGEMENT = select(TeamKeyRoles.sponsor_id, TeamKeyRoles.business_owner_id).where(
    TeamKeyRoles.project_id == PROJECT_PARAMETER
)
_SIGNATURE = select(FundingAgreement.signed_on).where(FundingAgreement.project_id == PROJECT_PARAMETER)


def read_team_and_coaches_evidence(project: Project) -> EvidenceFields:
    shares: dict[UUID, bool] = {}
    coached: set[UUID | None] = set()
    for person, role, track, share in fetch_rows(_ROLES, project_parameter_values(project)):
        if role in programmes.TEAM:
            shares[person] = shares.get(person, False) or bool(share)
        elif role in programmes.COACHES:
            coached.add(track)
    engagements = fetch_rows(_ENGAGEMENT, project_parameter_values(project))
    holders = engagements[0] if engagements else (None, None)
    signatures = fetch_rows(_SIGNATURE, project_parameter_values(project))

    def read_key_role(holder: UUID | None) -> evidence_rules.KeyRoleHolder | None:
        if holder is None:
            return None
        return evidence_rules.KeyRoleHolder(holder in shares, shares.get(holder, False))

    return {
        "engagement": evidence_rules.TeamAndCoachesEvidence(
            agreed_on=signatures[0][0] if signatures else None,
            members=len(shares),
            members_with_share=sum(shares.values()),
            sponsor=read_key_role(holders[0]),
            business_owner=read_key_role(holders[1]),
            tracks={
                key: id_ in coached for id_, key in fetch_rows(_TRACKS, project_parameter_values(project))
            },
        )
    }


_COACHED = select(func.min(CoachingSession.held_on)).where(
    CoachingSession.project_id == PROJECT_PARAMETER, IS_WRITTEN
)


def read_first_coaching_evidence(project: Project) -> EvidenceFields:
    return {"coached_on": fetch_rows(_COACHED, project_parameter_values(project))[0][0]}


_GROUPS = (
    select(
        TargetGroup.number,
        TargetGroup.size,
        TargetGroup.audience,
        TargetGroup.name_fold,
        TargetGroup.access_needs,
    )
    .where(TargetGroup.project_id == PROJECT_PARAMETER, TargetGroup.left_on.is_(None))
    .order_by(TargetGroup.number)
)
_COUNTS = select(
    select(func.count()).where(Assumption.project_id == PROJECT_PARAMETER).scalar_subquery(),
    select(func.count()).where(Interview.project_id == PROJECT_PARAMETER).scalar_subquery(),
)


def read_framing_evidence(project: Project) -> EvidenceFields:
    assumptions, interviews = fetch_rows(_COUNTS, project_parameter_values(project))[0]
    groups = tuple(
        evidence_rules.TargetGroupEvidence(number, size, hash_values(size, str(audience), *rest))
        for number, size, audience, *rest in fetch_rows(_GROUPS, project_parameter_values(project))
    )
    framing = evidence_rules.FramingEvidence(bool(project.problem.strip()), groups, assumptions, interviews)
    return {"framing": framing}


_METRICS = (
    select(
        ImpactMetric.id,
        ImpactMetric.number,
        ImpactMetric.edition,
        ImpactMetric.baseline_on,
        ImpactMetric.target,
    )
    .where(ImpactMetric.project_id == PROJECT_PARAMETER)
    .order_by(ImpactMetric.number)
)
_MEASURES = (
    select(
        Measurement.metric_id,
        Measurement.number,
        Measurement.measured_on,
        Measurement.edition,
        Measurement.sample_size,
        Measurement.method,
    )
    .where(Measurement.project_id == PROJECT_PARAMETER, Measurement.set_aside_on.is_(None))
    .order_by(Measurement.measured_on, Measurement.number)
)


def read_metric_evidence(project: Project) -> EvidenceFields:
    measures: dict[UUID, list[evidence_rules.MeasureEvidence]] = defaultdict(list)
    for metric, number, day, edition, n, method in fetch_rows(_MEASURES, project_parameter_values(project)):
        measures[metric].append(evidence_rules.MeasureEvidence(number, day, edition, n, bool(method.strip())))
    metric_evidence = (
        evidence_rules.MetricEvidence(number, edition, baseline_on, target is not None, tuple(measures[id_]))
        for id_, number, edition, baseline_on, target in fetch_rows(
            _METRICS, project_parameter_values(project)
        )
    )
    return {"metrics": tuple(metric_evidence)}


_SOURCES = (
    select(
        DataSource.number,
        DataSource.holder,
        DataSource.legal_basis,
        DataSource.screening,
        DataSource.access,
        DataSource.access_on,
        DataSource.sample_rows,
        DataSource.sample_sha256,
        DataSource.quality_note,
        DataSource.purpose,
        DataSource.contents,
        DataSource.personal,
    )
    .where(DataSource.project_id == PROJECT_PARAMETER)
    .order_by(DataSource.number)
)


def read_data_source_evidence(project: Project) -> EvidenceFields:
    return {
        "sources": tuple(
            _build_source_evidence(row) for row in fetch_rows(_SOURCES, project_parameter_values(project))
        )
    }


def _build_source_evidence(row: Any) -> evidence_rules.DataSourceEvidence:
    """The token leaves the state of access out: its progress makes no acceptance stale."""
    return evidence_rules.DataSourceEvidence(
        number=row.number,
        has_holder=bool(row.holder.strip()),
        has_legal_basis=bool(row.legal_basis.strip()),
        is_screened=row.screening is not DpiaScreening.NOT_DONE,
        is_received=row.access.rank >= AccessState.RECEIVED.rank,
        sample_rows=row.sample_rows,
        has_hash=bool(row.sample_sha256),
        has_quality_note=bool(row.quality_note.strip()),
        has_purpose=bool(row.purpose.strip()),
        token=hash_values(
            row.holder,
            row.legal_basis,
            row.purpose,
            row.contents,
            str(row.personal),
            row.sample_rows,
            row.sample_sha256,
        ),
        value_token=hash_values(
            row.holder,
            row.legal_basis,
            row.screening.value,
            row.access.value,
            str(row.access_on),
            row.sample_rows,
            row.sample_sha256,
            row.quality_note,
        ),
    )


_PLAN = select(ChangePlan.missions, ChangePlan.workflow, ChangePlan.training).where(
    ChangePlan.project_id == PROJECT_PARAMETER
)


def read_change_plan_evidence(project: Project) -> EvidenceFields:
    plan = fetch_rows(_PLAN, project_parameter_values(project))
    if not plan:
        return {}
    names = ("missions", "workflow", "training")
    lacks = (name for name, text in zip(names, plan[0], strict=True) if not text.strip())
    return {"plan_lacks": tuple(lacks)}
