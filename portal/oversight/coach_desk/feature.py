"""What the feature "coach desk" brings to the application."""

from portal.oversight.coach_desk import api, views
from portal.platform.web.feature import Feature

FEATURE = Feature(api=(api.area,), blueprints=(views.bp,), sensitive=("desk.hand_over",))
