"""What the feature "backlog" brings to the application."""

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    SharedTextTable,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.sprints.backlog import api, commands, item_views, notifications, views
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.models import Item, ItemEvent, SnapshotItem
from portal.sprints.backlog.search import SEARCH

FEATURE = Feature(
    search=SEARCH,
    api=(api.area,),
    blueprints=(views.bp, item_views.bp),
    navigation=dict.fromkeys(("backlog", "items"), ProjectMenuEntry.SPRINTS),
    notifications=(*notifications.KINDS, *notifications.RULES),
    attachments=(ProjectAttachmentKind(Item, _l("Élément %(n)s"), "items.page"),),
    places={
        "items.block_page": "items.page",
        "items.drop_page": "items.page",
        "items.edit_page": "items.page",
        "items.split_page": "items.page",
    },
    personal_data=(
        PersonalDataset(
            "backlog",
            _l("Carnet"),
            (
                PersonalTable(model=Item, open_work={"assignee_id": Item.state != ItemState.DONE}),
                PersonalTable(model=ItemEvent, authors=("actor_id",)),
            ),
        ),
        SharedTextTable(Item, (commands.ADDED, commands.ADDED_SEVERAL)),
        PersonalTextRedaction(model=ItemEvent, is_copy=True),
        PersonalTextRedaction(model=SnapshotItem, is_copy=True),
    ),
)
