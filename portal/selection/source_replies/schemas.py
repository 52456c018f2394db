"""Schemas of decisions that are written back to their procedure."""

from marshmallow import fields

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import INTEGER_MAX, ApiSchema, choice, count, flag, integer, line
from portal.selection.applications.models import NUMBER_MAX
from portal.selection.imports.models import ID_MAX
from portal.selection.source_replies.forms import ReplySettingForm
from portal.selection.source_replies.models import ReplyAct, SourceReply


class AnnotationSchema(ApiSchema):
    """An annotation of the procedure that takes a text; instructors alone see it."""

    id = fields.String(dump_only=True)
    label = fields.String(dump_only=True)


class RepliesSettingSchema(ApiSchema):
    """As whom a call writes its decisions back; its version is 0 while it writes nothing."""

    version = integer(0, INTEGER_MAX, "Sent back in `If-Match`.", dump_only=True)
    instructor_id = fields.String(dump_only=True)
    is_silent = flag("Whether the procedure mails no applicant.", dump_only=True)
    annotation_id = fields.String(dump_only=True)
    annotations = fields.List(fields.Nested(AnnotationSchema), dump_only=True)


RepliesBodySchema = form_schema(
    "RepliesBodySchema",
    ReplySettingForm,
    is_silent=flag("Whether the procedure mails no applicant.", load_default=True),
    annotation_id=line(ID_MAX, 'The annotation that tells the decision; "" for none.'),
)


class ProposableReplySchema(ApiSchema):
    """A published decision that can be written back."""

    application = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    title = fields.String(dump_only=True)
    act = choice(ReplyAct, dump_only=True)


_ReplyColumnsSchema = row_schema(
    "_ReplyColumnsSchema",
    SourceReply,
    *("act", "state", "motivation", "annotation", "proposed_by_id", "approved_by_id", "sent_at"),
)


class SourceReplySchema(_ReplyColumnsSchema):  # type: ignore[misc,valid-type]  # made of columns
    """A decision that is written back, word for word, and why it has not left."""

    application = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    title = fields.String(dump_only=True)
    explanation = fields.String(dump_only=True)


class ReplyCountSchema(ApiSchema):
    """How many decisions."""

    replies = count()
