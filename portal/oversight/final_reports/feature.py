"""What the feature "final reports" brings to the application."""

from portal.oversight.final_reports import api, views
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp,),
    limits={"outcomes.download": (at_most("120 per hour", own_session),)},
    navigation=dict.fromkeys(("outcomes",), ProjectMenuEntry.PROJECT),
    sections=(views.PROJECT_SECTION,),
)
