"""What the feature "discussions" brings to the application."""

from portal.collaboration.discussions import api, comment_count_projections, views
from portal.collaboration.discussions.attachment_queries import CommentAttachments
from portal.collaboration.discussions.search import SEARCH
from portal.platform.web.feature import Feature

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    attachments=(CommentAttachments(),),
    projections=(comment_count_projections.PROJECTION,),
)
