"""Schemas of a project's figures: burndown, sprint after sprint, velocity, forecast."""

from enum import StrEnum

from marshmallow import fields, validate

from portal.platform.web.api_fields import ApiSchema, choice, count, day, decimal, flag, moment
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.sprints.models import NUMBER_MAX

AMOUNT_MAX = 2**31 - 1


class FigureMeasure(StrEnum):
    """What figures count."""

    POINTS = "points"
    ITEMS = "items"


class FigureQuerySchema(ApiSchema):
    """Which sprint's burndown, in what."""

    sprint = fields.Integer(
        validate=validate.Range(1, NUMBER_MAX),
        metadata={"description": "A started sprint; the latest one otherwise."},
    )
    measure = choice(FigureMeasure, "Points where any sprint has some, items otherwise.")


class BurndownPointSchema(ApiSchema):
    """A sprint at the end of a day, at its close or now: `scope` is `completed` and `remaining`."""

    at = moment()
    scope = count()
    completed = count()
    remaining = count()
    added = count("Since the start.")
    removed = count("Since the start.")


class SprintFiguresSchema(ApiSchema):
    """A started sprint; what it finished and its cycle time for its team and coaches alone."""

    number = count()
    starts_on = day(dump_only=True)
    ends_on = day(dump_only=True)
    planned_to = day("The last day as planned: an early close moves `ends_on`.", dump_only=True)
    closed_at = moment(allow_none=True)
    committed_items = count("At the start.")
    committed_points = count("At the start.")
    items = count("At the close.")
    points = count("At the close.")
    done_items = count("Of those, done at the close.")
    done_points = count("Of those, done at the close.")
    finished_items = count(allow_none=True)
    finished_points = count(allow_none=True)
    cycle_days = decimal(AMOUNT_MAX, "The median, in days.", dump_only=True, allow_none=True)


class VelocitySchema(ApiSchema):
    """What the last `n` closed sprints finished, in points or items."""

    n = count()
    mean = decimal(AMOUNT_MAX, dump_only=True)
    least = count()
    most = count()


class BacklogForecastSchema(ApiSchema):
    """When the backlog is done; null: beyond the horizon."""

    items = count("That are not done.")
    sprints = count("Closed sprints that were sampled.")
    even_odds_on = day("One chance in two.", dump_only=True, allow_none=True)
    likely_on = day("85 chances in a hundred.", dump_only=True, allow_none=True)


class ProjectFiguresSchema(ApiSchema):
    """The figures of a project; velocity and forecast for its team and coaches alone."""

    read_at = moment()
    measure = choice(FigureMeasure, dump_only=True)
    sprint = count("Whose burndown it is.", allow_none=True)
    burndown = fields.List(fields.Nested(BurndownPointSchema), dump_only=True)
    sprints = fields.List(
        fields.Nested(SprintFiguresSchema), dump_only=True, metadata={"description": "The latest, in order."}
    )
    states = fields.Dict(
        keys=fields.Enum(ItemState, by_value=True),
        values=fields.Integer(),
        dump_only=True,
        metadata={"description": "Items of the project by state."},
    )
    shows_pace = flag(
        "Whether velocity, forecast and what sprints finished are shown; a project that is not active has"
        " no forecast.",
        dump_only=True,
    )
    velocity = fields.Nested(VelocitySchema, dump_only=True, allow_none=True)
    forecast = fields.Nested(BacklogForecastSchema, dump_only=True, allow_none=True)
