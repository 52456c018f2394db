"""Schemas of ethics reviews and their answers."""

from portal.ethics.reviews.models import Review, ReviewAnswer
from portal.platform.web.api_columns import row_schema

ReviewSchema = row_schema(
    "ReviewSchema",
    Review,
    *("kind", "edition_id", "state", "round", "opened_by_id", "reviewer_id", "submitted_at", "decided_at"),
    "discarded_at",
)
ReviewAnswerSchema = row_schema("ReviewAnswerSchema", ReviewAnswer, "item", "value", "note")
