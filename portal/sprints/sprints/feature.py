"""What the feature "sprints" brings to the application."""

from portal.platform.kernel.personal_data import SharedTextTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.sprints.sprints import (
    api,
    board_views,
    calendar,
    commands,
    figure_api,
    figure_views,
    log_views,
    notifications,
    projections,
    running_views,
    scope_views,
    views,
)
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.search import SEARCH

FEATURE = Feature(
    search=SEARCH,
    api=(api.area, figure_api.area),
    blueprints=(views.bp, running_views.bp, log_views.bp, board_views.bp, figure_views.bp, scope_views.bp),
    navigation={
        "sprints": ProjectMenuEntry.SPRINTS,
        "running_sprint": ProjectMenuEntry.SPRINTS,
        "sprint_log": ProjectMenuEntry.SPRINTS,
        "sprint_board": ProjectMenuEntry.SPRINTS,
        "sprint_figures": ProjectMenuEntry.SPRINTS,
        "sprint_scope": ProjectMenuEntry.SPRINTS,
    },
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.ENDS),
    calendar=calendar.DATES,
    projections=(projections.PROJECTION,),
    attachments=(ProjectAttachmentKind(Sprint, _l("Sprint %(n)s"), "sprints.page"),),
    places={
        "sprints.drop_page": "sprints.page",
        "sprints.edit_plan_page": "sprints.page",
        "sprints.history": "sprints.page",
        "sprints.plan_page": "sprints.index",
    },
    personal_data=(SharedTextTable(Sprint, (commands.PLANNED,)),),
)
