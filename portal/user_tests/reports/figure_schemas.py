"""Schemas of figures of tests over rounds: trends, and two rounds side by side."""

from marshmallow import fields, validate

from portal.platform.web.api_fields import ApiSchema, choice, count, flag, integer
from portal.project.projects.models import NUMBER_MAX
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.statistics.comparison_rules import ChangeVerdict


def _make_figure_field(about: str, attribute: str | None = None) -> fields.Field[float]:
    return fields.Float(dump_only=True, metadata={"description": about}, attribute=attribute)


class IntervalSchema(ApiSchema):
    """A confidence interval (95 %)."""

    low = _make_figure_field("Its lower end.")
    high = _make_figure_field("Its upper end.")


class CompletionSchema(ApiSchema):
    """Who managed a task alone, of those who tried."""

    successes = count()
    n = count()
    interval = fields.Nested(IntervalSchema, dump_only=True)


class TaskTimeSchema(ApiSchema):
    """How long those who managed alone took: the geometric mean of up to 25, else the median."""

    n = count()
    seconds = _make_figure_field("The centre.")
    interval = fields.Nested(IntervalSchema, dump_only=True, allow_none=True)


class MeanSchema(ApiSchema):
    """A mean of scores."""

    n = count()
    value = _make_figure_field("The mean.")
    interval = fields.Nested(IntervalSchema, dump_only=True, allow_none=True)


class TaskFiguresSchema(ApiSchema):
    """What a task gave in a round; null: not measured."""

    completion = fields.Nested(CompletionSchema, dump_only=True, allow_none=True)
    helped = count()
    not_tried = count()
    time = fields.Nested(TaskTimeSchema, dump_only=True, allow_none=True)
    ease = fields.Nested(MeanSchema, dump_only=True, allow_none=True)
    errors = count()


class MeasuredChangeSchema(ApiSchema):
    """A difference of shares or scores, or for times the later divided by the earlier."""

    amount = _make_figure_field("Later minus earlier; of times, later by earlier.")
    interval = fields.Nested(IntervalSchema, dump_only=True, allow_none=True)
    verdict = choice(ChangeVerdict, dump_only=True)


class TaskInRoundFiguresSchema(ApiSchema):
    """The figures of a task in a round."""

    round = count("Its number.")
    version = count("That it tested.")
    figures = fields.Nested(TaskFiguresSchema, dump_only=True)


class TaskTrendSchema(ApiSchema):
    """A task and its copies over the latest rounds, and what changed between the last two."""

    title = fields.String(dump_only=True)
    round = count("The latest round that has it.")
    task = count("Its number there.")
    rounds = fields.List(fields.Nested(TaskInRoundFiguresSchema), dump_only=True)
    completion = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)
    time = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)


class RoundScoreSchema(ApiSchema):
    """The score of a round."""

    round = count("Its number.")
    version = count("That it tested.")
    score = fields.Nested(MeanSchema, dump_only=True, allow_none=True)


class ScaleTrendSchema(ApiSchema):
    """A scale over the latest rounds, and what changed between the last two."""

    scale = choice(RoundScale, dump_only=True)
    rounds = fields.List(fields.Nested(RoundScoreSchema), dump_only=True)
    change = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)


class ComparedRoundsQuerySchema(ApiSchema):
    """Which rounds."""

    before = fields.Integer(
        required=True, validate=validate.Range(1, NUMBER_MAX), metadata={"description": "A round's number."}
    )
    after = fields.Integer(
        required=True, validate=validate.Range(1, NUMBER_MAX), metadata={"description": "Another one's."}
    )


class TaskPairSchema(ApiSchema):
    """A task in two rounds."""

    title = fields.String(dump_only=True)
    before = integer(1, NUMBER_MAX, "Its number in the one.", dump_only=True)
    after = integer(1, NUMBER_MAX, "And in the other.", dump_only=True)
    was = fields.Nested(TaskFiguresSchema, dump_only=True)
    now = fields.Nested(TaskFiguresSchema, dump_only=True)
    completion = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)
    time = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)
    ease = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)


class UnsharedTaskSchema(ApiSchema):
    """A task of one of the rounds alone."""

    round = count()
    task = count()
    title = fields.String(dump_only=True)


class RoundComparisonSchema(ApiSchema):
    """Two rounds side by side."""

    before = count()
    after = count()
    tasks = fields.List(fields.Nested(TaskPairSchema), dump_only=True)
    unshared_tasks = fields.List(fields.Nested(UnsharedTaskSchema), dump_only=True)
    scale = fields.Nested(MeasuredChangeSchema, dump_only=True, allow_none=True)
    groups_differ = flag("Their participants were not of the same target groups.", dump_only=True)
