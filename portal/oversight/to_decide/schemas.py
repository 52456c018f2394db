"""Schemas of what waits for a decision."""

from marshmallow import fields

from portal.platform.web.api_fields import ApiSchema, count, day, flag, id_


class WaitingLineSchema(ApiSchema):
    """Something that waits for the reader's decision, as its line on the page."""

    id = id_("The row that is decided.", dump_only=True)
    kind = fields.String(dump_only=True, metadata={"description": "What waits: `decisions`, `gates`…"})
    project_id = id_(dump_only=True)
    project = fields.String(dump_only=True, metadata={"description": "Its slug; of a call: its programme's."})
    number = count("That of the row or gate in its project, 0 without.")
    title = fields.String(dump_only=True)
    detail = fields.String(dump_only=True)
    page = fields.String(dump_only=True, metadata={"description": "Where it is decided."})
    since = day(dump_only=True)
    due_on = day(dump_only=True, allow_none=True)
    days_late = count()
    owner = fields.String(dump_only=True, metadata={"description": "Whoever has it by name, or nobody."})
    is_own = flag("Whether it is the reader's own to decide.", dump_only=True)
    is_ready = flag("Whether it can be decided now.", dump_only=True)
