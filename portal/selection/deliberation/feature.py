"""What the feature "deliberation" brings to the application."""

from portal.platform.web.feature import Feature

FEATURE = Feature()
