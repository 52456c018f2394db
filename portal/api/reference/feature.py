"""What the feature "reference" brings to the application."""

from portal.api.reference import api
from portal.platform.web.feature import Feature

FEATURE = Feature(api=(api.area,))
