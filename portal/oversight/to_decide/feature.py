"""What the feature "to_decide" brings to the application."""

from portal.oversight.to_decide import api, views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), api=(api.area,))
