"""What the feature "imports" brings to the application."""

from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session
from portal.selection.imports import views
from portal.selection.imports.section_labels import SOURCE, TILES

FEATURE = Feature(
    blueprints=(views.bp,),
    sections=(SOURCE, TILES),
    limits={"application_imports.connect": (at_most("20 per 15 minutes", own_session),)},
)
