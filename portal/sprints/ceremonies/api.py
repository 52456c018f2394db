"""Operations on demonstrations and retrospectives."""

from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import add_numbered_reads
from portal.sprints.ceremonies.models import Demonstration, RetroAction
from portal.sprints.ceremonies.schemas import DemonstrationSchema, RetroActionSchema

area = ApiArea("sprints")
add_numbered_reads(
    area, "demonstrations", ("demonstration", "demonstrations"), Demonstration, DemonstrationSchema
)
add_numbered_reads(area, "actions", ("action", "actions"), RetroAction, RetroActionSchema)
