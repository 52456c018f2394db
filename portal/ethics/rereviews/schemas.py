"""Schemas of what the API shows of this feature."""

from portal.ethics.rereviews.models import Trigger
from portal.platform.web.api_columns import row_schema

TriggerSchema = row_schema(
    "TriggerSchema",
    Trigger,
    "key",
    "causes",
    "happened_at",
    "happened_by_id",
    "details",
    "answer",
    "because",
    "answered_at",
    "answered_by_id",
    "confirmed_at",
    "confirmed_by_id",
    "returned_because",
)
