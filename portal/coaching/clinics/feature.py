"""What the feature "clinics" brings to the application."""

from portal.coaching.clinics import calendar, labels, notifications, projections, views
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(
    blueprints=(views.bp,),
    navigation=dict.fromkeys(("clinics",), ProjectEntry.COACHING),
    sections=(labels.SPRINT_SECTION,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    calendar=calendar.DATES,
    projections=(projections.PROJECTION,),
)
