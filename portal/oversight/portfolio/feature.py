"""What the feature "portfolio" brings to the application."""

from portal.oversight.portfolio import act_views, figure_views, views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp, act_views.bp, figure_views.bp))
