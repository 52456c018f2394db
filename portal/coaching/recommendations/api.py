"""Operations on recommendations: advise, answer, prove, confirm; and what is made of a comment."""

from uuid import UUID

from portal.coaching.recommendations import commands, labels, schemas, undo_commands
from portal.coaching.recommendations.commands import RecommendationFacts
from portal.coaching.recommendations.models import Recommendation
from portal.collaboration.discussions.models import Comment
from portal.collaboration.discussions.queries import get_comment, get_discussion
from portal.platform.kernel.errors import NotFound
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import NumberedApi
from portal.project.projects.queries import get_project_of_scope
from portal.sprints.backlog.models import Item
from portal.sprints.backlog.schemas import ItemSchema

area = ApiArea("coaching")

recommendations = NumberedApi(
    area,
    "recommendations",
    ("recommendation", "recommendations"),
    Recommendation,
    schemas.RecommendationSchema,
).reads()
recommendations.histories(labels.ACTION_LABELS)
recommendations.creates("recommend", "Advise a team.", commands.recommend, schemas.GiveAdviceSchema)
recommendations.changes(
    "change_recommendation",
    "Change what is advised, until it is done.",
    commands.change_recommendation,
    schemas.GiveAdviceSchema,
)
recommendations.acts(
    "accept", "accept_recommendation", "Accept a recommendation, for the team.", commands.accept
)
recommendations.acts(
    "decline",
    "decline_recommendation",
    "Decline a recommendation with a reason, for the team.",
    commands.decline,
    schemas.DeclineRecommendationSchema,
)
recommendations.acts(
    "complete",
    "complete_recommendation",
    "Say that a recommendation is done, with what shows it.",
    commands.complete,
    schemas.CompleteRecommendationSchema,
)
recommendations.acts("confirm", "confirm_recommendation", "Confirm what a team has done.", commands.confirm)
recommendations.acts(
    "send-back",
    "send_back_recommendation",
    "Say what is still missing.",
    commands.send_back,
    schemas.SendBackProofSchema,
)
recommendations.acts(
    "undo",
    "undo_recommendation_step",
    "Undo one's own acceptance or confirmation within the hour.",
    undo_commands.undo_acceptance_or_confirmation,
)


@area.act("/comments/<uuid:comment_id>/item", ItemSchema)
def make_item_of_comment(call: ApiCall, comment_id: UUID) -> Item:
    """Put a comment into the backlog, for the team; the item leads to the comment."""
    return commands.make_backlog_item_of_comment(call.actor, *_open_project_and_comment(call, comment_id))


@area.create(
    "/comments/<uuid:comment_id>/recommendation",
    schemas.RecommendationSchema,
    body=schemas.GiveAdviceSchema,
)
def recommend_from_comment(call: ApiCall, comment_id: UUID) -> Recommendation:
    """Advise a team from a comment, to which the recommendation leads."""
    project, comment = _open_project_and_comment(call, comment_id)
    if comment.deleted_at is not None:
        raise NotFound
    row = commands.recommend(call.actor, project, RecommendationFacts(**call.body), comment=comment)
    call.location = f"/projects/{project.slug}/recommendations/{row.number}"
    return row


def _open_project_and_comment(call: ApiCall, comment_id: UUID) -> tuple[Project, Comment]:
    comment = get_comment(call.actor, comment_id)
    discussion = get_discussion(call.actor, comment.discussion_id)
    return get_project_of_scope(call.actor, discussion.scope_id), comment
