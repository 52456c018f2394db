"""Schemas of what the API shows of this feature."""

from portal.ethics.risks.models import Mitigation, Risk
from portal.platform.web.api_columns import row_schema

RiskSchema = row_schema(
    "RiskSchema",
    Risk,
    "finding_id",
    "what",
    "affected",
    "detail",
    "likelihood",
    "severity",
    "residual_likelihood",
    "residual_severity",
    "closed_at",
    "closing_reason",
)
MitigationSchema = row_schema(
    "MitigationSchema",
    Mitigation,
    "risk_id",
    "what",
    "owner_id",
    "due_on",
    "progress",
    "proof_link",
    "note",
    "settled_at",
)
