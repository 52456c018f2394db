"""What the feature "change requests" brings to the application."""

from portal.funding.change_requests import (
    funding_section_labels,
    notifications,
    search,
    terms_views,
    to_decide_labels,
    to_decide_views,
    views,
)
from portal.funding.change_requests.attachment_queries import CHANGE_FILES
from portal.platform.web.feature import Feature, ProjectEntry
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp, terms_views.bp),
    navigation={"funding_changes": ProjectEntry.PROJECT},
    attachments=(CHANGE_FILES,),
    search=search.SEARCH,
    sections=(funding_section_labels.PART,),
    notifications=(*notifications.KINDS, *notifications.RULES),
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    limits={"funding_changes.letter": (at_most("120 per hour", own_session),)},
)
