"""Schemas of what the API shows of this feature."""

from portal.ethics.risks import forms
from portal.ethics.risks.models import Mitigation, Risk
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import id_

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

RiskFactsSchema = form_schema("RiskFactsSchema", forms.EditRiskForm)
ResidualSchema = form_schema("ResidualSchema", forms.ResidualRiskForm)
CloseRiskSchema = form_schema("CloseRiskSchema", forms.CloseRiskForm)
MitigationFactsSchema = form_schema(
    "MitigationFactsSchema",
    forms.EditMitigationForm,
    "owner",
    owner_id=id_("A member of the team.", load_default=None, allow_none=True),
)
MitigationProofSchema = form_schema("MitigationProofSchema", forms.MitigationProofForm)
DropMitigationSchema = form_schema("DropMitigationSchema", forms.DropMitigationForm)
