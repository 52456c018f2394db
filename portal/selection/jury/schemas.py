"""Schemas of juries: a juror's own sheet, never another's."""

from marshmallow import fields, validate

from portal.platform.web.api_fields import ApiSchema, flag, id_, integer, line, moment
from portal.selection.applications.models import REASON_MAX
from portal.selection.calls.models import KEY_MAX
from portal.selection.jury.models import JUSTIFICATION_MAX

SCORE_MAX = 5
CRITERIA_MAX = 20


class ScoreEntrySchema(ApiSchema):
    """What a juror says on a criterion; a null value without `abstains`: not yet."""

    criterion = line(KEY_MAX, "Its key.", required=True)
    value = integer(0, SCORE_MAX, load_default=None, allow_none=True)
    abstains = flag(load_default=False)
    justification = line(JUSTIFICATION_MAX)


class SheetSchema(ApiSchema):
    """One's own score sheet."""

    version = integer(0, 2**31 - 1, dump_only=True)
    sent_at = moment("When it was sent and locked.", allow_none=True)
    scores = fields.List(
        fields.Nested(ScoreEntrySchema), required=True, validate=validate.Length(max=CRITERIA_MAX)
    )


class ScoreRevisionSchema(ApiSchema):
    """A score changed after opening; both values are kept."""

    value = integer(0, SCORE_MAX, required=True)
    justification = line(JUSTIFICATION_MAX, required=True)
    reason = line(REASON_MAX, required=True)


class InterestSchema(ApiSchema):
    """Whether one has an interest in an application."""

    has_conflict = flag(required=True)
    reason = line(REASON_MAX, "Which one, in a few words.")


class JurorSchema(ApiSchema):
    """Who is to judge."""

    person = id_("The id of a juror of the call.", required=True)


class ReplacementSchema(ApiSchema):
    """Who takes over."""

    replacement = id_("The id of a juror of the call.", load_default=None, allow_none=True)


class OpeningSchema(ApiSchema):
    """Why scores are opened before all are in."""

    reason = line(REASON_MAX, required=True)
