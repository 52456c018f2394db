"""What the feature "portfolio" brings to the application."""

from portal.oversight.portfolio import act_views, api, figure_views, views
from portal.platform.web.feature import Feature

FEATURE = Feature(api=(api.area,), blueprints=(views.bp, act_views.bp, figure_views.bp))
