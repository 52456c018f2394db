"""What the feature "jury" brings to the application."""

from portal.platform.web.feature import Feature

FEATURE = Feature()
