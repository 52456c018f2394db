"""What the feature "coach notes" brings to the application."""

from portal.coaching.coach_notes import views
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(blueprints=(views.bp,), navigation=dict.fromkeys(("coach_notes",), ProjectEntry.PROJECT))
