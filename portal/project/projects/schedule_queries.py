"""The teams that a change of their programme's days would leave outside."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from portal.people.programmes.schedule_rules import ProgrammeDays, TeamsOutsideNewDays
from portal.platform.kernel.database import db
from portal.project.projects.models import Project


def list_team_names_outside_new_days(
    programme_id: UUID, before: ProgrammeDays, after: ProgrammeDays
) -> Sequence[str]:
    """Return the short names of the teams within the days before and not within those after."""
    teams = select(Project).where(
        Project.programme_id == programme_id,
        _support_within_days_condition(before),
        ~_support_within_days_condition(after),
    )
    return [team.short_name for team in db.session.scalars(teams.order_by(Project.organisation_fold))]


def _support_within_days_condition(days: ProgrammeDays) -> ColumnElement[bool]:
    return and_(Project.starts_on >= days[0], Project.ends_on <= days[1])


SCHEDULED = TeamsOutsideNewDays(list_team_names_outside_new_days)
