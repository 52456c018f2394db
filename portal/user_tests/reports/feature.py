"""What the feature "reports" brings to the application."""

from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import at_most, own_session
from portal.user_tests.reports import api, figure_api, report_api, report_views, views

FEATURE = Feature(
    api=(api.area, figure_api.area, report_api.area),
    blueprints=(views.bp, report_views.bp),
    limits={"test_reports.download": (at_most("120 per hour", own_session),)},
    navigation=dict.fromkeys(("test_figures", "test_reports"), ProjectMenuEntry.TESTS),
)
