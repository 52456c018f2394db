"""What the feature "open issues" brings to the application."""

from portal.oversight.open_issues import api, export_views, projections, reminder_views, views
from portal.oversight.open_issues.join_commands import refresh_projects_of_joined_accounts
from portal.platform.kernel.personal_data import AccountJoinStep
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp, export_views.bp, reminder_views.bp),
    sensitive=("concern_exports.export_issues",),
    limits={"concern_exports.export_issues": (at_most("120 per hour", own_session),)},
    projections=(projections.PROJECTION,),
    personal_data=(AccountJoinStep(refresh_projects_of_joined_accounts),),
)
