"""Operations on risks and their mitigations."""

from portal.ethics.risks.models import Mitigation, Risk
from portal.ethics.risks.schemas import MitigationSchema, RiskSchema
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import add_numbered_reads

area = ApiArea("ethics")
add_numbered_reads(area, "risks", ("risk", "risks"), Risk, RiskSchema)
add_numbered_reads(area, "mitigations", ("mitigation", "mitigations"), Mitigation, MitigationSchema)
