"""Schemas of findings."""

from typing import Any

from marshmallow import fields, post_load, validate

from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import ApiSchema, choice, count, flag, id_, integer, line
from portal.project.projects.models import NUMBER_MAX
from portal.user_tests.findings.forms import NOTE_MAX
from portal.user_tests.findings.list_queries import RETESTS_MAX, RetestCandidate
from portal.user_tests.findings.models import (
    LINE_MAX,
    REASON_MAX,
    SEVERITY_MAX,
    SEVERITY_MIN,
    TEXT_MAX,
    Finding,
    RetestResult,
)
from portal.user_tests.findings.queries import CHOICES_MAX
from portal.user_tests.findings.retest_commands import RetestEntry

FindingSchema = row_schema(
    "FindingSchema",
    Finding,
    *("round_id", "what", "detail", "severity", "is_harm", "owner_id", "item_id", "merged_into_id"),
    *("closing", "closed_at", "closed_by_id", "closing_reason"),
)


class MergeFindingSchema(ApiSchema):
    """The finding that stays, by its number."""

    into = integer(1, NUMBER_MAX, required=True)


class FindingSightingSchema(ApiSchema):
    """Somebody saw a finding in a session."""

    session = count("Number of the session.")
    round = count("Number of its round.")
    observer = fields.String(dump_only=True)


class FindingTaskSchema(ApiSchema):
    """A task in which a finding was seen."""

    round = count("Number of its round.")
    task = count("Its number in the round.")
    title = fields.String(dump_only=True)


class FindingSightingsSchema(ApiSchema):
    """Where a finding was seen, with those that were merged into it."""

    sessions = fields.List(fields.Nested(FindingSightingSchema), dump_only=True)
    tasks = fields.List(fields.Nested(FindingTaskSchema), dump_only=True)


def _make_numbers_field(about: str) -> fields.Field[Any]:
    return fields.List(
        integer(1, NUMBER_MAX),
        required=True,
        validate=validate.Length(max=CHOICES_MAX),
        metadata={"description": about, "example": []},
    )


class NoteFindingSightingsSchema(ApiSchema):
    """The tasks of a round in which a finding was seen, and the sessions in which oneself saw it."""

    round = integer(1, NUMBER_MAX, "Number of the round.", required=True)
    tasks = _make_numbers_field("Numbers of tasks of the round.")
    sessions = _make_numbers_field("Numbers of sessions of the round.")


class FindingSessionFileSchema(ApiSchema):
    """A file of a session in which a finding was seen."""

    id = id_(dump_only=True)
    name = fields.String(dump_only=True)
    session = count("Number of the session.")
    is_evidence = flag("Whether it shows the finding.", dump_only=True)


class FindingEvidenceSchema(ApiSchema):
    """Files of sessions: those that show a finding, and for its team those that may."""

    files = fields.List(fields.Nested(FindingSessionFileSchema), dump_only=True)


class ChooseFindingEvidenceSchema(ApiSchema):
    """The files that show a finding, by id."""

    files = fields.List(
        id_(), required=True, validate=validate.Length(max=CHOICES_MAX), metadata={"example": []}
    )


class RetestSchema(ApiSchema):
    """An earlier finding, and what a round on a later version shows of it."""

    finding = count("Its number.")
    what = fields.String(dump_only=True)
    round = count("Number of the round that showed it first.")
    result = choice(RetestResult, "None: not answered yet.", dump_only=True, allow_none=True)
    note = fields.String(dump_only=True)
    who = fields.String(dump_only=True, allow_none=True)


class RetestEntrySchema(ApiSchema):
    """What a round shows of a finding. `before`: the result that was read, so that nobody is overruled."""

    number = integer(1, NUMBER_MAX, "Number of the finding.", required=True)
    result = choice(RetestResult, required=True)
    note = line(NOTE_MAX)
    before = choice(RetestResult, load_default=None, allow_none=True)

    @post_load
    def make(self, values: dict[str, Any], **_options: Any) -> RetestEntry:
        return RetestEntry(**values)


class SaveRetestsSchema(ApiSchema):
    """What a round shows of earlier findings; `knowingly`: without personal data, whatever it looks like."""

    answers = fields.List(
        fields.Nested(RetestEntrySchema), required=True, validate=validate.Length(min=1, max=RETESTS_MAX)
    )
    knowingly = flag(load_default=False)


class RetestedFindingsSchema(ApiSchema):
    """The findings of which the result changed."""

    findings = fields.List(fields.Nested(FindingSchema), dump_only=True)


class FindingFactsSchema(ApiSchema):
    """What people write of a finding; `knowingly`: without personal data, whatever it looks like."""

    what = line(LINE_MAX, required=True)
    detail = line(TEXT_MAX)
    severity = integer(SEVERITY_MIN, SEVERITY_MAX, "None: not rated yet.", load_default=None, allow_none=True)
    is_harm = flag(load_default=False)
    owner_id = id_("A member of the team.", load_default=None, allow_none=True)
    knowingly = flag(load_default=False, load_only=True)


class NoteFindingSchema(FindingFactsSchema):
    """A new finding, and the round that showed it."""

    round = integer(1, NUMBER_MAX, "Number of the round.", required=True)


class FindingReasonSchema(ApiSchema):
    """Why a finding stays as it is."""

    reason = line(REASON_MAX, required=True)
    knowingly = flag(load_default=False)


class RateFindingSchema(ApiSchema):
    """How severe a finding is."""

    severity = integer(SEVERITY_MIN, SEVERITY_MAX, "None: not rated.", required=True, allow_none=True)


def dump_retest_candidate(candidate: RetestCandidate) -> dict[str, Any]:
    """A finding that a round may retest, with the round's answer."""
    finding, retest = candidate.finding, candidate.retest
    return {
        "finding": finding.number,
        "what": finding.what,
        "round": candidate.round,
        "result": retest.result if retest else None,
        "note": retest.note if retest else "",
        "who": candidate.who,
    }
