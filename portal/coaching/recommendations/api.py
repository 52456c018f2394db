"""Operations on recommendations: advise, answer, prove, confirm."""

from portal.coaching.recommendations import commands
from portal.coaching.recommendations.commands import RecommendationFacts, RecommendationProof
from portal.coaching.recommendations.models import Recommendation
from portal.coaching.recommendations.schemas import (
    AdviceSchema,
    DeclineSchema,
    ProofSchema,
    RecommendationSchema,
    SendBackSchema,
)
from portal.platform.web.api_operations import ApiArea, ApiCall
from portal.project.projects.models import Project
from portal.project.projects.numbered_api import add_numbered_reads
from portal.project.projects.numbered_queries import get_by_number
from portal.project.projects.queries import get_project

area = ApiArea("coaching")
RECOMMENDATIONS = "/projects/<slug>/recommendations"
RECOMMENDATION = f"{RECOMMENDATIONS}/<int(max=9999):number>"
add_numbered_reads(
    area, "recommendations", ("recommendation", "recommendations"), Recommendation, RecommendationSchema
)


@area.create(RECOMMENDATIONS, RecommendationSchema, body=AdviceSchema)
def recommend(call: ApiCall, slug: str) -> Recommendation:
    """Advise a team."""
    row = commands.recommend(call.actor, get_project(call.actor, slug), RecommendationFacts(**call.body))
    call.location = f"/projects/{slug}/recommendations/{row.number}"
    return row


@area.change(RECOMMENDATION, RecommendationSchema, body=AdviceSchema)
def change_recommendation(call: ApiCall, slug: str, number: int) -> Recommendation:
    """Change what is advised, until it is done."""
    project, row = _open(call, slug, number)
    commands.change_recommendation(call.actor, project, row, RecommendationFacts(**call.body), call.version)
    return row


@area.act(f"{RECOMMENDATION}/accept", RecommendationSchema, is_versioned=True)
def accept_recommendation(call: ApiCall, slug: str, number: int) -> Recommendation:
    """Accept a recommendation, for the team."""
    project, row = _open(call, slug, number)
    commands.accept(call.actor, project, row, call.version)
    return row


@area.act(f"{RECOMMENDATION}/decline", RecommendationSchema, body=DeclineSchema, is_versioned=True)
def decline_recommendation(call: ApiCall, slug: str, number: int) -> Recommendation:
    """Decline a recommendation with a reason, for the team."""
    project, row = _open(call, slug, number)
    commands.decline(call.actor, project, row, call.body["reason"], call.version)
    return row


@area.act(f"{RECOMMENDATION}/complete", RecommendationSchema, body=ProofSchema, is_versioned=True)
def complete_recommendation(call: ApiCall, slug: str, number: int) -> Recommendation:
    """Say that a recommendation is done, with what shows it."""
    project, row = _open(call, slug, number)
    commands.complete(call.actor, project, row, RecommendationProof(**call.body), call.version)
    return row


@area.act(f"{RECOMMENDATION}/confirm", RecommendationSchema)
def confirm_recommendation(call: ApiCall, slug: str, number: int) -> Recommendation:
    """Confirm what a team has done."""
    project, row = _open(call, slug, number)
    commands.confirm(call.actor, project, row)
    return row


@area.act(f"{RECOMMENDATION}/send-back", RecommendationSchema, body=SendBackSchema, is_versioned=True)
def send_back_recommendation(call: ApiCall, slug: str, number: int) -> Recommendation:
    """Say what is still missing."""
    project, row = _open(call, slug, number)
    commands.send_back(call.actor, project, row, call.body["missing"], call.version)
    return row


def _open(call: ApiCall, slug: str, number: int) -> tuple[Project, Recommendation]:
    project = get_project(call.actor, slug)
    return project, get_by_number(call.actor, Recommendation, project, number)
