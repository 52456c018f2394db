"""What the feature "calls" brings to the application."""

from portal.platform.web.feature import Feature
from portal.selection.calls import public_views, views

FEATURE = Feature(
    blueprints=(views.bp, public_views.bp), public=("public_calls.landing", "public_calls.page")
)
