"""Keep the number of sightings when retention deletes their sessions."""

from uuid import UUID

from sqlalchemy import func, select, update

from portal.platform.kernel.database import db
from portal.user_tests.findings.models import Finding, Sighting
from portal.user_tests.rounds.session_models import TestSession


def add_to_purged_session_counts(project_id: UUID) -> None:
    """Add to `purged_session_count` of each finding the number of sessions that show it, without
    rehearsals. Runs in the transaction that deletes the sessions."""
    session_count = (
        select(func.count(func.distinct(Sighting.session_id)))
        .join(TestSession, TestSession.id == Sighting.session_id)
        .where(Sighting.finding_id == Finding.id, TestSession.is_rehearsal.is_(False))
        .scalar_subquery()
    )
    project_findings = update(Finding).where(Finding.project_id == project_id)
    db.session.execute(
        project_findings.values(purged_session_count=Finding.purged_session_count + session_count),
        execution_options={"synchronize_session": False},
    )
