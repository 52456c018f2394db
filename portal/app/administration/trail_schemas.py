"""Schemas of the audit trail."""

from marshmallow import fields, validate

from portal.app.administration import trail
from portal.people.accounts.models import EMAIL_MAX
from portal.platform.web.api_fields import ApiSchema, count, day, id_, line, moment


class TrailQuerySchema(ApiSchema):
    """Which acts; days are whole and included."""

    person = line(EMAIL_MAX, "The address of whoever acted, or is concerned.")
    kind = fields.String(
        validate=validate.OneOf(trail.list_action_kinds()),
        load_default="",
        metadata={"description": "The first word of the actions."},
    )
    row_id = id_("The row that changed.", load_default=None)
    since = day(load_default=None)
    until = day(load_default=None)


class TrailLineSchema(ApiSchema):
    """An act: who did what to which row, and the names of what changed; never the values."""

    id = id_(dump_only=True)
    at = moment()
    who = fields.String(dump_only=True, metadata={"description": "Empty: the portal itself."})
    actor_id = id_(dump_only=True, allow_none=True)
    action = fields.String(dump_only=True)
    subject = fields.String(dump_only=True, metadata={"description": "The kind of the row."})
    subject_id = id_(dump_only=True)
    number = count("By which people call it.", allow_none=True)
    programme = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    changed = fields.List(fields.String(), dump_only=True)
