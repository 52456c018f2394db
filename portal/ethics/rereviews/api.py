"""Operations on what asks for another review."""

from portal.ethics.rereviews import commands, schemas
from portal.ethics.rereviews.models import Trigger
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("ethics")

triggers = NumberedApi(
    area, "review-triggers", ("review_trigger", "review_triggers"), Trigger, schemas.TriggerSchema
).reads()
triggers.acts(
    "answer",
    "answer_review_trigger",
    "Say what follows from a trigger.",
    commands.answer_trigger,
    schemas.TriggerAnswerSchema,
)
triggers.acts(
    "confirm",
    "confirm_no_impact",
    "Confirm, as a second person, no impact; where somebody may be harmed, say why.",
    commands.confirm_no_impact,
    schemas.TriggerConfirmedSchema,
    names={"because": "confirmed_because"},
)
triggers.acts(
    "undo-confirmation",
    "undo_no_impact_confirmation",
    "Undo, within the hour, one's confirmation of no impact.",
    commands.undo_confirmation,
)
triggers.acts(
    "return",
    "return_review_trigger",
    "Send an answer of no impact back to the team.",
    commands.return_trigger_to_team,
    schemas.TriggerReturnedSchema,
    names={"because": "returned_because"},
)
