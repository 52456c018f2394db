"""What the feature "applications" brings to the application."""

from portal.platform.web.feature import Feature

FEATURE = Feature()
