"""Schemas of one's own notifications."""

from marshmallow import fields, validate

from portal.communication.notifications.models import (
    AT_ONCE_MOST,
    CLOSES,
    KIND_MAX,
    OPENS,
    WORKING_DAYS,
    Channel,
    Notification,
)
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, flag, id_, integer, line, query_flag

_COLUMNS = "fact_id", "group_id", "kind", "action", "scope_id", "subject", "subject_id", "actor_id", "read_at"


class NotificationSchema(row_schema("NotificationSchema", Notification, *_COLUMNS)):  # type: ignore[misc]  # made
    """One fact for one person: an audit event or a due date."""

    action = fields.String(attribute="recorded_action", dump_only=True)


class NotificationQuerySchema(ApiSchema):
    """Which notifications."""

    unread = query_flag("Only those that are not read.")
    kind = line(KIND_MAX, "A kind, by its code among one's preferences.")
    scope_id = id_("A programme or project.", load_default=None)


class NotificationGroupChoiceSchema(ApiSchema):
    """All notifications of a group."""

    group_id = id_(required=True)


class MarkReadUntilSchema(ApiSchema):
    """Which notifications are read."""

    until = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "When they were listed; later ones stay unread.", "example": None},
    )
    scope_id = id_("A programme or project; null: all.", load_default=None, allow_none=True)


class MutedSchema(ApiSchema):
    """What is muted."""

    about_id = id_("Of a project, or of a group of notifications.", dump_only=True)


class ChangeNotificationPreferencesSchema(ApiSchema):
    """By which channel one is told of what, and when mails may arrive, in one's own time zone."""

    channels = fields.Dict(
        keys=fields.String(validate=validate.Length(max=KIND_MAX)),
        values=fields.Enum(Channel, by_value=True),
        load_default=dict,
        metadata={"description": "By kind; a kind that is left out has its usual channel.", "example": {}},
    )
    opens = integer(0, 23, "First hour of mails.", load_default=OPENS)
    closes = integer(1, 24, "Last hour of mails.", load_default=CLOSES)
    days = fields.List(
        integer(1, 7),
        load_default=lambda: list(map(int, WORKING_DAYS)),
        validate=validate.Length(min=1, max=7),
        metadata={"description": "From Monday, 1, to Sunday, 7."},
    )
    at_once_most = integer(
        0, AT_ONCE_MOST, "Mails at once a day; null: as usual.", load_default=None, allow_none=True
    )
    no_digest = flag("No mail of what is left.", load_default=False)


class NotificationPreferencesSchema(ChangeNotificationPreferencesSchema):
    """One's preferences; the version is 0 before the first save."""

    version = integer(0, 2**31 - 1, "Sent back in `If-Match`.", dump_only=True)
