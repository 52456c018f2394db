"""What the feature "final reports" brings to the application."""

from portal.oversight.final_reports import project_section_views, views
from portal.platform.web.feature import Feature, ProjectEntry
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,),
    limits={"outcomes.download": (at_most("120 per hour", own_session),)},
    navigation=dict.fromkeys(("outcomes",), ProjectEntry.ABOUT),
    sections=(project_section_views.PROJECT_SECTION,),
)
