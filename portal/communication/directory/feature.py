"""What the feature "directory" brings to the application."""

from portal.communication.directory import views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,))
