"""Schemas of rounds of tests and their sessions."""

from marshmallow import fields, validate

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, flag, integer, moment
from portal.project.projects.models import NUMBER_MAX
from portal.user_tests.rounds import forms, session_field_forms
from portal.user_tests.rounds.consent_commands import ConsentParts
from portal.user_tests.rounds.models import ConsentText, TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.task_commands import TaskMoveDirection

RoundSchema = row_schema(
    "RoundSchema",
    TestRound,
    *("prototype_version_id", "follows_id", "title", "method", "scale", "hypotheses", "script"),
    *("starts_on", "ends_on", "ended_on", "access_needs", "no_access_needs"),
)
SessionSchema = row_schema(
    "SessionSchema",
    TestSession,
    *("round_id", "target_group_id", "is_rehearsal", "consent_on", "started_at", "ended_at"),
)
_GROUP_OR_NONE = integer(1, NUMBER_MAX, "Number of the group.", load_default=None, allow_none=True)
RoundPlanSchema = form_schema(
    "RoundPlanSchema",
    forms.EditRoundForm,
    prototype=integer(1, NUMBER_MAX, "Number of the version that is tested.", required=True),
    groups=fields.List(integer(1, NUMBER_MAX), load_default=list, validate=validate.Length(max=50)),
)
AccessNeedsSchema = form_schema("AccessNeedsSchema", forms.AccessNeedsForm)
TaskSchema = row_schema(
    "TaskSchema", TestTask, "position", "title", "instruction", "success", "time_limit", "is_primary"
)
TaskTextSchema = form_schema("TaskTextSchema", forms.EditTaskForm)
SessionBeginSchema = form_schema(
    "SessionBeginSchema", session_field_forms.SessionBeginForm, group=_GROUP_OR_NONE
)
SessionConsentSchema = form_schema("SessionConsentSchema", session_field_forms.SessionConsentForm)


RoundCopySchema = form_schema(
    "RoundCopySchema",
    forms.CopyRoundForm,
    prototype=integer(1, NUMBER_MAX, "Number of the version that is tested.", required=True),
)
ConsentTextSchema = row_schema("ConsentTextSchema", ConsentText, "locale", *ConsentParts.__dataclass_fields__)
ConsentPartsSchema = form_schema("ConsentPartsSchema", forms.ConsentTextForm)


class MoveTaskSchema(ApiSchema):
    """Where a task goes."""

    to = choice(TaskMoveDirection, required=True)


class ParticipantLinkSchema(ApiSchema):
    """The address at which the participant of a session answers the scale, once."""

    url = fields.String(dump_only=True)
    expires_at = moment()


class EndOrReopenRoundSchema(ApiSchema):
    """Whether a round is over."""

    is_over = flag(load_default=True)
