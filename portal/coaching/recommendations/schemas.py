"""Schemas of recommendations."""

from portal.coaching.recommendations.models import (
    LINE_MAX,
    PROOF_MAX,
    REASON_MAX,
    URL_MAX,
    WHY_MAX,
    Recommendation,
)
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, day, integer, line, link
from portal.project.projects.gate_rules import GATE_NUMBER_MAX

RecommendationSchema = row_schema(
    "RecommendationSchema",
    Recommendation,
    *("about_id", "comment_id", "author_id", "what", "why", "due_on", "gate", "stage", "answered_at"),
    *("decline_reason", "proof", "proof_link", "done_at", "sent_back", "confirmed_at"),
)


class GiveAdviceSchema(ApiSchema):
    """What a coach advises."""

    what = line(LINE_MAX, required=True)
    why = line(WHY_MAX, required=True)
    due_on = day(load_default=None, allow_none=True)
    gate = integer(0, GATE_NUMBER_MAX, "The gate that it serves.", load_default=None, allow_none=True)


class DeclineRecommendationSchema(ApiSchema):
    """Why a team does not follow it."""

    reason = line(REASON_MAX, required=True)


class CompleteRecommendationSchema(ApiSchema):
    """What shows that it is done: a text, a link, or files attached before."""

    text = line(PROOF_MAX)
    link = link(URL_MAX)


class SendBackProofSchema(ApiSchema):
    """What is still missing."""

    missing = line(REASON_MAX, required=True)
