"""Operations on what asks for another review."""

from portal.ethics.rereviews.models import Trigger
from portal.ethics.rereviews.schemas import TriggerSchema
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import add_numbered_reads

area = ApiArea("ethics")
add_numbered_reads(area, "review-triggers", ("review_trigger", "review_triggers"), Trigger, TriggerSchema)
