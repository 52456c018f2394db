"""Operations on risks and their mitigations."""

from portal.ethics.risks import commands, labels, mitigation_commands, queries, schemas
from portal.ethics.risks.models import Mitigation, Risk
from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import NumberedApi

area = ApiArea("ethics")

risks = NumberedApi(area, "risks", ("risk", "risks"), Risk, schemas.RiskSchema).reads()
risks.histories(labels.ACTION_LABELS, queries.list_history_subject_ids)
risks.creates("note_risk", "Note a risk.", commands.note_risk, schemas.RiskFactsSchema)
risks.changes("change_risk", "Change a risk.", commands.change_risk, schemas.RiskFactsSchema)
risks.acts(
    "residual",
    "reassess_risk",
    "Say what remains of a risk.",
    commands.reassess_risk,
    schemas.ResidualSchema,
    names={
        "likelihood": "residual_likelihood",
        "severity": "residual_severity",
        "reason": "residual_reason",
    },
)
risks.acts(
    "close",
    "close_risk",
    "Close a risk, in one's name and with a reason.",
    commands.close_risk,
    schemas.CloseRiskSchema,
    names={"reason": "closing_reason"},
)
risks.acts("reopen", "reopen_risk", "Open a closed risk again.", commands.reopen_risk)

mitigations = NumberedApi(
    area,
    "mitigations",
    ("mitigation", "mitigations"),
    Mitigation,
    schemas.MitigationSchema,
    queries.get_mitigation_and_risk,
).reads()
mitigations.creates(
    "decide_mitigation",
    "Decide what reduces a risk.",
    mitigation_commands.add_mitigation,
    schemas.MitigationFactsSchema,
    under=risks,
)
mitigations.changes(
    "change_mitigation",
    "Change a mitigation.",
    mitigation_commands.change_mitigation,
    schemas.MitigationFactsSchema,
)
mitigations.acts("begin", "begin_mitigation", "Begin a mitigation.", mitigation_commands.begin_mitigation)
mitigations.acts(
    "prove",
    "prove_mitigation",
    "Show that a mitigation is in place.",
    mitigation_commands.prove_mitigation,
    schemas.MitigationProofSchema,
    names={"link": "proof_link"},
)
mitigations.acts(
    "drop",
    "drop_mitigation",
    "Give a mitigation up, with a reason.",
    mitigation_commands.drop_mitigation,
    schemas.DropMitigationSchema,
    names={"reason": "note"},
)
mitigations.acts(
    "resume", "resume_mitigation", "Take a mitigation up again.", mitigation_commands.resume_mitigation
)
