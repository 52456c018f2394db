"""What the feature "ranking" brings to the application."""

from portal.platform.web.feature import Feature

FEATURE = Feature()
