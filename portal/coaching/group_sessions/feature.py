"""What the feature "group sessions" brings to the application."""

from portal.coaching.group_sessions import api, calendar, labels, notifications, views
from portal.coaching.group_sessions.search import SEARCH
from portal.platform.web.feature import Feature

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp,),
    sections=(labels.PROJECT_SECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.DUES),
    calendar=calendar.DATES,
    api=(api.area,),
)
