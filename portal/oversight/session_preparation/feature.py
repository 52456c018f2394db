"""What the feature "session preparation" brings to the application."""

from portal.oversight.session_preparation import api, views
from portal.platform.web.feature import Feature, ProjectMenuEntry

FEATURE = Feature(
    api=(api.area,),
    blueprints=(views.bp,),
    navigation=dict.fromkeys(("session_preparation",), ProjectMenuEntry.PROJECT),
)
