"""What the feature "source replies" brings to the application."""

from portal.platform.web.feature import Feature
from portal.selection.source_replies import views

FEATURE = Feature(blueprints=(views.bp,))
