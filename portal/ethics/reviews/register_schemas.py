"""Schemas of a programme's register of reviews."""

from marshmallow import fields

from portal.ethics.reviews.models import ReviewState
from portal.people.programmes.models import SLUG_MAX
from portal.platform.web.api_fields import ApiSchema, choice, count, flag, id_, line, moment, query_flag


class RegisterQuerySchema(ApiSchema):
    """Which reviews of the register, by the filters of its page."""

    state = choice(ReviewState, load_default=None)
    kind = line(SLUG_MAX, "The key of a questionnaire.", example="framing")
    flagged = query_flag("Only those whose reviewer is not independent any more, or lost the role.")
    nobody = query_flag("Only those that were submitted and have no reviewer.")
    discarded = query_flag("The drafts that were discarded, instead of the others.")


class RegisterEntrySchema(ApiSchema):
    """A review of the register; null: nobody, or the reader may not know."""

    id = id_(dump_only=True, attribute="review.id")
    project = fields.String(dump_only=True, attribute="project.slug")
    number = count(attribute="review.number")
    kind = fields.String(dump_only=True, attribute="review.kind")
    state = choice(ReviewState, dump_only=True, attribute="review.state")
    submitted_at = moment(allow_none=True, attribute="review.submitted_at")
    reviewer = fields.String(dump_only=True, allow_none=True)
    open_conditions = count("Signed, and not confirmed.", allow_none=True)
    late_conditions = count("Of these, past their date and without a proof.", allow_none=True)
    is_flagged = flag("Whether somebody should look at who reviews.", dump_only=True, allow_none=True)
