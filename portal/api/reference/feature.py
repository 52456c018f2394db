"""What the feature "reference" brings to the application."""

from portal.api.reference import api, views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), public=("api_guide.guide", "api_guide.explore"), api=(api.area,))
