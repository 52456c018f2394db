"""Schemas of a programme's portfolio."""

from marshmallow import fields

from portal.oversight.health.schemas import HealthSchema
from portal.oversight.portfolio.models import NAME_MAX, QUERY_MAX
from portal.platform.web.api_fields import ApiSchema, choice, count, flag, id_, line
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


class PortfolioViewSchema(ApiSchema):
    """A kept view of a portfolio."""

    id = id_(dump_only=True)
    name = line(NAME_MAX, dump_only=True)
    query = line(QUERY_MAX, "Filters and order, as in the address of the portfolio's page.", dump_only=True)
    is_shared = fields.Boolean(dump_only=True)


class ViewKeptSchema(ApiSchema):
    """A view to keep."""

    name = line(NAME_MAX, required=True)
    query = line(QUERY_MAX, "Filters and order, as in the address of the portfolio's page.")
    is_shared = flag("With the leads of the programme, for one of them.", load_default=False)
