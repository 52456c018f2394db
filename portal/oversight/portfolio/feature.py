"""What the feature "portfolio" brings to the application."""

from portal.oversight.portfolio import figure_views, views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp, figure_views.bp))
