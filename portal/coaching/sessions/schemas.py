"""Schemas of what the API shows of this feature."""

from marshmallow import fields, validate

from portal.coaching.sessions import forms
from portal.coaching.sessions.commands import DECISIONS_MAX
from portal.coaching.sessions.models import LINE_MAX, CoachingSession, Decision, SessionFormat
from portal.platform.web.api_bodies import form_schema
from portal.platform.web.api_columns import row_schema
from portal.platform.web.api_fields import choice, id_, line

CoachingSessionSchema = row_schema(
    "CoachingSessionSchema",
    CoachingSession,
    "track_id",
    "author_id",
    "held_on",
    "format",
    "minutes",
    "next_on",
)

CoachingDecisionSchema = row_schema(
    "CoachingDecisionSchema", Decision, "session_id", "what", "recommendation_id", "item_id"
)
DecisionTextSchema = form_schema("DecisionTextSchema", forms.RewordDecisionForm)
_FACTS = {
    "format": choice(SessionFormat, required=True),
    "track_id": id_("None: all tracks together.", load_default=None, allow_none=True),
}
SessionFactsSchema = form_schema("SessionFactsSchema", forms.EditSessionForm, "track", **_FACTS)
NewSessionSchema = form_schema(
    "NewSessionSchema",
    forms.NewSessionForm,
    "track",
    **_FACTS,
    decisions=fields.List(
        line(LINE_MAX, required=True), load_default=list, validate=validate.Length(max=DECISIONS_MAX)
    ),
)
