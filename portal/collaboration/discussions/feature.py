"""What the feature "discussions" brings to the application."""

from portal.collaboration.discussions import views
from portal.collaboration.discussions.attachment_queries import CommentAttachments
from portal.platform.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    attachments=(CommentAttachments(),),
)
