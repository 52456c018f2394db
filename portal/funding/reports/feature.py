"""What the feature "funding reports" brings to the application."""

from portal.funding.reports import notifications, views
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

_EXPORTS = (at_most("60 per hour", own_session),)
FEATURE = Feature(
    blueprints=(views.bp,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    limits={
        "funding_reports.as_csv": _EXPORTS,
        "funding_reports.as_xlsx": _EXPORTS,
        "funding_reports.request_pdf": _EXPORTS,
    },
)
