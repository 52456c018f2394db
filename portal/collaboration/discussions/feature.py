"""What the feature "discussions" brings to the application."""

from portal.collaboration.discussions import api, comment_count_projections, views
from portal.collaboration.discussions.attachment_queries import CommentAttachments
from portal.collaboration.discussions.models import Comment, Mention, ReadMark, Thread
from portal.collaboration.discussions.search import SEARCH
from portal.platform.kernel.personal_data import PersonalDataset, deleted, signed
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    attachments=(CommentAttachments(),),
    projections=(comment_count_projections.PROJECTION,),
    personal_data=(
        PersonalDataset(
            "discussions",
            _l("Messages"),
            (
                *signed(Comment, Thread),
                *deleted(Mention, ReadMark),
            ),
        ),
    ),
)
