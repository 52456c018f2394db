"""Schemas of a programme's portfolio."""

from marshmallow import fields

from portal.oversight.health.schemas import HealthSchema
from portal.platform.web.api_fields import ApiSchema, choice, count, id_
from portal.project.projects.models import ProjectState


class PortfolioTeamSchema(ApiSchema):
    """A team of a portfolio: its health, and the progress of its gates in per cent."""

    project_id = id_(dump_only=True)
    slug = fields.String(dump_only=True)
    organisation = fields.String(dump_only=True)
    state = choice(ProjectState, "As it is now.", dump_only=True)
    declared = count(allow_none=True)
    proved = count(allow_none=True)
    accepted = count(allow_none=True)
    health = fields.Nested(HealthSchema, dump_only=True, allow_none=True)
