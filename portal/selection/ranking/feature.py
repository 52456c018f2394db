"""What the feature "ranking" brings to the application."""

from portal.platform.web.feature import Feature
from portal.selection.ranking import api, projections, section_labels, views

FEATURE = Feature(
    blueprints=(views.bp,),
    sections=(section_labels.TILES,),
    projections=(projections.PROJECTION,),
    api=(api.area,),
)
