"""What the feature "rereviews" brings to the application."""

from portal.ethics.rereviews import (
    notifications,
    project_section_views,
    to_decide_labels,
    views,
)
from portal.ethics.reviews.review_section_views import ReviewLines
from portal.platform.web.feature import Feature, ProjectEntry

FEATURE = Feature(
    blueprints=(views.bp,),
    navigation=dict.fromkeys(("rereviews",), ProjectEntry.ETHICS),
    sections=(project_section_views.CHAPTER, ReviewLines(project_section_views.list_review_lines)),
    to_decide=(to_decide_labels.WAITING,),
    notifications=(*notifications.KINDS, *notifications.RULES),
)
