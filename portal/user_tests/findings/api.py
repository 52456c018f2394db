"""Operations on findings."""

from portal.platform.web.api_operations import ApiArea
from portal.project.projects.numbered_api import NumberedApi
from portal.user_tests.findings import closing_commands, commands, merge_commands, queries, schemas
from portal.user_tests.findings.models import Finding

area = ApiArea("tests")

findings = NumberedApi(
    area, "findings", ("finding", "findings"), Finding, schemas.FindingSchema, queries.get_finding
).reads()
findings.creates(
    "note_finding",
    "Note a finding of a round.",
    commands.note_finding,
    schemas.FindingNotedSchema,
    names={"round_": "round"},
)
findings.changes("change_finding", "Change a finding.", commands.change_finding, schemas.FindingFactsSchema)
findings.acts(
    "rate", "rate_finding", "Say how severe a finding is.", commands.rate_finding, schemas.SeveritySchema
)
findings.acts(
    "settle",
    "settle_finding",
    "Close a finding of little severity, with a reason.",
    closing_commands.settle,
    schemas.FindingAcceptedSchema,
)
findings.acts(
    "accept",
    "accept_finding",
    "Close a finding as it is, with one's name and a reason.",
    closing_commands.accept,
    schemas.FindingAcceptedSchema,
)
findings.acts("reopen", "reopen_finding", "Open a closed finding again.", closing_commands.reopen)
findings.acts(
    "item", "make_item_of_finding", "Make an item of the backlog from a finding.", commands.create_item
)
findings.acts(
    "merge",
    "merge_finding",
    "Close a finding as a part of another one, which takes its sightings.",
    merge_commands.merge_findings,
    schemas.FindingMergedSchema,
)
findings.acts(
    "split", "split_finding", "Open a merged finding again, with its sightings.", merge_commands.split_finding
)
findings.acts(
    "sprint",
    "put_finding_in_sprint",
    "Put the correction of a finding into the running sprint.",
    commands.put_in_sprint,
)
