"""What the feature "files" brings to the application."""

from portal.collaboration.files import views
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,), limits={"files.attach": (at_most("200 per 15 minutes", own_session),)}
)
