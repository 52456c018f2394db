"""What the feature "coach notes" brings to the application."""

from portal.coaching.coach_notes import views
from portal.coaching.coach_notes.search import SEARCH
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(
    search=SEARCH, blueprints=(views.bp,), navigation=dict.fromkeys(("coach_notes",), ProjectEntry.PROJECT)
)
