"""What the feature "group sessions" brings to the application."""

from portal.coaching.group_sessions import calendar, notifications, project_section_labels, views
from portal.platform.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    sections=(project_section_labels.PROJECT_SECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    calendar=calendar.DATES,
)
