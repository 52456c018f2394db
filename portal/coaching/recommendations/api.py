"""Operations on recommendations: advise, answer, prove, confirm."""

from portal.coaching.recommendations import commands, schemas
from portal.coaching.recommendations.models import Recommendation
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("coaching")

recommendations = NumberedApi(
    area,
    "recommendations",
    ("recommendation", "recommendations"),
    Recommendation,
    schemas.RecommendationSchema,
).reads()
recommendations.creates("recommend", "Advise a team.", commands.recommend, schemas.AdviceSchema)
recommendations.changes(
    "change_recommendation",
    "Change what is advised, until it is done.",
    commands.change_recommendation,
    schemas.AdviceSchema,
)
recommendations.acts(
    "accept", "accept_recommendation", "Accept a recommendation, for the team.", commands.accept
)
recommendations.acts(
    "decline",
    "decline_recommendation",
    "Decline a recommendation with a reason, for the team.",
    commands.decline,
    schemas.DeclineSchema,
)
recommendations.acts(
    "complete",
    "complete_recommendation",
    "Say that a recommendation is done, with what shows it.",
    commands.complete,
    schemas.ProofSchema,
)
recommendations.acts("confirm", "confirm_recommendation", "Confirm what a team has done.", commands.confirm)
recommendations.acts(
    "send-back",
    "send_back_recommendation",
    "Say what is still missing.",
    commands.send_back,
    schemas.SendBackSchema,
)
