"""What the feature "discussions" brings to the application."""

from portal.collaboration.discussions import api, comment_count_projections, views
from portal.collaboration.discussions.attachment_queries import CommentAttachmentKind
from portal.collaboration.discussions.models import Comment, Mention, ReadMark, Thread
from portal.collaboration.discussions.search import SEARCH, reindex_comments_naming_person
from portal.platform.kernel.personal_data import (
    ErasureStep,
    PersonalDataset,
    build_personal_tables_to_delete,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature

FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp,),
    attachments=(CommentAttachmentKind(),),
    projections=(comment_count_projections.PROJECTION,),
    personal_data=(
        ErasureStep(reindex_comments_naming_person),
        PersonalDataset(
            "discussions",
            _l("Messages"),
            (
                *build_personal_tables_to_keep(Comment, Thread),
                *build_personal_tables_to_delete(Mention, ReadMark),
            ),
        ),
    ),
)
