"""What the feature "recommendations" brings to the application."""

from portal.coaching.recommendations import (
    api,
    calendar,
    comment_views,
    labels,
    notifications,
    to_decide_labels,
    to_decide_views,
    undo_views,
    views,
)
from portal.coaching.recommendations.models import Recommendation, RecommendationStage
from portal.coaching.recommendations.search import SEARCH
from portal.collaboration.discussions.comment_action_queries import CommentActionOffer
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.project.projects.attachment_queries import ProjectAttachmentKind

_OPEN_STAGES = [stage for stage in RecommendationStage if stage.is_open]
_RECOMMENDATIONS = PersonalTable(
    model=Recommendation, open_work={"author_id": Recommendation.stage.in_(_OPEN_STAGES)}
)
FEATURE = Feature(
    api=(api.area,),
    search=SEARCH,
    blueprints=(views.bp, comment_views.bp, undo_views.bp),
    navigation=dict.fromkeys(("recommendations", "recommendation_undos"), ProjectMenuEntry.PROJECT),
    sections=(labels.PROJECT_SECTION, CommentActionOffer(labels.list_comment_actions)),
    notifications=(*notifications.KINDS, *notifications.RULES, *notifications.ENDS, *notifications.DUES),
    calendar=calendar.DATES,
    to_decide=(to_decide_labels.WAITING, to_decide_views.ACTS),
    attachments=(ProjectAttachmentKind(Recommendation, _l("Recommandation %(n)s"), "recommendations.page"),),
    places={
        "recommendations.decline": "recommendations.page",
        "recommendations.note_done": "recommendations.page",
        "recommendations.change": "recommendations.page",
        "recommendations.history": "recommendations.page",
        "recommendations.send_back": "recommendations.page",
        "recommendations.add": "recommendations.index",
    },
    personal_data=(PersonalDataset("recommendations", _l("Recommandations"), (_RECOMMENDATIONS,)),),
)
