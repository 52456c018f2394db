"""What the feature "search" brings to the application."""

from portal.collaboration.search import api, projections
from portal.platform.web.feature import Feature

FEATURE = Feature(api=(api.area,), projections=(projections.PROJECTION,))
