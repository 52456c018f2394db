"""Schemas of what the API shows of this feature."""

from portal.platform.web.api_columns import row_schema
from portal.sprints.ceremonies.models import Demonstration, RetroAction

DemonstrationSchema = row_schema(
    "DemonstrationSchema",
    Demonstration,
    "sprint_id",
    "prototype_version_id",
    "held_on",
    "team_business",
    "team_technical",
    "agents",
    "citizens",
    "management",
    "support",
    "coaches",
    "others",
    "feedback",
    "decisions",
)
RetroActionSchema = row_schema(
    "RetroActionSchema",
    RetroAction,
    "retrospective_id",
    "what",
    "owner_id",
    "due_on",
    "settlement",
    "settled_at",
    "item_id",
)
