"""What the feature "coach desk" brings to the application."""

from portal.oversight.coach_desk import views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), sensitive=("desk.hand_over",))
