"""Schemas of what waits for a decision."""

from marshmallow import fields

from portal.oversight.to_decide.selection_rules import TurnHolder
from portal.people.programmes.models import SLUG_MAX
from portal.platform.web.api_fields import ApiSchema, choice, count, day, flag, id_, line

KIND_MAX = 40


class WaitingQuerySchema(ApiSchema):
    """What of it, by the filters of its page."""

    show = choice(
        TurnHolder,
        "By whose turn it is: one's own (`mine`), that of nobody by name, of others, or what somebody"
        " does already (`in_hand`).",
        load_default=TurnHolder.ALL,
    )
    programme = line(SLUG_MAX, "The slug of a programme.")
    kind = line(KIND_MAX, "A kind: `decisions`, `gates`…")


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
    whom = fields.String(
        dump_only=True,
        metadata={"description": "Whose turn it is where nobody has it by name, or why nobody's."},
    )
    is_own = flag("Whether it is the reader's own to decide.", dump_only=True)
    is_ready = flag("Whether it can be decided now.", dump_only=True)
