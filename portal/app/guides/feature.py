"""What the feature "guides" brings to the application."""

from portal.app.guides import views
from portal.platform.web.feature import Feature

FEATURE = Feature(blueprints=(views.bp,), public=("guides.index", "guides.page"))
