"""Schemas of coverage: which target groups tried which versions, and who is missing."""

from marshmallow import fields

from portal.platform.web.api_fields import ApiSchema, choice, count, day, flag, id_
from portal.user_tests.reports.coverage_rules import CoverageGapKind


class ReportTableSchema(ApiSchema):
    """A table of a report, in sentences."""

    name = fields.String(dump_only=True)
    columns = fields.List(fields.String(), dump_only=True)
    rows = fields.List(fields.List(fields.String()), dump_only=True)


class ReportPartSchema(ApiSchema):
    """A part of a report: sentences, a table, points, closing sentences."""

    title = fields.String(dump_only=True)
    says = fields.List(fields.String(), dump_only=True)
    table = fields.Nested(ReportTableSchema, dump_only=True, allow_none=True)
    points = fields.List(fields.String(), dump_only=True)
    after = fields.List(fields.String(), dump_only=True)


class ReportSchema(ApiSchema):
    """A report in one language, as its page and its PDF say it."""

    title = fields.String(dump_only=True)
    language = fields.String(dump_only=True)
    lead = fields.String(dump_only=True)
    foot = fields.String(dump_only=True)
    parts = fields.List(fields.Nested(ReportPartSchema), dump_only=True)


class ReportedRoundSchema(ApiSchema):
    """An ended round, whose report one reads."""

    project = fields.String(dump_only=True, attribute="project.slug")
    round = count("Its number.", attribute="round.number")
    title = fields.String(dump_only=True, attribute="round.title")
    version = count("That it tested.", attribute="version.number")
    ended_on = day(dump_only=True, attribute="round.ended_on")


class CoverageCellSchema(ApiSchema):
    """Participants of a group on a version."""

    version = count()
    participants = count()
    participant_goal = count("Null: no number was given.", allow_none=True)
    is_aimed = flag("Whether a round on the version aims at the group.", dump_only=True)


class CoverageLineSchema(ApiSchema):
    """A target group over all rounds; null: participants of no group."""

    group_id = id_(dump_only=True, allow_none=True)
    group = fields.String(dump_only=True, allow_none=True)
    participants = count()
    latest = count("The latest version that it tried.", allow_none=True)
    cells = fields.List(fields.Nested(CoverageCellSchema), dump_only=True)


class CoverageGapSchema(ApiSchema):
    """What is missing on the latest version; `round` is the number of the round in which to mend it."""

    kind = choice(CoverageGapKind, dump_only=True)
    sentence = fields.String(dump_only=True)
    group_id = id_(dump_only=True, allow_none=True)
    participants = count()
    participant_goal = count(allow_none=True)
    round = count(allow_none=True)


class RoundAccessNeedsSchema(ApiSchema):
    """How many participants of a round had an access need: of a round, never of a person."""

    round = count("Its number.")
    version = count()
    participants = count()
    access_needs = count("Null: nobody has told yet.", allow_none=True)


class CoverageSchema(ApiSchema):
    """The coverage of a project; empty while its prototype has no version."""

    latest = count("The latest version of the prototype.", allow_none=True)
    versions = fields.List(fields.Integer(), dump_only=True)
    groups = fields.List(fields.Nested(CoverageLineSchema), dump_only=True)
    gaps = fields.List(fields.Nested(CoverageGapSchema), dump_only=True)
    rounds = fields.List(fields.Nested(RoundAccessNeedsSchema), dump_only=True)
