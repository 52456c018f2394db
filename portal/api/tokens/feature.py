"""What the feature "tokens" brings to the application."""

from portal.api.tokens import api, views
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,),
    limits={"api_tokens.create": (at_most("30 per hour", own_session),)},
    api=(api.area,),
)
