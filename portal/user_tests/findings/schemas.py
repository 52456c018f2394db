"""Schemas of findings."""

from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, flag, id_, integer, line
from portal.project.projects.models import NUMBER_MAX
from portal.user_tests.findings.models import (
    LINE_MAX,
    REASON_MAX,
    SEVERITY_MAX,
    SEVERITY_MIN,
    TEXT_MAX,
    Finding,
)

FindingSchema = row_schema(
    "FindingSchema",
    Finding,
    *("round_id", "what", "detail", "severity", "is_harm", "owner_id", "item_id", "merged_into_id"),
    *("closing", "closed_at", "closed_by_id", "closing_reason"),
)


class FindingMergedSchema(ApiSchema):
    """The finding that stays, by its number."""

    into = integer(1, NUMBER_MAX, required=True)


class FindingFactsSchema(ApiSchema):
    """What people write of a finding; `knowingly`: without personal data, whatever it looks like."""

    what = line(LINE_MAX, required=True)
    detail = line(TEXT_MAX)
    severity = integer(SEVERITY_MIN, SEVERITY_MAX, "None: not rated yet.", load_default=None, allow_none=True)
    is_harm = flag(load_default=False)
    owner_id = id_("A member of the team.", load_default=None, allow_none=True)
    knowingly = flag(load_default=False, load_only=True)


class FindingNotedSchema(FindingFactsSchema):
    """A new finding, and the round that showed it."""

    round = integer(1, NUMBER_MAX, "Number of the round.", required=True)


class FindingAcceptedSchema(ApiSchema):
    """Why a finding stays as it is."""

    reason = line(REASON_MAX, required=True)
    knowingly = flag(load_default=False)


class SeveritySchema(ApiSchema):
    """How severe a finding is."""

    severity = integer(SEVERITY_MIN, SEVERITY_MAX, "None: not rated.", required=True, allow_none=True)
