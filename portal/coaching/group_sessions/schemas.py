"""Schemas of group sessions."""

from marshmallow import fields, validate

from portal.coaching.group_sessions import forms
from portal.coaching.group_sessions.models import PEOPLE_MAX, Gathering
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, count, id_, integer, line, moment, version

GroupSessionSchema = row_schema(
    "GroupSessionSchema",
    Gathering,
    *("title", "held_on", "hour", "duration", "place", "agenda", "minutes", "counted_at"),
    *("cancelled_at", "cancelled_because"),
)
GroupSessionFactsSchema = form_schema("GroupSessionFactsSchema", forms.EditGatheringForm)
CancelGroupSessionSchema = form_schema("CancelGroupSessionSchema", forms.CancelGatheringForm)
SatisfactionAnswerSchema = form_schema("SatisfactionAnswerSchema", forms.SatisfactionForm)
QUESTION_NAMES = ("useful", "suited", "next_step")  # in the order of the questions
TEAMS_MAX = 1000


class TeamAttendanceSchema(ApiSchema):
    """How many people of a team came."""

    project_id = id_(required=True)
    people = integer(0, PEOPLE_MAX, required=True)


class RecordAttendanceSchema(ApiSchema):
    """How many people came, by team."""

    teams = fields.List(
        fields.Nested(TeamAttendanceSchema), required=True, validate=validate.Length(max=TEAMS_MAX)
    )


class AttendanceSchema(RecordAttendanceSchema):
    """Who came to a group session, as numbers; the version is that of the session."""

    version = version()
    counted_at = moment(allow_none=True)


class QuestionTallySchema(ApiSchema):
    """How often each mark from 1 to 5 was given to a question."""

    question = line(20, dump_only=True)
    counts = fields.List(fields.Integer(), dump_only=True)


class SatisfactionSchema(ApiSchema):
    """How many people answered, and the sums of their marks, empty while they are fewer than three."""

    people = count()
    answers = fields.List(fields.Nested(QuestionTallySchema), dump_only=True)
