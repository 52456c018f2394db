"""What the feature "files" brings to the application."""

from portal.collaboration.files import api, views
from portal.collaboration.files.search import SEARCH
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    search=SEARCH,
    blueprints=(views.bp,),
    api=(api.area,),
    limits={"files.attach": (at_most("200 per 15 minutes", own_session),)},
)
