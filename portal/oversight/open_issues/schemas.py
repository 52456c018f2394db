"""Schemas of the open findings and ethics matters of teams."""

from marshmallow import fields, validate

from portal.oversight.open_issues.filter_rules import (
    EthicsFilter,
    IssueSort,
    RisksFilter,
    SeverityFilter,
    TransparencySheetFilter,
)
from portal.oversight.open_issues.team_issue_rules import EXPOSURE, FRAMING
from portal.people.programmes.models import SLUG_MAX
from portal.platform.web.api_fields import ApiSchema, choice, count, day, flag, id_, line, query_flag
from portal.project.projects.models import ORGANISATION_MAX, ProjectState


class IssueQuerySchema(ApiSchema):
    """Which teams, by the filters of their page, in which order."""

    severity = choice(SeverityFilter, load_default=None)
    ethics = choice(EthicsFilter, load_default=None)
    risks = choice(RisksFilter, load_default=None)
    sheet = choice(TransparencySheetFilter, load_default=None)
    overdue = query_flag("Only teams where something is past its date.")
    coach = id_("The id of a coach of its teams.", load_default=None)
    track = line(SLUG_MAX, "The key of a track.")
    organisation = line(ORGANISATION_MAX, "Part of an organisation's name.")
    sort = choice(IssueSort, load_default=IssueSort.SEVERITY)


class RemindOfReviewSchema(ApiSchema):
    """Which review."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf([FRAMING, EXPOSURE]),
        metadata={"description": "Key of a questionnaire that gates require.", "example": FRAMING},
    )


class OpenIssuesSchema(ApiSchema):
    """What is open in a team; null: the reader may not know it."""

    project_id = id_(dump_only=True)
    slug = fields.String(dump_only=True)
    name = fields.String(dump_only=True)
    organisation = fields.String(dump_only=True)
    state = choice(ProjectState, dump_only=True)
    goes_on = flag("Whether its issues count.", dump_only=True)
    catastrophic = count("Findings of severity 4.")
    severe = count("Findings of severity 3 and 4.")
    severe_since = day(dump_only=True, allow_none=True)
    unrated = count(allow_none=True)
    reviews_late = count()
    waiting = count("Reviews that were submitted and are not decided.")
    triggers = count("What asks for a review again.")
    conditions = count(allow_none=True)
    conditions_late = count(allow_none=True)
    high = count("Open high risks.")
    measures = count("Open mitigations with a date.", allow_none=True)
    measures_late = count(allow_none=True)
    sheet_on = day("When the transparency sheet was published.", dump_only=True, allow_none=True)
