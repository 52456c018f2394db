"""Schemas of juries: members, spreads, interests, leads; a juror's own sheet, never another's."""

from marshmallow import fields, validate

from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_fields import ApiSchema, choice, count, flag, id_, integer, line, moment
from portal.selection.applications.models import NUMBER_MAX, REASON_MAX
from portal.selection.calls.models import KEY_MAX, LOAD_MAX
from portal.selection.jury.conflict_rules import ConflictGround
from portal.selection.jury.forms import (
    ChangeSeatForm,
    LeadInterestForm,
    LeadReadmissionRequestForm,
    SeatJurorForm,
)
from portal.selection.jury.models import JUSTIFICATION_MAX, InterestDeclaration, JurorProgress
from portal.selection.jury.sheet_rules import ScoreSheetState

SCORE_MAX = 5
CRITERIA_MAX = 20


class ScoreEntrySchema(ApiSchema):
    """What a juror says on a criterion; a null value without `abstains`: not yet."""

    criterion = line(KEY_MAX, "Its key.", required=True)
    value = integer(0, SCORE_MAX, load_default=None, allow_none=True)
    abstains = flag(load_default=False)
    justification = line(JUSTIFICATION_MAX)


class ScoreSheetSchema(ApiSchema):
    """One's own score sheet."""

    version = integer(0, 2**31 - 1, dump_only=True)
    sent_at = moment("When it was sent and locked.", allow_none=True)
    scores = fields.List(
        fields.Nested(ScoreEntrySchema), required=True, validate=validate.Length(max=CRITERIA_MAX)
    )


class ReviseScoreSchema(ApiSchema):
    """A score changed after opening; both values are kept."""

    value = integer(0, SCORE_MAX, required=True)
    justification = line(JUSTIFICATION_MAX, required=True)
    reason = line(REASON_MAX, required=True)


class DeclareInterestSchema(ApiSchema):
    """Whether one has an interest in an application."""

    has_conflict = flag(required=True)
    reason = line(REASON_MAX, "Which one, in a few words.")


class AssignJurorSchema(ApiSchema):
    """Who is to judge."""

    person = id_("The id of a juror of the call.", required=True)


class RecuseJurorSchema(ApiSchema):
    """Who takes over."""

    replacement = id_("The id of a juror of the call.", load_default=None, allow_none=True)


class ApplicationToJudgeSchema(ApiSchema):
    """An application that one judges: its title, and how far one is oneself."""

    programme = fields.String(dump_only=True)
    call = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    application = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    organisation = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    declaration = choice(InterestDeclaration, "What one said of one's interests.", dump_only=True)
    sheet = choice(ScoreSheetState, "How far one's own scores are.", dump_only=True)
    sent_at = moment("When they were sent and locked.", allow_none=True)


class OpenScoresSchema(ApiSchema):
    """Why scores are opened before all are in."""

    reason = line(REASON_MAX, required=True)


class JuryPersonSchema(ApiSchema):
    """Somebody of a call: by their id."""

    person_id = id_(dump_only=True)
    name = fields.String(dump_only=True)


class JuryMemberSchema(JuryPersonSchema):
    """A juror of a call, and how far they are with the applications that the reader leads."""

    employer = fields.String(dump_only=True)
    company_number = fields.String(dump_only=True)
    load_max = integer(1, LOAD_MAX, "Null: that of the call.", dump_only=True, allow_none=True)
    is_active = flag("Whether they hold the role still.", dump_only=True)
    assigned = count()
    undeclared = count("Of those, the ones on which they have to say if they have an interest.")
    sent = count()


SeatSchema = form_schema("SeatSchema", SeatJurorForm, person=id_("The id of a candidate.", required=True))
ChangeSeatSchema = form_schema("ChangeSeatSchema", ChangeSeatForm)


class ApplicationJurorSchema(JuryPersonSchema):
    """A juror of an application: whether they sent their scores, never which."""

    standing = choice(JurorProgress, dump_only=True)
    conflict_reason = fields.String(dump_only=True)


class SpreadPairSchema(ApiSchema):
    """An application and one of its jurors."""

    application = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    person_id = id_(dump_only=True)


class SpreadGapSchema(ApiSchema):
    """How many jurors an application lacks."""

    application = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    missing = count()


class SpreadLoadSchema(ApiSchema):
    """How many applications a juror has."""

    person_id = id_(dump_only=True)
    applications = count()


class SpreadSchema(ApiSchema):
    """What a new spread changes, and what it cannot reach; published assignments stay."""

    added = fields.List(fields.Nested(SpreadPairSchema), dump_only=True)
    removed = fields.List(fields.Nested(SpreadPairSchema), dump_only=True)
    gaps = fields.List(fields.Nested(SpreadGapSchema), dump_only=True)
    jurors = fields.List(fields.Nested(SpreadLoadSchema), dump_only=True)


class LikelyConflictSchema(JuryPersonSchema):
    """A juror or lead who may have an interest in an application, and why."""

    application = integer(1, NUMBER_MAX, "Its number.", dump_only=True)
    grounds = fields.List(choice(ConflictGround), dump_only=True)
    is_lead = flag(dump_only=True)


class SettleConflictSchema(ApiSchema):
    """Whether a likely conflict is one."""

    is_confirmed = flag(required=True)
    reason = line(REASON_MAX, required=True)


class LeadConflictSchema(JuryPersonSchema):
    """A lead whom a conflict shuts out; `undo_reason` where they ask to be let in again."""

    undo_asked_by_id = id_(dump_only=True, allow_none=True)
    undo_reason = fields.String(dump_only=True)


class SubstituteLeadSchema(JuryPersonSchema):
    """The lead named for an application, and who asked that they no longer be."""

    undo_asked_by_id = id_(dump_only=True, allow_none=True)


class LeadershipSchema(ApiSchema):
    """Who leads an application. A reader in conflict is not told of other conflicts."""

    is_shut_out = flag("Whether a conflict shuts the reader out.", dump_only=True)
    conflicts = fields.List(fields.Nested(LeadConflictSchema), dump_only=True)
    named = fields.Nested(SubstituteLeadSchema, dump_only=True, allow_none=True)
    free = fields.List(
        fields.Nested(JuryPersonSchema), dump_only=True, metadata={"description": "Leads without a conflict."}
    )


LeadInterestSchema = form_schema("LeadInterestSchema", LeadInterestForm)
ReturnRequestSchema = form_schema("ReturnRequestSchema", LeadReadmissionRequestForm)


class NameSubstituteLeadSchema(ApiSchema):
    """Who is to lead."""

    person = id_("The id of a lead without a conflict.", required=True)


class OpenedScoreSchema(JuryPersonSchema):
    """A score that is no longer sealed, with its juror."""

    criterion = fields.String(dump_only=True)
    value = integer(0, SCORE_MAX, dump_only=True, allow_none=True)
    abstains = flag(dump_only=True)
    justification = fields.String(dump_only=True)
