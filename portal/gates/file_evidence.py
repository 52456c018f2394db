"""What a project’s file says: team, coaches, for whom it is, what should change, data."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.coaching.models import CoachingSession
from portal.data_sources.models import Access, DataSource, Screening
from portal.framing.metrics import ImpactMetric, Measurement
from portal.framing.models import Assumption, Interview, TargetGroup
from portal.gates import evidence as told
from portal.gates.models import ChangePlan, Engagement
from portal.gates.parts import PROJECT, Found, of, token
from portal.kernel.db import rows
from portal.programmes import policy as programmes
from portal.programmes.models import RoleAssignment, Track
from portal.projects.models import Project, ProjectTrack

_ROLES = select(
    RoleAssignment.person_id,
    RoleAssignment.role,
    RoleAssignment.track_id,
    RoleAssignment.share_of_time,
).where(RoleAssignment.scope_id == PROJECT)
_TRACKS = (
    select(Track.id, Track.key)
    .join(ProjectTrack, ProjectTrack.track_id == Track.id)
    .where(ProjectTrack.project_id == PROJECT)
    .order_by(Track.position)
)
_ENGAGEMENT = select(
    Engagement.agreed_on, Engagement.sponsor_id, Engagement.business_owner_id
).where(Engagement.project_id == PROJECT)


def engagement(project: Project) -> Found:
    shares: dict[UUID, bool] = {}
    coached: set[UUID | None] = set()
    for person, role, track, share in rows(_ROLES, of(project)):
        if role in programmes.TEAM:
            shares[person] = shares.get(person, False) or bool(share)
        elif role in programmes.COACHES:
            coached.add(track)
    noted = rows(_ENGAGEMENT, of(project))
    agreed_on, *holders = noted[0] if noted else (None, None, None)

    def key_role(holder: UUID | None) -> told.KeyRole | None:
        return None if holder is None else told.KeyRole(holder in shares, shares.get(holder, False))

    return {
        "engagement": told.Engagement(
            agreed_on=agreed_on,
            members=len(shares),
            members_with_share=sum(shares.values()),
            sponsor=key_role(holders[0]),
            business_owner=key_role(holders[1]),
            tracks={key: id_ in coached for id_, key in rows(_TRACKS, of(project))},
        )
    }


_COACHED = select(func.min(CoachingSession.held_on)).where(CoachingSession.project_id == PROJECT)


def coaching(project: Project) -> Found:
    return {"coached_on": rows(_COACHED, of(project))[0][0]}


_GROUPS = (
    select(
        TargetGroup.number,
        TargetGroup.size,
        TargetGroup.audience,
        TargetGroup.name_fold,
        TargetGroup.access_needs,
    )
    .where(TargetGroup.project_id == PROJECT, TargetGroup.left_on.is_(None))
    .order_by(TargetGroup.number)
)
_COUNTS = select(
    select(func.count()).where(Assumption.project_id == PROJECT).scalar_subquery(),
    select(func.count()).where(Interview.project_id == PROJECT).scalar_subquery(),
)


def framing(project: Project) -> Found:
    assumptions, interviews = rows(_COUNTS, of(project))[0]
    groups = tuple(
        told.Group(number, size, token(size, str(audience), *rest))
        for number, size, audience, *rest in rows(_GROUPS, of(project))
    )
    framing = told.Framing(bool(project.problem.strip()), groups, assumptions, interviews)
    return {"framing": framing}


_METRICS = (
    select(
        ImpactMetric.id,
        ImpactMetric.number,
        ImpactMetric.edition,
        ImpactMetric.baseline_on,
        ImpactMetric.target,
    )
    .where(ImpactMetric.project_id == PROJECT)
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
    .where(Measurement.project_id == PROJECT, Measurement.set_aside_on.is_(None))
    .order_by(Measurement.measured_on, Measurement.number)
)


def metrics(project: Project) -> Found:
    measures: dict[UUID, list[told.Measure]] = defaultdict(list)
    for metric, number, on, edition, n, method in rows(_MEASURES, of(project)):
        measures[metric].append(told.Measure(number, on, edition, n, bool(method.strip())))
    found = (
        told.Metric(number, edition, baseline_on, target is not None, tuple(measures[id_]))
        for id_, number, edition, baseline_on, target in rows(_METRICS, of(project))
    )
    return {"metrics": tuple(found)}


_SOURCES = (
    select(
        DataSource.number,
        DataSource.holder,
        DataSource.legal_basis,
        DataSource.screening,
        DataSource.access,
        DataSource.sample_rows,
        DataSource.sample_sha256,
        DataSource.quality_note,
        DataSource.purpose,
        DataSource.contents,
        DataSource.personal,
    )
    .where(DataSource.project_id == PROJECT)
    .order_by(DataSource.number)
)


def data(project: Project) -> Found:
    return {"sources": tuple(_source(row) for row in rows(_SOURCES, of(project)))}


def _source(row: Any) -> told.Source:
    """Its token holds what was looked at; a further step of the way to it changes nothing."""
    return told.Source(
        number=row.number,
        has_holder=bool(row.holder.strip()),
        has_legal_basis=bool(row.legal_basis.strip()),
        is_screened=row.screening is not Screening.NOT_DONE,
        is_received=row.access.rank >= Access.RECEIVED.rank,
        sample_rows=row.sample_rows,
        has_hash=bool(row.sample_sha256),
        has_quality_note=bool(row.quality_note.strip()),
        has_purpose=bool(row.purpose.strip()),
        token=token(
            row.holder,
            row.legal_basis,
            row.purpose,
            row.contents,
            str(row.personal),
            row.sample_rows,
            row.sample_sha256,
        ),
    )


_PLAN = select(ChangePlan.missions, ChangePlan.workflow, ChangePlan.training).where(
    ChangePlan.project_id == PROJECT
)


def change(project: Project) -> Found:
    plan = rows(_PLAN, of(project))
    if not plan:
        return {}
    names = ("missions", "workflow", "training")
    lacks = (name for name, text in zip(names, plan[0], strict=True) if not text.strip())
    return {"plan_lacks": tuple(lacks)}
