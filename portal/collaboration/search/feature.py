"""What the feature "search" brings to the application."""

from portal.collaboration.search import projections
from portal.platform.web.feature import Feature

FEATURE = Feature(projections=(projections.PROJECTION,))
