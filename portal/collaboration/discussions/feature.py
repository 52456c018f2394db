"""What the feature "discussions" brings to the application."""

from portal.collaboration.discussions import api, comment_count_projections, views
from portal.collaboration.discussions.attachment_queries import CommentAttachments
from portal.collaboration.discussions.models import Comment, Mention, ReadMark, Thread
from portal.collaboration.discussions.search import SEARCH, reindex_comments_naming_person
from portal.platform.kernel.personal_data import (
    ErasureStep,
    PersonalDataset,
    make_deleted_tables,
    make_signed_tables,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    attachments=(CommentAttachments(),),
    projections=(comment_count_projections.PROJECTION,),
    personal_data=(
        ErasureStep(reindex_comments_naming_person),
        PersonalDataset(
            "discussions",
            _l("Messages"),
            (
                *make_signed_tables(Comment, Thread),
                *make_deleted_tables(Mention, ReadMark),
            ),
        ),
    ),
)
