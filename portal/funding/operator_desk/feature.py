"""What the feature "operator desk" brings to the application."""

from portal.funding.operator_desk import views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,))
