"""Schemas of items of work."""

from marshmallow import fields, validate

from portal.platform.web.api_fields import (
    INTEGER_MAX,
    ApiSchema,
    choice,
    count,
    id_,
    integer,
    line,
    moment,
    number,
    person_filter,
    version,
)
from portal.sprints.backlog.commands import ITEMS_ADDED_MAX
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.item_list_queries import BacklogTab
from portal.sprints.backlog.models import NUMBER_MAX, POINTS_MAX, REASON_MAX, TEXT_MAX, TITLE_MAX, ItemKind
from portal.sprints.backlog.order_commands import ItemPosition

SPRINT_MAX = 999
ITEMS_MOVED_MAX = 100


class ItemTextSchema(ApiSchema):
    """What people write of an item."""

    title = line(TITLE_MAX, required=True)
    kind = choice(ItemKind, load_default=ItemKind.STORY)
    points = integer(0, POINTS_MAX, "None: not estimated.", load_default=None, allow_none=True)
    assignee_id = id_("A member of the team.", load_default=None, allow_none=True)
    description = line(TEXT_MAX)


class ItemSchema(ItemTextSchema):
    """An item of work."""

    id = id_(dump_only=True)
    number = number()
    version = version()
    state = choice(ItemState, dump_only=True)
    block_reason = line(REASON_MAX, dump_only=True)
    iteration_id = id_("The id of its sprint.", dump_only=True, allow_none=True)
    started_at = moment(allow_none=True)
    done_at = moment(allow_none=True)
    gone_at = moment(allow_none=True)
    discussion_id = id_("Its comments.", dump_only=True)


class ItemRowSchema(ApiSchema):
    """An item in a list."""

    number = number()
    version = version()
    title = line(TITLE_MAX, dump_only=True)
    kind = choice(ItemKind, dump_only=True)
    points = integer(0, POINTS_MAX, dump_only=True, allow_none=True)
    state = choice(ItemState, dump_only=True)
    reason = line(REASON_MAX, "What blocks it.", dump_only=True)
    sprint = integer(1, SPRINT_MAX, "The number of its sprint.", dump_only=True, allow_none=True)
    assignee_id = id_(dump_only=True, allow_none=True)
    assignee = fields.String(dump_only=True, allow_none=True)
    comments = count()


class ItemQuerySchema(ApiSchema):
    """Which items."""

    where = choice(BacklogTab, "Without it: wherever they are, but for those that were dropped.")
    kind = choice(ItemKind)
    state = choice(ItemState)
    assignee = person_filter()
    q = line(TITLE_MAX, "Part of the title.")


class AddItemsSchema(ApiSchema):
    """Items to add together, to the backlog or to an open sprint: all or none."""

    items = fields.List(
        fields.Nested(ItemTextSchema), required=True, validate=validate.Length(min=1, max=ITEMS_ADDED_MAX)
    )
    sprint = integer(1, SPRINT_MAX, "Number of an open sprint.", load_default=None, allow_none=True)


class ItemsSchema(ApiSchema):
    """Several items."""

    items = fields.List(fields.Nested(ItemSchema), dump_only=True)


class ChangeItemStateSchema(ApiSchema):
    """A new state; `blocked` needs a reason."""

    state = choice(ItemState, required=True)
    reason = line(REASON_MAX)


class AssignItemSchema(ApiSchema):
    """Who takes care of an item."""

    assignee_id = id_("A member of the team; null: nobody.", required=True, allow_none=True)


class SplitItemSchema(ApiSchema):
    """The parts that are split off an item, and the points that it keeps."""

    items = fields.List(
        fields.Nested(ItemTextSchema), required=True, validate=validate.Length(min=1, max=ITEMS_ADDED_MAX)
    )
    points = integer(0, POINTS_MAX, "None: not estimated.", load_default=None, allow_none=True)


class PlaceItemSchema(ApiSchema):
    """A place in the list of an item: at an end, or beside another item of the list."""

    place = choice(ItemPosition, required=True)
    other = integer(
        1, NUMBER_MAX, "Its number, for `before` and `after`.", load_default=None, allow_none=True
    )


class ItemHandleSchema(ApiSchema):
    """An item at the version that was read."""

    number = integer(1, NUMBER_MAX, required=True)
    version = integer(1, INTEGER_MAX, required=True)


class MoveItemsSchema(ApiSchema):
    """Items to move together into an open sprint, or to the backlog: all or none."""

    items = fields.List(
        fields.Nested(ItemHandleSchema), required=True, validate=validate.Length(min=1, max=ITEMS_MOVED_MAX)
    )
    sprint = integer(1, SPRINT_MAX, "None: the backlog.", load_default=None, allow_none=True)
    place = fields.Enum(
        ItemPosition,
        by_value=True,
        load_default=ItemPosition.TOP,
        validate=validate.OneOf([ItemPosition.TOP, ItemPosition.BOTTOM]),
    )
