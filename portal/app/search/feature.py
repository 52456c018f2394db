"""What the feature "search" brings to the application."""

from portal.app.search import api, views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), api=(api.area,))
